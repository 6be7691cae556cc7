import type { ExtensionProvider } from '../parse/mesh.js';
import type { Report } from '../topology/fields.js';
import { contradiction } from './contradictions.js';
import type { Said } from './facts.js';
import { valueAt } from './mesh-document.js';

type Providers = Said<readonly ExtensionProvider[]>;

/**
 * The external authorizers of a cluster. Those that the Mesh document lists are all of them, and what it leaves out of one
 * the manifests fill in.
 */
export function settleProviders(
  declared: Providers | undefined,
  installed: readonly Providers[],
  report: Report,
): readonly ExtensionProvider[] | undefined {
  const [first, ...others] = installed;
  for (const other of others) for (const each of other.value) compare(first, other, each, report);
  const found = [...(first?.value ?? []), ...others.flatMap(({ value }) => value)];
  const distinct = found.filter(({ name }, index) => found.findIndex((each) => each.name === name) === index);
  if (declared === undefined) return first && distinct;
  for (const list of installed) reportUndeclared(declared, list, report);
  return declared.value.map((provider, index) => complete(declared, index, provider, installed, report));
}

/** Of one name two manifests must say the same. */
function compare(first: Providers | undefined, second: Providers, provider: ExtensionProvider, report: Report): void {
  const own = first?.value.find(({ name }) => name === provider.name);
  if (first === undefined || own === undefined || JSON.stringify(own) === JSON.stringify(provider)) return;
  report(contradiction('extensionProviders', { ...first, value: own }, { ...second, value: provider }));
}

function reportUndeclared(declared: Providers, list: Providers, report: Report): void {
  const [own, installed] = [declared, list].map(({ value }) => value.map(({ name }) => name));
  if (installed?.every((name) => own?.includes(name))) return;
  report(contradiction('extensionProviders', { ...declared, value: own }, { ...list, value: installed }));
}

const fields = ['failOpen', 'statusOnError', 'headersToUpstreamOnAllow'] as const;

function complete(
  declared: Providers,
  index: number,
  provider: ExtensionProvider,
  installed: readonly Providers[],
  report: Report,
): ExtensionProvider {
  const list = installed.find(({ value }) => value.some(({ name }) => name === provider.name));
  const other = list?.value.find(({ name }) => name === provider.name);
  if (list === undefined || other === undefined) return provider;
  const written = Object(valueAt(declared.document, [...declared.path, index]));
  const own = fields.filter((field) => written[field] !== undefined);
  for (const field of own) {
    const value = provider[field];
    if (other[field] === undefined || String(value) === String(other[field])) continue;
    const place = { ...declared, path: [...declared.path, index, field], value };
    report(contradiction(`${field} of extension provider ${provider.name}`, place, { ...list, value: other[field] }));
  }
  return { ...other, ...Object.fromEntries(own.map((field) => [field, provider[field]])) };
}
