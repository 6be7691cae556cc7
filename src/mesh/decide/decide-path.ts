import { sortedUnique } from '../../util/order.js';
import { normalizePath, rejectedPath } from '../normalize-path.js';
import type { Caller } from '../paths/caller.js';
import type { Hop, NetworkStop, Path, Stop } from '../paths/hops.js';
import { decideHop, type HopTrace } from '../policies/decide-hop.js';
import type { Payload, Request } from '../request.js';
import { changedView } from '../routes/follow/changed-view.js';
import { replacesToken } from '../routes/follow/changes.js';
import type { HttpView } from '../view.js';
import type { Decision, Verdict } from './decision.js';
import { pathsAt, viewAt } from './view-at.js';

/** What becomes of a request on a path, hop by hop. */
export function decidePath(request: Request, caller: Caller | Stop, path: Path): Decision {
  if (caller.kind !== 'caller' || path.kind !== 'path') {
    const verdict: Verdict =
      path.kind === 'no-path' ? { kind: 'denied', response: 'no-path' } : { kind: 'not-modelled' };
    return { request, verdict, because: path.kind === 'path' ? '' : path.because, path, trace: [] };
  }
  if (path.hops.some((hop) => isRejected(hop, request.payload))) {
    const because = 'Envoy refuses the path, the method or the Host header itself (§8.1)';
    return { request, verdict: { kind: 'denied', response: 'bad-request' }, because, path, trace: [] };
  }
  const { network } = path;
  const followed = follow(path.hops, caller, request.payload, path.because);
  if (network === undefined || network.isOnlyTold) return { request, path, ...followed };
  return { request, path, ...stoppedInNetwork(followed, network) };
}

/** What NetworkPolicies stop has no way; where that is not known, what is refused on the way is refused nonetheless. */
function stoppedInNetwork(followed: Followed, { kind, because }: NetworkStop): Followed {
  if (kind === 'no-path') return { verdict: { kind: 'denied', response: 'no-path' }, because, trace: [] };
  return followed.verdict.kind === 'denied' ? followed : { ...followed, verdict: { kind: 'not-modelled' }, because };
}

type Followed = Pick<Decision, 'verdict' | 'because' | 'trace'>;

/** Hop after hop until one stops it. A doubt at one hop is no doubt when a later one denies for certain. */
function follow(hops: readonly Hop[], caller: Caller, payload: Payload, because: string): Followed {
  const trace: HopTrace[] = [];
  let token = payload.kind === 'http' ? payload.token : undefined;
  let sent: HttpView | undefined;
  for (const hop of hops) {
    const view = viewAt(hop, caller, payload);
    const http = view.http && changedOn(hop, sent ?? view.http);
    const arriving = token;
    const isReplaced = arriving && (hop.changes ?? []).some(({ changes }) => replacesToken(changes, arriving));
    token = isReplaced === true ? undefined : token;
    const step = decideHop(hop, http === undefined ? view : { ...view, http }, token);
    trace.push(step);
    if (step.outcome.kind === 'denied') return denial(trace, payload);
    token = step.outcome.kind === 'passes' ? step.outcome.token : token;
    sent = step.sees.http ?? sent;
  }
  const doubt = trace.find(({ outcome }) => outcome.kind === 'unknown');
  if (doubt !== undefined) return { verdict: { kind: 'not-modelled' }, because: doubt.outcome.because, trace };
  const asks = sortedUnique(trace.flatMap(({ outcome }) => (outcome.kind === 'passes' ? outcome.asks : [])));
  const last = trace[trace.length - 1];
  return { verdict: { kind: 'allowed', asks }, because: last?.outcome.because ?? because, trace };
}

function changedOn({ changes = [], mesh }: Hop, http: HttpView): HttpView {
  return changes.reduce((view, applied) => changedView(view, applied, pathsAt(mesh)), http);
}

function denial(trace: readonly HopTrace[], payload: Payload): Followed {
  const outcome = trace[trace.length - 1]?.outcome;
  const response = outcome?.kind === 'denied' ? outcome.response : 'closed';
  const hidden = response === 'closed' && trace.length > 1 && payload.kind === 'http';
  const verdict: Verdict = { kind: 'denied', response: hidden ? 'unavailable' : response };
  return { verdict, because: outcome?.because ?? '', trace };
}

function isRejected({ chain, mesh }: Hop, payload: Payload): boolean {
  if (payload.kind !== 'http' || chain !== 'http') return false;
  const { path, method, host } = payload;
  return normalizePath(path, pathsAt(mesh)) === rejectedPath || /[a-z]/.test(method) || host.includes('://');
}
