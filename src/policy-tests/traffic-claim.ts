import type { HopSettings, RequestSettings } from '../mesh/routes/settings/effective.js';
import type { Setting } from '../mesh/routes/settings/setting.js';
import { shortestTimeout } from '../mesh/routes/settings/shortest-timeout.js';
import { spanIn } from '../parse/document.js';
import type { TrafficClaim } from '../resolve/resolved-guardrail.js';
import { durationText } from '../util/duration.js';
import type { Unexpected } from './outcome.js';

/** Whether what the proxies on a way do is as a guardrail claims. */
export type Kept =
  | { readonly kind: 'kept' }
  | { readonly kind: 'broken'; readonly unexpected: readonly Unexpected[] }
  | { readonly kind: 'unknown'; readonly why: string };

export function keptOn(hops: readonly HopSettings[], claim: TrafficClaim): Kept {
  const parts = [...timeoutKept(hops, claim), ...retriesKept(hops, claim), ...withoutActions(hops, claim)];
  const unexpected = parts.flatMap((part) => ('what' in part ? [part] : []));
  if (unexpected.length > 0) return { kind: 'broken', unexpected };
  const unknown = parts.find((part) => 'why' in part);
  return unknown === undefined ? { kind: 'kept' } : { kind: 'unknown', why: unknown.why };
}

type Part = Unexpected | { readonly why: string };

function timeoutKept(hops: readonly HopSettings[], { longest }: TrafficClaim): readonly Part[] {
  if (longest === undefined) return [];
  const timeout = shortestTimeout(hops);
  const most = `at most ${durationText(longest)} is allowed`;
  if (!timeout.known) return [{ why: timeout.why }];
  if (timeout.value === undefined) return [found(timeout, `it has no timeout, and ${most}`)];
  return timeout.value <= longest ? [] : [found(timeout, `its timeout is ${durationText(timeout.value)}, and ${most}`)];
}

function retriesKept(hops: readonly HopSettings[], { mostRetries }: TrafficClaim): readonly Part[] {
  if (mostRetries === undefined) return [];
  return hops.flatMap(({ settings: { request } }): readonly Part[] => {
    if (request === undefined) return [];
    const { retries } = request;
    if (!retries.known) return [{ why: retries.why }];
    const attempts = retries.value?.attempts ?? 0;
    if (attempts <= mostRetries) return [];
    return [
      found(
        retries,
        `it is sent again up to ${attempts} ${attempts === 1 ? 'time' : 'times'}, and at most ${mostRetries} is allowed`,
      ),
    ];
  });
}

function withoutActions(hops: readonly HopSettings[], { never }: TrafficClaim): readonly Part[] {
  const requests = hops.flatMap(({ settings: { request } }) => (request === undefined ? [] : [request]));
  return requests.flatMap((request) => never.flatMap((action) => checks[action](request)));
}

const checks: Readonly<Record<TrafficClaim['never'][number], (request: RequestSettings) => readonly Part[]>> = {
  FaultInjection: ({ delay, abort }) => [
    ...absent(
      delay,
      ({ percent, duration }) => `${percent}% of such requests are delayed by ${durationText(duration)}`,
    ),
    ...absent(abort, ({ percent, status }) => `${percent}% of such requests are answered with status ${status}`),
  ],
  Mirroring: ({ mirrors }) =>
    mirrors.known && mirrors.value.length === 0
      ? []
      : absent(mirrors, (all) => `such requests are mirrored to ${all.map(({ host }) => host).join(' and ')}`),
};

function absent<T>(setting: Setting<T | undefined>, inWords: (value: T) => string): readonly Part[] {
  if (!setting.known) return [{ why: setting.why }];
  return setting.value === undefined ? [] : [found(setting, inWords(setting.value))];
}

function found({ by }: Extract<Setting<unknown>, { known: true }>, what: string): Unexpected {
  return { what, span: by && spanIn(by.object, by.place) };
}
