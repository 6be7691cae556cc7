import type { Decision } from '../mesh/decide/decision.js';
import type { Mesh } from '../mesh/mesh.js';
import type { HopSettings } from '../mesh/routes/settings/effective.js';
import { settingsOfDecision } from '../mesh/routes/settings/of-decision.js';
import type { Setting } from '../mesh/routes/settings/setting.js';
import { shortestTimeout } from '../mesh/routes/settings/shortest-timeout.js';
import type { ExpectedOutcome } from '../parse/ast.js';
import { spanIn } from '../parse/document.js';
import { durationText, milliseconds } from '../util/duration.js';
import { endOf } from './end-of-request.js';
import type { Unexpected } from './outcome.js';

/** What of a request that is let through is not as expected; or why that is not known. */
export type Comparison =
  | { readonly kind: 'compared'; readonly unexpected: readonly Unexpected[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether a case asks for more than the verdict. */
export function asksForMore({ destinations, versions, statuses, timeout, retries }: ExpectedOutcome): boolean {
  return destinations.length + versions.length + statuses.length > 0 || (timeout ?? retries) !== undefined;
}

export function compare(mesh: Mesh, decision: Decision, expected: ExpectedOutcome): Comparison {
  const hops = settingsOfDecision(mesh, decision);
  const { names, versions, shown } = endOf(mesh, decision);
  const parts = [
    ...oneOf('ends at', shown, names, expected.destinations),
    ...oneOf('reaches', versions.length === 0 ? 'no version' : `version ${versions[0]}`, versions, expected.versions),
    ...timeoutOf(hops, expected),
    ...retriesOf(hops, expected),
  ];
  const unknown = parts.find((part) => 'why' in part);
  const unexpected = parts.flatMap((part) => ('what' in part ? [part] : []));
  if (unexpected.length > 0 || unknown === undefined) return { kind: 'compared', unexpected };
  return { kind: 'unknown', why: unknown.why };
}

type Part = Unexpected | { readonly why: string };

function oneOf(
  verb: string,
  shown: string,
  names: readonly string[],
  expected: ExpectedOutcome['destinations'],
): readonly Part[] {
  const wanted = expected.map(({ value }) => value);
  if (wanted.length === 0 || wanted.some((name) => names.includes(name))) return [];
  return [{ what: `it ${verb} ${shown}, and ${wanted.join(' or ')} is expected`, span: undefined }];
}

/** The first proxy whose time is up ends the request. */
function timeoutOf(hops: readonly HopSettings[], { timeout: expected }: ExpectedOutcome): readonly Part[] {
  if (expected === undefined) return [];
  const wanted = expected.value === 'None' ? undefined : milliseconds(expected.value);
  const inWords = (time: number | undefined) => (time === undefined ? 'none' : durationText(time));
  return same('timeout', shortestTimeout(hops), wanted, inWords);
}

function retriesOf(hops: readonly HopSettings[], { retries: expected }: ExpectedOutcome): readonly Part[] {
  if (expected === undefined) return [];
  const setting = hops.at(-1)?.settings.request?.retries ?? { known: true, value: undefined, by: undefined };
  const number: Setting<number> = setting.known ? { ...setting, value: setting.value?.attempts ?? 0 } : setting;
  return same('number of retries', number, expected.value, String);
}

function same<T>(noun: string, setting: Setting<T>, wanted: T, inWords: (value: T) => string): readonly Part[] {
  if (!setting.known) return [{ why: setting.why }];
  const { value, by } = setting;
  if (value === wanted) return [];
  const whose = by === undefined ? ', by Istio’s default' : '';
  const what = `its ${noun} is ${inWords(value)}${whose}, and ${inWords(wanted)} is expected`;
  return [{ what, span: by && spanIn(by.object, by.place) }];
}
