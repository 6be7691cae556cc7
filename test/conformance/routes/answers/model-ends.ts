import type { Decision } from '../../../../src/mesh/decide/decision.js';
import { decideOnWay } from '../../../../src/mesh/decide/on-way.js';
import { decide } from '../../../../src/mesh/decide.js';
import type { Mesh } from '../../../../src/mesh/mesh.js';
import { callerOf } from '../../../../src/mesh/paths/caller.js';
import { onwardFrom } from '../../../../src/mesh/paths/onward.js';
import { stepsOf, type ToPod, type Way, waysFor, waysToPod } from '../../../../src/mesh/paths/ways.js';
import { type ToHost, waysOutFor } from '../../../../src/mesh/paths/ways-out.js';
import type { Request } from '../../../../src/mesh/request.js';
import { pathOf, type RoutedRequest } from '../../../../src/mesh/routes/follow/matching.js';
import type { HopSettings } from '../../../../src/mesh/routes/settings/effective.js';
import { settingsOnWay } from '../../../../src/mesh/routes/settings/on-way.js';
import { keyOf } from '../../../../src/topology/model.js';

/** Where the model says that a request may end, in the judge's words. */
export interface ModelEnd {
  /** What the last proxy that routes sends it to; absent where one answers, or where it is not known. */
  readonly to: ModelPlace | undefined;
  /** As the upstream sees it; absent for bytes, and where a proxy answers. */
  readonly sent: SentRequest | undefined;
  /** Whether more than one proxy drew by weight, which the judge does not try in all ways. */
  readonly isDrawnTwice: boolean;
  /** Whose rules were tried, and what was decided. */
  readonly because: string;
  /** What the last proxy that routes keeps to; absent where none does. */
  readonly settings: HopSettings | undefined;
  /** The verdict at one of the pods; at any where a proxy answers. */
  at(pod: string): ModelVerdict;
}

export interface ModelPlace {
  /** `namespace/name` of a Service, the host of another destination, or `passthrough`. */
  readonly service: string;
  readonly port: number | undefined;
  /** The workloads behind it; absent where they are nobody's of the mesh. */
  readonly workloads: readonly string[] | undefined;
}

export interface SentRequest {
  readonly method: string;
  /** With its query; absent where it is not known. */
  readonly path: string | undefined;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The names of headers of which the value is not known. */
  readonly open: readonly string[];
}

export interface ModelVerdict {
  readonly answer: string;
  readonly because: string;
}

export function modelEnds(mesh: Mesh, request: Request): readonly ModelEnd[] {
  const first = decide(mesh, request);
  const whole = [wholeOf(first)];
  if (request.destination.kind === 'external') return outOfMesh(mesh, request, request.destination) ?? whole;
  if (request.destination.kind === 'service') {
    const caller = callerOf(mesh, request.source);
    const ways = caller.kind === 'caller' ? waysFor(mesh, caller, request.destination, request.payload) : [];
    return ways.length === 0 ? whole : ways.filter(isNoCopy).map((way) => endOf(mesh, request, way));
  }
  if (request.destination.kind === 'pod') return ofPod(mesh, request, request.destination) ?? whole;
  return first.verdict.kind === 'allowed' ? (behindListener(mesh, request) ?? whole) : whole;
}

function outOfMesh(mesh: Mesh, request: Request, destination: ToHost): readonly ModelEnd[] | undefined {
  const caller = callerOf(mesh, request.source);
  const ways = caller.kind === 'caller' ? waysOutFor(mesh, caller, destination, request.payload) : [];
  if ('because' in ways || ways.length === 0) return undefined;
  return ways.filter(isNoCopy).map((way) => endOf(mesh, request, way));
}

/** Where the sidecar of the client leads what is addressed to a pod. */
function ofPod(mesh: Mesh, request: Request, destination: ToPod): readonly ModelEnd[] | undefined {
  const { source, payload } = request;
  const caller = callerOf(mesh, source);
  if (payload.kind === 'tcp' || caller.kind !== 'caller') return undefined;
  const ways = waysToPod(mesh, caller, destination, payload);
  return ways.length === 0 ? undefined : ways.filter(isNoCopy).map((way) => endOf(mesh, request, way));
}

function wholeOf(decision: Decision): ModelEnd {
  const verdict = verdictOf(decision);
  return { ...nowhere, because: decision.because, at: () => verdict };
}

