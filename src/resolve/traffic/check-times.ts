import { diagnostic } from '../../diagnostics/create.js';
import type { Fault, TrafficRoute, TrafficSettings } from '../../parse/traffic/settings.js';
import { isDay } from '../../util/day.js';
import { milliseconds } from '../../util/duration.js';
import type { ResolveContext } from '../context.js';
import { checkOrigins } from './check-origins.js';

/** Reports times and failures that contradict each other: of the settings, and of each route with what it takes from them. */
export function checkTimes(context: ResolveContext, settings: TrafficSettings): void {
  const { timeout, retries } = settings;
  checkSwitchedOff(context, settings);
  checkTries(context, settings);
  checkFaults(context, settings.faults ?? []);
  checkOrigins(context, settings.cors);
  for (const route of settings.routes) {
    checkSwitchedOff(context, route);
    checkFaults(context, route.faults ?? []);
    checkOrigins(context, route.cors);
    if (route.timeout || route.retries)
      checkTries(context, { timeout: route.timeout ?? timeout, retries: route.retries ?? retries });
  }
}

type Times = Pick<TrafficRoute, 'timeout' | 'retries'>;

function checkSwitchedOff(context: ResolveContext, { retries }: Times): void {
  if (retries?.attempts === 0 && (retries.perTryTimeout ?? retries.backoff ?? retries.retryOn[0]) !== undefined)
    context.report(diagnostic('retries-switched-off', {}, retries.span));
}

function checkTries(context: ResolveContext, { timeout, retries }: Times): void {
  const perTry = retries?.perTryTimeout;
  if (timeout === undefined || perTry === undefined) return;
  const whole = milliseconds(timeout.value);
  if (whole === 0 || milliseconds(perTry.value) <= whole) return;
  context.report(diagnostic('try-outlasts-timeout', { perTry: perTry.value, timeout: timeout.value }, perTry.span));
}

const lastDay = { help: 'write the last day on which it is made, as YYYY-MM-DD' };

/** Of each kind one: a route delays by one time, and answers with one status. */
function checkFaults(context: ResolveContext, faults: readonly Fault[]): void {
  for (const kind of ['delay', 'abort'] as const) {
    const [first, ...others] = faults.filter((fault) => fault[kind] !== undefined);
    for (const { name } of others) {
      const notes = first ? [{ message: 'the first is here', span: first.name.span }] : [];
      context.report(diagnostic('second-fault', { fault: name.value, kind }, name.span, { notes }));
    }
  }
  for (const { name, until } of faults) {
    if (until === undefined) continue;
    if (!isDay(until.value)) context.report(diagnostic('malformed-date', { until: until.value }, until.span, lastDay));
    else if (!context.isBeforeEnd(until.value))
      context.report(diagnostic('fault-ended', { fault: name.value, until: until.value }, until.span));
  }
}
