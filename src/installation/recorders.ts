import type { ManifestObject, Path } from '../parse/document.js';
import { fieldAt, valueAt } from './open-settings.js';

/**
 * The names under which a MeshConfig, the mapping at `base` of an object, knows where proxies send logs, metrics and spans;
 * `undefined` where there is none. Authorizers stand in the same list, and are among them.
 */
export function recordersIn(object: ManifestObject, base: Path): readonly string[] | undefined {
  if (valueAt(object, base) === undefined) return undefined;
  const listed = valueAt(object, fieldAt(object, base, 'extensionProviders'));
  const names = Array.isArray(listed) ? listed.map((provider) => Object(provider).name) : [];
  return names.filter((name) => typeof name === 'string');
}