/** What a gateway sends on; a listener for requests to which no route is bound answers 404 (T-93). */
function behindListener(mesh: Mesh, { destination, payload }: Request): readonly ModelEnd[] | undefined {
  if (destination.kind !== 'gateway') return undefined;
  const onward = onwardFrom(mesh, destination, payload);
  if (onward === undefined) return payload.kind === 'tcp' ? undefined : [unbound];
  return onward.ways.filter(isNoCopy).map((way) => {
    const to = way.addressed === undefined ? destination : serviceOf(way.addressed, destination.cluster);
    return endOf(mesh, { source: onward.source, destination: to, payload }, way);
  });
}

/** Nobody waits for the answer to a copy, and the judge does not follow it. */
function isNoCopy({ copy }: Way): boolean {
  return copy === undefined;
}

const nowhere = { to: undefined, sent: undefined, settings: undefined, isDrawnTwice: false, because: '' };

const unbound: ModelEnd = {
  ...nowhere,
  because: 'no route is bound to the listener',
  at: () => ({ answer: 'status-404', because: 'no route is bound to the listener' }),
};

function serviceOf({ service, port }: NonNullable<Way['addressed']>, cluster: string): Request['destination'] {
  return { kind: 'service', cluster, service: keyOf(service), port: port.number, workload: '' };
}

function endOf(mesh: Mesh, request: Request, way: Way): ModelEnd {
  const leg = way.behind?.leg ?? way.client;
  const to = placeOf(way);
  return {
    to,
    sent: to === undefined || leg.sent === undefined ? undefined : sentAs(leg.sent),
    isDrawnTwice: way.client.share < 1 && (way.behind?.leg.share ?? 1) < 1,
    because: stepsOf(way)
      .map(({ at, tried, rule, because }) => `${at}: ${tried}: ${rule?.place.join('.') ?? ''}: ${because}`)
      .join('; '),
    settings: settingsOnWay(mesh, way, request.source).at(-1),
    at: (pod) => verdictAt(mesh, atPod(request, pod), way, pod),
  };
}

/** What is sent to a host outside has arrived, if nothing before it refuses it. */
function verdictAt(mesh: Mesh, request: Request, way: Way, pod: string): ModelVerdict {
  const decided = decideOnWay(mesh, request, way, request.destination.kind === 'external' ? pod : undefined);
  return verdictOf(way.end.kind === 'external' ? leavingMesh(decided) : decided);
}

/** Whoever asks about pods gets no there; the judge asks whether it goes out. */
function leavingMesh(decision: Decision): Decision {
  const { verdict, trace } = decision;
  const isRefused = trace.some(({ outcome }) => outcome.kind === 'denied');
  if (isRefused || verdict.kind !== 'denied') return decision;
  return { ...decision, verdict: { kind: 'allowed', asks: [] } };
}

function atPod({ source, destination, payload }: Request, workload: string): Request {
  if (destination.kind !== 'service' && destination.kind !== 'pod') return { source, destination, payload };
  return { source, destination: { ...destination, workload }, payload };
}

function placeOf({ end, addressed }: Way): ModelPlace | undefined {
  switch (end.kind) {
    case 'pods':
      return { service: keyOf(end.service), port: end.port.number, workloads: end.workloads };
    case 'external':
      return { service: end.named.host, port: end.named.port.number, workloads: undefined };
    case 'passed on':
      return { service: 'passthrough', port: undefined, workloads: addressed?.service.workloads };
    default:
      return undefined;
  }
}

function sentAs(sent: RoutedRequest): SentRequest {
  const { request, pathDoubt, headerDoubts } = sent;
  const query = /\?.*$/s.exec(request.path)?.[0] ?? '';
  return {
    method: request.method,
    path: pathDoubt === undefined ? pathOf(sent) + query : undefined,
    host: request.host,
    headers: request.headers,
    open: [...headerDoubts.keys()],
  };
}

function verdictOf({ request, verdict, because }: Decision): ModelVerdict {
  if (verdict.kind !== 'denied') return { answer: verdict.kind, because };
  if (verdict.response !== 'answered') return { answer: verdict.response, because };
  if (request.payload.kind === 'tcp') return { answer: 'closed', because };
  return { answer: verdict.status === undefined ? 'not-modelled' : wordOf(verdict.status), because };
}

/** The judge has words of its own for some statuses. */
function wordOf(status: number): string {
  const words: Readonly<Record<number, string>> = {
    400: 'bad-request',
    401: 'unauthenticated',
    403: 'forbidden',
    503: 'unavailable',
  };
  return words[status] ?? `status-${status}`;
}
