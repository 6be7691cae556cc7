import type { MeshCluster } from '../../mesh.js';
import type { Leg } from '../../paths/legs.js';
import type { Obeying } from '../obeyed-rules.js';
import { noChanges, type RouteRule } from '../route.js';
import { keysOfRule } from './affinity.js';
import type { HashKey, RequestSettings, Retries } from './effective.js';
import { completed, defaultRetries } from './retries.js';
import { byDefault, type Place, type Setting, saidBy } from './setting.js';

/** What holds for requests without a route: nothing but what is given. */
export function withoutRoute(
  retries: Setting<Retries | undefined>,
  affinity: Setting<readonly HashKey[]>,
): RequestSettings {
  return {
    timeout: byDefault(undefined),
    retries,
    delay: byDefault(undefined),
    abort: byDefault(undefined),
    mirrors: byDefault([]),
    changes: byDefault(noChanges),
    status: byDefault(undefined),
    affinity,
  };
}

/** What the rule of a route does with the requests of one of its legs. */
export function byRule(mesh: MeshCluster, proxy: Obeying, rule: RouteRule, leg: Leg): RequestSettings {
  const { settings, origin, abort, mirrors, result } = rule;
  const { object } = origin;
  const at = (place: Place['place']): Place => ({ object, place });
  const { timeout, delay } = settings;
  const affinity = keysOfRule(mesh, proxy, rule);
  const [change] = leg.applied;
  const [mirror] = mirrors;
  return {
    timeout: timeout === undefined ? byDefault(undefined) : saidBy(timeout.value, at(timeout.place)),
    retries: result.kind === 'forward' ? retriesOf(mesh, rule, affinity) : byDefault(undefined),
    delay: delay === undefined ? byDefault(undefined) : saidBy(delay.value, at(delay.place)),
    abort:
      abort === undefined
        ? byDefault(undefined)
        : saidBy({ percent: abort.percent, status: abort.status }, at(abort.place)),
    mirrors:
      mirror === undefined
        ? byDefault([])
        : saidBy(
            mirrors.map(({ host, subset, port, percent }) => ({ host, subset, port, percent })),
            at(mirror.place),
          ),
    changes: change === undefined ? byDefault(noChanges) : saidBy(change.changes, at(origin.place)),
    status: leg.to.kind === 'answer' ? saidBy(leg.to.status, at(origin.place)) : byDefault(undefined),
    affinity,
  };
}

/** Requests are bound to pods where the only destination of a rule has a key for it. */
function retriesOf(
  mesh: MeshCluster,
  { settings: { retries }, origin, result }: RouteRule,
  affinity: RequestSettings['affinity'],
) {
  const isOnly = result.kind === 'forward' && result.destinations.length === 1 && result.isDrawn !== true;
  const bindsToPods = isOnly && affinity.known && affinity.value.length > 0;
  if (retries === undefined) return defaultRetries(mesh, bindsToPods);
  const { value, place } = retries;
  return saidBy(value && completed(value, bindsToPods), { object: origin.object, place });
}
