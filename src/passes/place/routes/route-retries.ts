import type { PlacedRetries } from '../../../ir/placed-traffic.js';
import type { ResolvedRoute } from '../../../resolve/resolved-traffic.js';
import type { Cluster } from '../../../topology/model.js';
import { compareText } from '../../../util/order.js';

/** What Istio tries again where nobody says (istio-traffic-topology T-35). */
const usualFailures = ['cancelled', 'connect-failure', 'refused-stream', 'unavailable'];

/** What a route says of retries. */
export function statedRetries({ retries }: ResolvedRoute): PlacedRetries | undefined {
  if (retries === undefined) return undefined;
  const { attempts, perTryTimeout, backoff, retryOn } = retries;
  return {
    attempts,
    perTryTimeout: perTryTimeout?.value,
    backoff: backoff?.value,
    retryOn: attempts === 0 ? [] : retryOn.length > 0 ? [...retryOn].sort(compareText) : usualFailures,
  };
}

/**
 * What a route without a word about retries gets, written out: what a waypoint does by itself depends on its patch release, and
 * on whether there is a route (T-35). Where the mesh has a policy of its own, that one holds, and is not repeated.
 */
export function defaultRetries({ settings }: Cluster): (route: ResolvedRoute) => PlacedRetries | undefined {
  const isMeshs = (settings.istio.trafficDefaults ?? []).some(({ field }) => field === 'defaultHttpRetryPolicy');
  return ({ action }) =>
    isMeshs || action.kind !== 'forward'
      ? undefined
      : { attempts: 2, perTryTimeout: undefined, backoff: undefined, retryOn: usualFailures };
}

/** Whether an HTTPRoute tries again what is meant: always the usual failures, and status codes besides (T-34). */
export function isForUsualFailures(retryOn: readonly string[]): boolean {
  const named = retryOn.filter((each) => !isStatus(each));
  return (
    retryOn.length === 0 ||
    (named.length === usualFailures.length && usualFailures.every((each) => named.includes(each)))
  );
}

function isStatus(failure: string): boolean {
  return /^\d+$/.test(failure);
}
