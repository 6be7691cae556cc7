import type { EffectiveSettings } from './effective.js';
import type { Setting } from './setting.js';

/** Settings as plain values, whoever decided them: what compares equal is equal in meaning. */
function valuesOf({ request, backend }: EffectiveSettings): ReadonlyMap<string, unknown> {
  return new Map([...valuesIn('request', request), ...valuesIn('backend', backend)]);
}

/** The names of what is not the same in both, or not known of one of them: `request.timeout`, `backend.tls`. */
export function differencesBetween(left: EffectiveSettings, right: EffectiveSettings): readonly string[] {
  const [before, after] = [valuesOf(left), valuesOf(right)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.filter((name) => {
    const [one, other] = [before.get(name), after.get(name)];
    return one === notKnown || other === notKnown || JSON.stringify(one) !== JSON.stringify(other);
  });
}

/** Stands for a setting that is not known, and is equal to nothing. */
const notKnown = Symbol('not known');

function valuesIn(part: string, settings: object | undefined): ReadonlyArray<readonly [string, unknown]> {
  return Object.entries(settings ?? {}).map(([name, value]) => [`${part}.${name}`, plain(value)]);
}

function plain(value: string | number | undefined | Setting<unknown>): unknown {
  if (typeof value !== 'object') return value;
  return value.known ? value.value : notKnown;
}
