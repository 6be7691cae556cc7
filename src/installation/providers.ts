import type { ExtensionProvider } from '../parse/mesh.js';
import { providerSettings } from '../parse/parse-extension-provider.js';
import type { Report } from '../topology/fields.js';
import { providerHost } from '../topology/provider-host.js';
import { contradiction, differ } from './contradictions.js';
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
  clusterDomain: string,
  report: Report,
): readonly ExtensionProvider[] | undefined {
  const [first, ...others] = installed;
  for (const other of others) for (const each of other.value) compare(first, other, each, report);
  const found = [...(first?.value ?? []), ...others.flatMap(({ value }) => value)];
  const distinct = found.filter(({ name }, index) => found.findIndex((each) => each.name === name) === index);
  if (declared === undefined) return first && distinct;
  for (const list of installed) reportUndeclared(declared, list, report);
  return declared.value.map((provider, index) =>
    complete({ declared, clusterDomain, report }, index, provider, installed),
  );
}

/** Of one name two manifests must say the same. */
function compare(first: Providers | undefined, second: Providers, provider: ExtensionProvider, report: Report): void {
  const own = first?.value.find(({ name }) => name === provider.name);
  if (first === undefined || own === undefined || !differ(own, provider)) return;
  report(contradiction('extensionProviders', { ...first, value: own }, { ...second, value: provider }));
}

function reportUndeclared(declared: Providers, list: Providers, report: Report): void {
  const [own, installed] = [declared, list].map(({ value }) => value.map(({ name }) => name));
  if (installed?.every((name) => own?.includes(name))) return;
  report(contradiction('extensionProviders', { ...declared, value: own }, { ...list, value: installed }));
}

interface Declaration {
  readonly declared: Providers;
  readonly clusterDomain: string;
  readonly report: Report;
}

function complete(
  { declared, clusterDomain, report }: Declaration,
  index: number,
  provider: ExtensionProvider,
  installed: readonly Providers[],
): ExtensionProvider {
  const list = installed.find(({ value }) => value.some(({ name }) => name === provider.name));
  const other = list?.value.find(({ name }) => name === provider.name);
  if (list === undefined || other === undefined) return provider;
  const written = Object(valueAt(declared.document, [...declared.path, index]));
  const [own, theirs] = [provider, other].map((each) => fieldsOf(each, clusterDomain));
  for (const [field, value] of Object.entries(own ?? {})) {
    const installedValue = theirs?.[field];
    if (written[field] === undefined || !differ(value, installedValue)) continue;
    // What speaks gRPC may write any header: the Mesh document says which of them it does.
    if (field === 'headersToUpstreamOnAllow' && installedValue === undefined) continue;
    const place = { ...declared, path: [...declared.path, index, field], value };
    const said = { ...list, value: installedValue ?? 'nothing' };
    report(contradiction(`${field} of extension provider ${provider.name}`, place, said));
  }
  const mine = ownOf(provider, written);
  return { ...other, ...mine, settings: { ...other.settings, ...provider.settings } };
}

/** What the Mesh document itself says of it. */
function ownOf(provider: ExtensionProvider, written: object): Partial<ExtensionProvider> {
  const isSaid = ([field]: readonly [string, unknown]) => field in written || field === 'asked' || field === 'span';
  return Object.fromEntries(Object.entries(provider).filter(isSaid));
}

/** By the names that both texts have for them. */
function fieldsOf(
  { asked, settings, ...provider }: ExtensionProvider,
  clusterDomain: string,
): Readonly<Record<string, unknown>> {
  const { failOpen, statusOnError, headersToUpstreamOnAllow } = provider;
  return {
    failOpen,
    statusOnError,
    headersToUpstreamOnAllow,
    kind: asked?.kind,
    service: asked && hostAlone(providerHost(asked.service, clusterDomain)),
    port: asked?.port,
    ...Object.fromEntries(providerSettings.map((field) => [field, settings?.[field]])),
    timeout: settings?.timeout ?? '600s',
  };
}

/** The namespace before a host tells apart what has the same host. */
function hostAlone(host: string): string {
  return host.replace(/^.*\//, '');
}
