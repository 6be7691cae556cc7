import type { ManifestObject, Path } from '../parse/document.js';
import { readEmbedded } from '../parse/embedded.js';
import type { OpenInstallation } from '../parse/mesh.js';
import { describe, labelsAt, mappingAt, namespaceOf, type Report, textAt } from '../topology/fields.js';
import { label } from '../topology/labels.js';
import { openFieldOf } from '../topology/proxy-config.js';
import { place, type Voice } from './facts.js';

/** Variables of a mesh's proxies that are read for themselves. */
const modelledVariables: ReadonlySet<string> = new Set(['ISTIO_META_ENABLE_HBONE']);

/** Configuration from elsewhere, further authorities, and which ServiceEntries are seen. */
const openFields = ['configSources', 'caCertificates', 'serviceEntryVisibility'] as const;

/** What a MeshConfig says of all proxies and is read no further: the mapping at `base` of an object. */
export function openMeshConfig(object: ManifestObject, base: Path, report: Report): readonly OpenInstallation[] {
  const fieldOf = (name: string) => fieldAt(object, base, name);
  const config = fieldOf('defaultConfig');
  const { discoveryAddress, ...rest } = mappingAt(object, config, report) ?? {};
  const isElsewhere = discoveryAddress !== undefined && discoveryAddress !== ownAddress(object);
  const field = openFieldOf(isElsewhere ? { discoveryAddress, ...rest } : rest, modelledVariables);
  const lists = openFields.map(fieldOf).filter((path) => isFilled(object, path));
  const timeout = fieldOf('protocolDetectionTimeout');
  const waits = /[1-9]/.test(String(valueAt(object, timeout) ?? ''));
  const paths = [...(field === undefined ? [] : [[...config, field]]), ...lists, ...(waits ? [timeout] : [])];
  return paths.map((path) => openAt(object, path, path.slice(base.length), 'proxies'));
}

/** The address of the istiod whose MeshConfig it is, which every installation writes there. */
function ownAddress(object: ManifestObject): string {
  return `istiod${object.name.replace(/^istio/, '')}.${namespaceOf(object)}.svc:15012`;
}

/** Ports and addresses that every sidecar is told to leave alone, below `global.proxy` of Helm's values. */
const everywhere: Readonly<Record<string, string>> = {
  includeIPRanges: '*',
  excludeIPRanges: '',
  includeInboundPorts: '*',
  excludeInboundPorts: '',
  includeOutboundPorts: '',
  excludeOutboundPorts: '',
};

/** Whom the injector takes or leaves beside what labels say, below `sidecarInjectorWebhook`. */
const injection = [
  'alwaysInjectSelector',
  'neverInjectSelector',
  'injectedAnnotations',
  'templates',
  'defaultTemplates',
];

/** The same of Helm's values, from which the injector's templates are filled in. */
export function openValues(object: ManifestObject, base: Path): readonly OpenInstallation[] {
  const proxy = [...base, 'global', 'proxy'];
  const ofProxy = Object.entries(everywhere).flatMap(([name, byDefault]) => {
    const path = [...proxy, name];
    // Helm writes what is no text as text.
    return String(valueAt(object, path) ?? byDefault).trim() === byDefault ? [] : [path];
  });
  const ofInjection = injection
    .map((name) => [...base, 'sidecarInjectorWebhook', name])
    .filter((path) => isFilled(object, path));
  return [...ofProxy, ...ofInjection].map((path) => openAt(object, path, path.slice(base.length), 'sidecars'));
}

/** The ConfigMap that the injector reads, one a revision. */
export function readInjector(object: ManifestObject, report: Report): readonly Voice[] {
  if (!object.name.startsWith('istio-sidecar-injector')) return [];
  const named = labelsAt(object, ['metadata', 'labels'], report)[label.revision];
  const revision = place(object, ['metadata', 'name'], named || 'default');
  const texts = ['values', 'config'].filter((key) => textAt(object, ['data', key], report) !== undefined);
  const open = texts.flatMap((key) => {
    const { value, diagnostics } = readEmbedded(object, ['data', key], 'ConfigMap');
    for (const found of diagnostics) report(found);
    if (value === undefined) return [];
    return key === 'values' ? openValues(value, []) : openConfig(value, report);
  });
  return [{ revision, facts: {}, flags: new Map(), open }];
}

/** How the injector itself is set; its templates are filled in from the values. */
function openConfig(object: ManifestObject, report: Report): readonly OpenInstallation[] {
  const selectors = ['alwaysInjectSelector', 'neverInjectSelector', 'injectedAnnotations'].filter((name) =>
    isFilled(object, [name]),
  );
  const policy = textAt(object, ['policy'], report) ?? 'enabled';
  return [...selectors, ...(policy === 'enabled' ? [] : ['policy'])].map((name) =>
    openAt(object, [name], [name], 'sidecars'),
  );
}

export function valueAt({ value }: ManifestObject, path: Path): unknown {
  return path.reduce<unknown>((at, key) => Object(at)[key], value);
}

function isFilled(object: ManifestObject, path: Path): boolean {
  const found = valueAt(object, path);
  return typeof found === 'object' && found !== null && Object.keys(found).length > 0;
}

/** istiod reads protobuf's JSON, which takes the other spelling as well. */
export function fieldAt(object: ManifestObject, base: Path, name: string): Path {
  const other = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [...base, Object.hasOwn(Object(valueAt(object, base)), other) ? other : name];
}

function openAt(object: ManifestObject, path: Path, shown: Path, of: OpenInstallation['of']): OpenInstallation {
  return { object, path, what: `\`${shown.join('.')}\` in ${describe(object)}`, of };
}
