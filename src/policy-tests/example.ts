import type { Decision } from '../mesh/decide.js';
import type { Point } from '../mesh/policies/attach.js';
import type { HopTrace } from '../mesh/policies/decide-hop.js';
import { describeRequest, type Request } from '../mesh/request.js';
import { keyOf } from '../topology/model.js';
import { responsibleAt } from '../trace/responsible.js';
import type { Example, ExampleHop } from './outcome.js';

/** A decided request in words. */
export function exampleOf(
  { request, verdict, because, trace }: Decision,
  unexpected: Example['unexpected'] = [],
): Example {
  const kind = verdict.kind === 'not-modelled' ? 'undecided' : verdict.kind;
  const details = detailsOf(request);
  const suffix = details.length === 0 ? '' : ` (${details.join(', ')})`;
  return {
    request: `${describeRequest(request)}${suffix}`,
    verdict: kind,
    because,
    hops: trace.map(hopOf),
    unexpected,
  };
}

/** What the short name of a request leaves out. */
function detailsOf({ source, payload }: Request): readonly string[] {
  const address = source.ip === undefined ? [] : [`address ${source.ip}`];
  if (payload.kind === 'tcp') return address;
  const headers = Object.entries(payload.headers).map(([name, value]) => `header ${name}: ${value}`);
  return [...address, ...headers, ...(payload.token === undefined ? [] : ['with a token'])];
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
