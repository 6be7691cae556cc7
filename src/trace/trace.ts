import type { Decision, Verdict } from '../mesh/decide/decision.js';
import { copiesOf } from '../mesh/decide.js';
import { principalOf } from '../mesh/identity.js';
import type { Mesh } from '../mesh/mesh.js';
import { callerAddress, callerOf } from '../mesh/paths/caller.js';
import type { LegEnd } from '../mesh/paths/legs.js';
import type { Way } from '../mesh/paths/ways.js';
import { describeDestination, describePayload, describeSource, type Request, type Source } from '../mesh/request.js';
import { keyOf, type Plane } from '../topology/model.js';
import { assertNever } from '../util/assert.js';
import { sortBy } from '../util/order.js';
import { type BrokenBinding, brokenBindingOf } from './binding.js';
import { callerSees } from './caller-sees.js';
import { destinationHop, tracedHops } from './hops.js';
import { type Responsible, responsibleFor } from './responsible.js';
import { type TracedSetting, tracedSettings } from './settings.js';
import type { TracedHop } from './traced-hop.js';

/** One request's way through the mesh in words, with the place of everything that had a say. */
export interface Trace {
  readonly request: Request;
  readonly from: string;
  readonly to: string;
  /** `POST /charge`, or `a TCP connection`. */
  readonly what: string;
  readonly caller: TracedCaller;
  readonly verdict: Verdict;
  /** What the caller gets: `403 RBAC: access denied`, `connection reset`, … */
  readonly seen: string;
  readonly because: string;
  /** Whether only the caller's address is missing for an answer: whoever asks can give it. */
  readonly needsAddress: boolean;
  /** The waypoint that a label names and that serves nobody, and why; it is why a request goes straight to its pod. */
  readonly missingWaypoint: BrokenBinding | undefined;
  readonly hops: readonly TracedHop[];
  /** What routes draw by weight, the most likely first; none where they draw nothing. */
  readonly drawn: readonly Drawn[];
  /** What the last proxy that sends it on keeps to. */
  readonly settings: readonly TracedSetting[];
  /** The copies that routes make of it, whose answers nobody waits for. */
  readonly copies: readonly Copy[];
  /** The policies that decided, nearest to the decision first. */
  readonly responsible: readonly Responsible[];
}

/** One of the ends between which a route draws, and its part of the requests. */
export interface Drawn {
  readonly percent: number;
  readonly to: string;
  /** Whether a rollout controller may make it any other share. */
  readonly isExternal?: true;
}

export interface Copy extends Drawn {
  readonly verdict: Verdict['kind'];
  readonly because: string;
}

interface TracedCaller {
  /** How it takes part in the mesh, and the fact that decides it. */
  readonly plane: Plane | 'outside';
  readonly because: string | undefined;
  /** `undefined` where it shows no certificate. */
  readonly principal: string | undefined;
}

/** Puts a decision into words. */
export function traceOf(mesh: Mesh, decision: Decision): Trace {
  const { request, verdict, because } = decision;
  const { source, destination, payload } = request;
  const responsible = responsibleFor(decision);
  return {
    request,
    from: describeSource(source),
    to: describeDestination(destination),
    what: describePayload(payload),
    caller: tracedCaller(mesh, source),
    verdict,
    seen: callerSees(mesh, decision, responsible),
    because,
    needsAddress: verdict.kind === 'not-modelled' && because.includes(callerAddress),
    missingWaypoint: brokenBindingOf(mesh, destination),
    hops: [...tracedHops(decision), ...destinationHop(mesh, decision)],
    drawn: drawnIn(decision),
    settings: tracedSettings(mesh, decision),
    copies: copiesIn(mesh, decision),
    responsible,
  };
}

function copiesIn(mesh: Mesh, decision: Decision): readonly Copy[] {
  return copiesOf(mesh, decision).flatMap(({ way, verdict: { kind }, because }) =>
    way === undefined ? [] : [{ ...drawnOn(way), verdict: kind, because }],
  );
}

function drawnOn({ share, end, client, behind }: Way): Drawn {
  const { isExternal } = client.destination ?? behind?.leg.destination ?? {};
  return { percent: Math.round(share * 10_000) / 100, to: describeEnd(end), ...(isExternal && { isExternal }) };
}

function drawnIn({ ways = [] }: Decision): readonly Drawn[] {
  const all = ways.filter(({ copy }) => copy === undefined).map(drawnOn);
  if (all.length < 2) return [];
  return sortBy(
    all,
    ({ percent }) => -percent,
    ({ to }) => to,
  );
}

function describeEnd(end: LegEnd): string {
  if (end.kind === 'pods') return `${end.workloads.join(', ')} by \`${keyOf(end.service)}\``;
  return end.kind === 'answer'
    ? `status ${end.status}: ${end.because}`
    : end.kind === 'external'
      ? end.named.host
      : end.because;
}

function tracedCaller(mesh: Mesh, source: Source): TracedCaller {
  const caller = callerOf(mesh, source);
  const identity = caller.kind === 'caller' ? caller.identity : null;
  const principal = identity === null ? undefined : principalOf(identity);
  switch (source.kind) {
    case 'outside':
      return { plane: 'outside', because: undefined, principal };
    case 'gateway':
      return { plane: 'gateway', because: undefined, principal };
    case 'future':
      return { plane: source.speaks, because: undefined, principal };
    case 'workload': {
      const mode = mesh.clusters.get(source.cluster)?.cluster.workloads.get(source.workload)?.mode;
      const because = mode === undefined ? undefined : `${mode.because} (${mode.fact})`;
      return { plane: mode?.plane ?? 'none', because, principal };
    }
    default:
      return assertNever(source);
  }
}
