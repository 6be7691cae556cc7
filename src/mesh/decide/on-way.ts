import { keyOf } from '../../topology/model.js';
import type { Mesh } from '../mesh.js';
import { type Caller, callerOf } from '../paths/caller.js';
import type { Path, Stop } from '../paths/hops.js';
import { joinedPath, leadsToPort, type Onward } from '../paths/onward.js';
import { pathThrough } from '../paths/through-gateways.js';
import { endsAt, type Way } from '../paths/ways.js';
import type { Request } from '../request.js';
import { decidePath } from './decide-path.js';
import type { Decision } from './decision.js';

/** Whether a way leads to the pods that are asked about, and what becomes of a request on it. */
export interface OnWay {
  leads(way: Way): boolean;
  decide(way: Way): Decision;
}

/** On the ways from its caller. */
export function onItsWay(mesh: Mesh, request: Request, workload: string): OnWay {
  const isOutside = request.destination.kind === 'external';
  const leads = (way: Way) => endsAt(way, workload) || (isOutside && leavesMesh(way));
  return {
    leads,
    decide: (way) => decideWay(request, way, way.caller, pathThrough(mesh, way, workload, request.payload), leads(way)),
  };
}

function leavesMesh({ end }: Way): boolean {
  return end.kind === 'external' || end.kind === 'passed on';
}

/** What becomes of a request on one of its ways, at the pods of a workload: those that it names, where none is said. */
export function decideOnWay(mesh: Mesh, request: Request, way: Way, workload?: string): Decision {
  const { destination } = request;
  const named = 'workload' in destination ? destination.workload : '';
  return onItsWay(mesh, request, workload ?? named).decide(way);
}

interface BehindGateway extends Onward {
  /** To the gateway. */
  readonly arrived: Path;
  readonly workload: string;
  /** Where one port of the pods is asked about. */
  readonly port?: number;
}

/** On the ways from a gateway. */
export function behindGateway(mesh: Mesh, request: Request, asked: BehindGateway): OnWay {
  const { arrived, sender, source, workload, port } = asked;
  const { destination, payload } = request;
  const caller = callerOf(mesh, request.source);
  const leadsOut = ({ end }: Way) => workload === '' && end.kind === 'external';
  const leads = (way: Way) =>
    port === undefined ? endsAt(way, workload) || leadsOut(way) : leadsToPort(mesh, way, { workload, port });
  return {
    leads,
    decide: (way) => {
      const next = pathThrough(mesh, way, workload, payload);
      const path = joinedPath(arrived, next, sender);
      const decided = decideWay(request, way, caller, path, leads(way));
      const onward = { source, destination: serviceAddressed(way, workload) ?? destination, payload };
      if (arrived.kind !== 'path' || next.kind === 'path') return { ...decided, onward };
      const atGateway = decidePath(request, caller, arrived);
      const { trace } = atGateway;
      return atGateway.verdict.kind === 'denied' ? atGateway : { ...decided, path: arrived, trace, onward };
    },
  };
}

function serviceAddressed({ addressed }: Way, workload: string): Request['destination'] | undefined {
  if (addressed === undefined) return undefined;
  const { service, port } = addressed;
  return { kind: 'service', cluster: service.cluster, service: keyOf(service), port: port.number, workload };
}

/** Of several ways those that lead to the pods count, and must agree; of none, what becomes of the request instead. */
export function drawn(ways: readonly Way[], { leads, decide: decideOn }: OnWay): Decision | undefined {
  const leading = ways.filter(leads);
  return agreed((leading.length > 0 ? leading : ways.filter(isNoCopy)).map((way) => ({ ...decideOn(way), way, ways })));
}

export function agreed([first, ...others]: readonly Decision[]): Decision | undefined {
  if (first === undefined || others.every(({ verdict }) => verdict.kind === first.verdict.kind)) return first;
  const because = 'the ways that a route draws by weight are treated differently';
  return { ...first, verdict: { kind: 'not-modelled' }, because };
}

function decideWay(request: Request, { end }: Way, caller: Caller | Stop, path: Path, leads: boolean): Decision {
  const decided = decidePath(request, caller, path);
  // Whatever is not known of what stands at other pods, it does not come to these.
  const isElsewhere = (end.kind === 'pods' || end.kind === 'external') && !leads;
  if (decided.verdict.kind === 'denied') return decided;
  if (end.kind === 'answer') return answered(decided, end);
  if (decided.verdict.kind === 'not-modelled' && !isElsewhere) return decided;
  if (leads) return decided;
  return { ...decided, verdict: { kind: 'denied', response: 'no-path' }, because: describeElsewhere(end) };
}

/** Why a request does not come to the pods that are asked about. */
export function describeElsewhere(end: Way['end']): string {
  if (end.kind === 'pods') return `its way leads to \`${keyOf(end.service)}\``;
  return end.kind === 'external' ? `its way leads to \`${end.named.host}\`` : 'its way leads to another place';
}

/** Nobody answers bytes. Where it is not known what a policy says before, only the status is not known. */
function answered(decided: Decision, { status, because }: Extract<Way['end'], { kind: 'answer' }>): Decision {
  if (decided.request.payload.kind === 'tcp') {
    return { ...decided, verdict: { kind: 'denied', response: 'closed' }, because };
  }
  const isKnown = decided.verdict.kind === 'allowed';
  return { ...decided, verdict: { kind: 'denied', response: 'answered', ...(isKnown && { status }) }, because };
}

/** Whether a way is the request's own, and not that of a copy that a proxy makes. */
export function isNoCopy({ copy }: Way): boolean {
  return copy === undefined;
}
