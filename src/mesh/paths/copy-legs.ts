import { flag } from '../mesh.js';
import { changed } from '../routes/follow/changes.js';
import { copyChanges } from '../routes/follow/copy-changes.js';
import type { RouteOutcome } from '../routes/follow/follow.js';
import type { Leg, LegEnd } from './legs.js';
import { describeTarget, type Router, requestEnd } from './router.js';

type Forwarded = Extract<RouteOutcome, { kind: 'forward' }>;

/**
 * The copies of what a proxy forwards. It makes them of requests as they leave it, once it has found pods for the request
 * itself; a copy that leads nowhere is dropped (T-94).
 */
export function copyLegs(
  router: Router,
  { to, step, sent, applied }: Leg,
  { share, mirrors }: Forwarded,
): readonly Leg[] {
  if (mirrors.length === 0 || !isSent(to)) return [];
  const changes = copyChanges(flag(router.mesh, 'DISABLE_SHADOW_HOST_SUFFIX'));
  const made = { changes, match: undefined };
  const after = sent && changed(sent, made);
  return mirrors.flatMap((mirror) => {
    const end = requestEnd(router, { ...mirror, statusIfMissing: 503, fault: undefined });
    if (end.kind === 'answer' || end.kind === 'no-path') return [];
    const told = step && { ...step, because: `a copy ${describeTarget(mirror)}`, after };
    const part = share * (mirror.percent / 100);
    return [{ share: part, step: told, sent: after, applied: [...applied, made], to: end, copy: mirror }];
  });
}

function isSent({ kind }: LegEnd): boolean {
  return kind === 'pods' || kind === 'external';
}
