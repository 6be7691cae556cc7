import type { Milliseconds } from '../route.js';
import type { HopSettings } from './effective.js';
import { byDefault, type Setting } from './setting.js';

/** The time after which a request ends whatever proxy waits for it: the shortest of all; `undefined`: none. */
export function shortestTimeout(hops: readonly HopSettings[]): Setting<Milliseconds | undefined> {
  const all = hops.flatMap(({ settings: { request } }) => (request === undefined ? [] : [request.timeout]));
  const unknown = all.find(({ known }) => !known);
  if (unknown !== undefined) return unknown;
  const timeOf = (setting: Setting<Milliseconds | undefined>) =>
    (setting.known ? setting.value : undefined) ?? Number.POSITIVE_INFINITY;
  return all.reduce(
    (shortest, each) => (timeOf(each) < timeOf(shortest) ? each : shortest),
    all[0] ?? byDefault(undefined),
  );
}
