import type { Outliers } from '../../mesh/routes/settings/effective.js';
import type { ResolvedEndpoints } from '../../resolve/resolved-traffic.js';
import { milliseconds } from '../../util/duration.js';

type Written = NonNullable<ResolvedEndpoints['whole']['outliers']>;

/** What the words for a sensitivity mean (docs/language.md). */
const sensitivities = {
  Low: { errors: 10, interval: 30_000, ejection: 30_000, percent: 10 },
  Medium: { errors: 5, interval: 10_000, ejection: 30_000, percent: 30 },
  High: { errors: 3, interval: 5_000, ejection: 60_000, percent: 50 },
} as const;

/** What nobody says is as Istio has it. */
const otherwise = { errors: 5, interval: 10_000, ejection: 30_000, percent: 10 };

export function meantOutliers(written: Written): Outliers {
  const word = written.sensitivity?.value;
  const { errors, interval, ejection, percent } = word === undefined ? otherwise : sensitivities[word];
  return {
    consecutive5xx: counted(written.consecutive5xx?.value ?? errors),
    consecutiveGatewayErrors: counted(written.consecutiveGatewayErrors?.value ?? 0),
    consecutiveLocalFailures: written.consecutiveLocalFailures?.value,
    interval: written.interval ? milliseconds(written.interval.value) : interval,
    baseEjectionTime: written.ejectFor ? milliseconds(written.ejectFor.value) : ejection,
    maxEjectionPercent: written.maxEjectedPercent?.value ?? percent,
    minHealthPercent: written.minHealthPercent?.value ?? 0,
  };
}

/** None are counted where the number is 0. */
function counted(errors: number): number | undefined {
  return errors === 0 ? undefined : errors;
}
