import type { Span } from '../diagnostics/diagnostic.js';
import type { Decision } from '../mesh/decide/decision.js';
import type { Mesh } from '../mesh/mesh.js';
import type { BackendSettings, HopSettings, RequestSettings, Retries } from '../mesh/routes/settings/effective.js';
import { settingsOfDecision } from '../mesh/routes/settings/of-decision.js';
import type { Setting } from '../mesh/routes/settings/setting.js';
import { spanIn } from '../parse/document.js';
import { durationText } from '../util/duration.js';

/** One thing that the last proxy which sends the request on keeps to, in words. */
export interface TracedSetting {
  readonly name: 'timeout' | 'retries' | 'delay' | 'version' | 'obeys';
  readonly value: string;
  /** The line that decides; absent for a default of Istio. */
  readonly span: Span | undefined;
}

/** What matters of it to a request that arrives; nothing where neither a route nor a DestinationRule has a say. */
export function tracedSettings(mesh: Mesh, decision: Decision): readonly TracedSetting[] {
  const last = decision.verdict.kind === 'allowed' ? settingsOfDecision(mesh, decision).at(-1) : undefined;
  if (last === undefined || !hasSay(last)) return [];
  const { request, backend } = last.settings;
  return [...(request === undefined ? [] : ofRequest(request)), ...(backend === undefined ? [] : ofBackend(backend))];
}

function hasSay({ rule, settings: { backend } }: HopSettings): boolean {
  return rule !== undefined || (backend !== undefined && (!backend.rules.known || backend.rules.value.length > 0));
}

function ofRequest({ timeout, retries, delay }: RequestSettings): readonly TracedSetting[] {
  const waits = !delay.known || delay.value !== undefined;
  return [
    traced('timeout', timeout, (time) => (time === undefined ? 'none' : durationText(time))),
    traced('retries', retries, retriesInWords),
    ...(waits ? [traced('delay', delay, (each) => `${each?.percent}% wait ${durationText(each?.duration ?? 0)}`)] : []),
  ];
}

function retriesInWords(retries: Retries | undefined): string {
  if (retries === undefined) return 'none';
  const { attempts, perTryTimeout, conditions, statusCodes } = retries;
  const each = perTryTimeout === undefined ? '' : `, ${durationText(perTryTimeout)} each`;
  const named = conditions.filter((condition) => condition !== 'retriable-status-codes');
  return `${attempts}${each}, on ${[...named, ...statusCodes].join(', ')}`;
}

function ofBackend({ subset, rules }: BackendSettings): readonly TracedSetting[] {
  const decides = !rules.known || rules.value.length > 0;
  return [
    ...(subset === undefined ? [] : [{ name: 'version', value: `subset ${subset}`, span: undefined } as const]),
    ...(decides ? [traced('obeys', rules, (names) => `DestinationRule ${names.join(', ')}`)] : []),
  ];
}

function traced<T>(name: TracedSetting['name'], setting: Setting<T>, inWords: (value: T) => string): TracedSetting {
  if (!setting.known) return { name, value: `not known: ${setting.why}`, span: undefined };
  const { value, by } = setting;
  if (by === undefined) return { name, value: `${inWords(value)} (Istio’s default)`, span: undefined };
  return { name, value: inWords(value), span: spanIn(by.object, by.place) };
}
