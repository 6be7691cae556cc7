import type { JsonValue, ManifestObject, Path } from '../parse/document.js';
import type { InstalledRecorder } from './facts.js';
import { fieldAt, valueAt } from './open-settings.js';

/**
 * The providers by the names under which a MeshConfig, the mapping at `base` of an object, knows where proxies send logs, metrics and spans;
 * `undefined` where there is none. Authorizers stand in the same list, and are among them.
 */
export function recordersIn(object: ManifestObject, base: Path): readonly InstalledRecorder[] | undefined {
  if (valueAt(object, base) === undefined) return undefined;
  const listed = valueAt(object, fieldAt(object, base, 'extensionProviders'));
  return (Array.isArray(listed) ? listed : []).flatMap((provider) => {
    const { name } = Object(provider);
    return typeof name === 'string' ? [{ name, kind: kindOf(provider), service: serviceOf(provider) }] : [];
  });
}

/** The field beside its name, which protobuf reads in either of two spellings. */
function kindOf(provider: JsonValue): string | undefined {
  const [kind] = Object.keys(Object(provider)).filter((field) => field !== 'name');
  return kind?.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Each kind of provider has its settings below a field of its own, among them whom it asks. */
function serviceOf(provider: JsonValue): string | undefined {
  const services = Object.values(Object(provider)).map((settings) => Object(settings).service);
  return services.find((service) => typeof service === 'string');
}
