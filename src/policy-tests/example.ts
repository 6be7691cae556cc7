import type { Decision } from '../mesh/decide/decision.js';
import { stepsOf } from '../mesh/paths/ways.js';
import type { Point } from '../mesh/policies/attach.js';
import type { HopTrace } from '../mesh/policies/decide-hop.js';
import { describeRequest, describeToken, type Request } from '../mesh/request.js';
import { spanIn } from '../parse/document.js';
import { describe } from '../topology/fields.js';
import { keyOf } from '../topology/model.js';
import { responsibleAt } from '../trace/responsible.js';
import type { Example, ExampleHop } from './outcome.js';
import type { Situation } from './situation.js';

/** A decided request in words. */
export function exampleOf(
  situation: Pick<Situation, 'mesh' | 'fault'>,
  decision: Decision,
  unexpected: Example['unexpected'] = [],
): Example {
  const { request, verdict, because, trace } = decision;
  const kind = verdict.kind === 'not-modelled' ? 'undecided' : verdict.kind;
  const details = detailsOf(request);
  const suffix = details.length === 0 ? '' : ` (${details.join(', ')})`;
  return {
    request: `${describeRequest(request)}${suffix}`,
    verdict: kind,
    because,
    hops: trace.map(hopOf),
    ...throughGateway(situation, decision),
    unexpected,
  };
}

/** What is worth to know of a request that a gateway leads on. */
function throughGateway(
  { mesh: { clusters }, fault }: Pick<Situation, 'mesh' | 'fault'>,
  { request, way }: Decision,
): Pick<Example, 'routedBy' | 'traced'> {
  if (request.destination.kind !== 'gateway' || request.destination.onward === undefined) return { routedBy: [] };
  const rules = (way === undefined ? [] : stepsOf(way)).flatMap(({ rule }) => rule ?? []);
  const routedBy = rules.map(({ object, place }) => {
    return { what: `${describe(object)} leads it on`, span: spanIn(object, place) };
  });
  const cluster = clusters.size > 1 ? request.destination.cluster : undefined;
  return { routedBy, traced: { request, cluster, fault } };
}

/** What the short name of a request leaves out. */
function detailsOf({ source, payload }: Request): readonly string[] {
  const address = source.ip === undefined ? [] : [`address ${source.ip}`];
  if (payload.kind === 'tcp') return address;
  const headers = Object.entries(payload.headers).map(([name, value]) => `header ${name}: ${value}`);
  return [...address, ...headers, ...(payload.token === undefined ? [] : [describeToken(payload.token)])];
}

function hopOf(trace: HopTrace): ExampleHop {
  const { hop, outcome } = trace;
  const kind = outcome.kind === 'unknown' ? 'undecided' : outcome.kind;
  const decidedBy = responsibleAt(trace);
  return { point: describePoint(hop.point), outcome: kind, because: outcome.because, decidedBy };
}

function describePoint(point: Point): string {
  if (point.kind === 'waypoint') return `waypoint ${keyOf(point.waypoint)}`;
  return point.kind === 'gateway' ? `gateway ${keyOf(point.gateway)}` : `${point.kind} of ${keyOf(point.workload)}`;
}
