import type { JsonValue } from '../../../parse/document.js';
import { sortedNumbers } from '../../../util/order.js';
import { nanosecondsOf } from '../../go-duration.js';
import { asArray, asText } from '../../json.js';
import type { Delay, Milliseconds, RouteSettings, Stated, StatedRetries } from '../route.js';
import { asNumber, type Node, nodeOf } from './fields.js';

/** What an entry of `http` in a VirtualService says; a timeout of 0 switches it off. */
export function settingsOfVirtualService(rule: Node): RouteSettings {
  const retries = nodeOf(rule, 'retries');
  const timeout = durationIn(rule, 'timeout');
  return {
    timeout: timeout && { ...timeout, value: timeout.value || undefined },
    retries: retries && { value: retriesOf(retries), place: retries.place },
    delay: delayOf(rule),
  };
}

/** Without attempts nothing is sent again, whatever else is said (T-34). */
export function retriesOf(retries: Node): StatedRetries | undefined {
  const { attempts, retryOn, retryIgnorePreviousHosts, retryRemoteLocalities } = retries.value;
  const number = asNumber(attempts) ?? 0;
  if (number <= 0) return undefined;
  return {
    attempts: number,
    perTryTimeout: durationIn(retries, 'perTryTimeout')?.value || undefined,
    ...failuresIn(asText(retryOn) || defaultConditions.join(',')),
    backoff: durationIn(retries, 'backoff')?.value,
    avoidsTriedPods: typeof retryIgnorePreviousHosts === 'boolean' ? retryIgnorePreviousHosts : undefined,
    triesOtherLocalities: retryRemoteLocalities === true,
  };
}

/** What Istio sends again where nobody says (T-35). */
export const defaultConditions: readonly string[] = [
  'cancelled',
  'connect-failure',
  'refused-stream',
  'retriable-status-codes',
  'unavailable',
];

/** Numbers among the conditions are status codes, which need a condition of their own. */
function failuresIn(written: string): Pick<StatedRetries, 'conditions' | 'statusCodes'> {
  const words = written.split(',').map((word) => word.trim());
  const statusCodes = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const named = words.filter((word) => word !== '' && !/^\d+$/.test(word));
  const conditions = statusCodes.length === 0 ? named : [...named, 'retriable-status-codes'];
  return {
    conditions: [...new Set(conditions)].sort(),
    statusCodes: sortedNumbers(statusCodes),
  };
}

/** A delay without a share delays nothing. */
function delayOf(rule: Node): Stated<Delay> | undefined {
  const fault = nodeOf(rule, 'fault');
  const delay = fault && nodeOf(fault, 'delay');
  const duration = delay && durationIn(delay, 'fixedDelay')?.value;
  if (delay === undefined || duration === undefined) return undefined;
  const percentage = nodeOf(delay, 'percentage');
  const percent = asNumber(percentage === undefined ? delay.value.percent : percentage.value.value) ?? 0;
  return percent === 0 ? undefined : { value: { percent, duration }, place: delay.place };
}

/** A timeout of 0 says nothing. That of one try is that of the whole request where there are no retries (T-32). */
export function settingsOfHttpRoute(rule: Node): RouteSettings {
  const timeouts = nodeOf(rule, 'timeouts');
  const retry = nodeOf(rule, 'retry');
  const ofTry = timeouts && durationIn(timeouts, 'backendRequest');
  const whole = timeouts && durationIn(timeouts, 'request');
  const [timeout] = [retry === undefined ? ofTry : undefined, whole].filter((each) => (each?.value ?? 0) > 0);
  return {
    timeout,
    retries: retry && { value: retryOf(retry, ofTry?.value || undefined), place: retry.place },
    delay: undefined,
  };
}

function retryOf(retry: Node, perTryTimeout: Milliseconds | undefined): StatedRetries | undefined {
  const attempts = asNumber(retry.value.attempts) ?? 2;
  if (attempts === 0) return undefined;
  const codes = asArray(retry.value.codes).filter((code) => typeof code === 'number');
  return {
    attempts,
    perTryTimeout,
    ...failuresIn(['connect-failure', 'refused-stream', 'unavailable', 'cancelled', ...codes].join(',')),
    backoff: durationIn(retry, 'backoff')?.value,
    avoidsTriedPods: undefined,
    triesOtherLocalities: false,
  };
}

/** A duration that stands in a field; what is none says nothing. */
export function durationIn({ value, place }: Node, field: string): Stated<Milliseconds> | undefined {
  const milliseconds = millisecondsOf(value[field]);
  return milliseconds === undefined ? undefined : { value: milliseconds, place: [...place, field] };
}

/** The time that a text means, if it is a duration. */
export function millisecondsOf(written: JsonValue | undefined): Milliseconds | undefined {
  const nanoseconds = nanosecondsOf(asText(written) ?? '');
  return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
}
