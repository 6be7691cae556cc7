import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficRoute, TrafficSettings } from '../../parse/traffic-settings.js';
import { milliseconds } from '../../util/duration.js';
import type { ResolveContext } from '../context.js';

/** Reports times that contradict each other: of the settings, and of each route with what it takes from them. */
export function checkTimes(context: ResolveContext, settings: TrafficSettings): void {
  const { timeout, retries } = settings;
  checkSwitchedOff(context, settings);
  checkTries(context, settings);
  for (const route of settings.routes) {
    checkSwitchedOff(context, route);
    if (route.timeout || route.retries)
      checkTries(context, { timeout: route.timeout ?? timeout, retries: route.retries ?? retries });
  }
}

type Times = Pick<TrafficRoute, 'timeout' | 'retries'>;

function checkSwitchedOff(context: ResolveContext, { retries }: Times): void {
  if (retries?.attempts === 0 && (retries.perTryTimeout !== undefined || retries.retryOn.length > 0))
    context.report(diagnostic('retries-switched-off', {}, retries.span));
}

function checkTries(context: ResolveContext, { timeout, retries }: Times): void {
  const perTry = retries?.perTryTimeout;
  if (timeout === undefined || perTry === undefined) return;
  const whole = milliseconds(timeout.value);
  if (whole === 0 || milliseconds(perTry.value) <= whole) return;
  context.report(diagnostic('try-outlasts-timeout', { perTry: perTry.value, timeout: timeout.value }, perTry.span));
}
