import type { ManifestObject } from '../parse/document.js';
import { readEmbedded } from '../parse/embedded.js';
import { namespaceOf, type Report, textAt } from '../topology/fields.js';
import { over, type Said, type Sayings, said, type Voice } from './facts.js';
import { readMeshConfig } from './mesh-config.js';
import { openMeshConfig } from './open-settings.js';
import { recordersIn } from './recorders.js';
import { trafficDefaults } from './traffic-defaults.js';

const meshKey = ['data', 'mesh'] as const;

/** The ConfigMaps that an istiod reads its MeshConfig from, one a revision, with what is merged into them (§9.1). */
export function readConfigMaps(
  configMaps: readonly ManifestObject[],
  shared: readonly Shared[],
  report: Report,
): readonly Voice[] {
  return configMaps.flatMap((object) => {
    const revision = revisionNamed(object);
    if (revision === undefined || textAt(object, meshKey, report) === undefined) return [];
    readEmbeddedText(object, 'meshNetworks', report);
    const own = readMesh(object, report);
    const names = shared.filter((each) => each.namespace === namespaceOf(object) && each.revision === revision.value);
    const merged = names.map(({ name }) => findIn(configMaps, namespaceOf(object), name.value));
    const texts = [own, ...merged.flatMap((each) => (each === undefined ? [] : [readMesh(each, report)]))];
    const facts = texts.map((text) => text.facts).reduce(merge);
    const [open, traffic] = [texts.flatMap((text) => text.open), texts.flatMap((text) => text.traffic)];
    const recorders = texts.flatMap((text) => text.recorders ?? []);
    return [{ revision, facts, flags: new Map(), open, traffic, recorders }];
  });
}

/** The ConfigMap that an istiod merges under its own. */
export interface Shared {
  readonly namespace: string;
  readonly revision: string;
  readonly name: Said<string>;
}

export function findIn(configMaps: readonly ManifestObject[], namespace: string, name: string) {
  return configMaps.find((object) => object.name === name && namespaceOf(object) === namespace);
}

/** `istio` is for the revision `default`, and `istio-<revision>` for another. */
function revisionNamed(object: ManifestObject): Said<string> | undefined {
  const [, revision] = /^istio(?:-(.+))?$/.exec(object.name) ?? [undefined, undefined];
  if (!object.name.startsWith('istio') || (revision === undefined && object.name !== 'istio')) return undefined;
  return said(object, ['metadata', 'name'], revision ?? 'default');
}

/** What is given here without any extension provider has none of its own. */
function readMesh(
  object: ManifestObject,
  report: Report,
): Required<Pick<Voice, 'facts' | 'open' | 'traffic' | 'recorders'>> {
  const mesh = readEmbeddedText(object, 'mesh', report);
  const none = { extensionProviders: said(object, meshKey, []) };
  if (mesh === undefined) return { facts: none, open: [], traffic: [], recorders: [] };
  const facts = over(readMeshConfig(mesh, [], report), none);
  const [open, traffic] = [openMeshConfig(mesh, [], report), trafficDefaults(mesh, [])];
  return { facts, open, traffic, recorders: recordersIn(mesh, []) };
}

function readEmbeddedText(object: ManifestObject, key: string, report: Report): ManifestObject | undefined {
  if (textAt(object, ['data', key], report) === undefined) return undefined;
  const { value, diagnostics } = readEmbedded(object, ['data', key], 'MeshConfig');
  const message = `istiod reads this text of ConfigMap \`${namespaceOf(object)}/${object.name}\` as YAML`;
  for (const found of diagnostics) report({ ...found, notes: [...found.notes, { message }] });
  return value;
}

/** Lists of names grow together; of all else the first counts. */
function merge(first: Sayings, second: Sayings): Sayings {
  const { trustDomainAliases: aliases, extensionProviders: providers } = first;
  const more = second.extensionProviders?.value ?? [];
  const added = more.filter(({ name }) => !providers?.value.some((provider) => provider.name === name));
  return {
    ...over(first, second),
    trustDomainAliases:
      (aliases && {
        ...aliases,
        value: [...new Set([...aliases.value, ...(second.trustDomainAliases?.value ?? [])])],
      }) ||
      second.trustDomainAliases,
    extensionProviders: providers && { ...providers, value: [...providers.value, ...added] },
  };
}
