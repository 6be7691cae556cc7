import type { ClusterSettings, MeshSettings, OtherRevision } from '../parse/mesh.js';
import { defaultMesh } from '../parse/parse-mesh.js';
import { sortedUnique } from '../util/order.js';
import { differ } from './contradictions.js';
import type { Fact, Voice } from './facts.js';
import { valueIn } from './mesh-document.js';

/** What decides about requests, and is of one istiod. */
const decisive: readonly Fact[] = [
  'version',
  'trustDomain',
  'trustDomainAliases',
  'rootNamespace',
  'enableAutoMtls',
  'pathNormalization',
  'outboundTrafficPolicy',
  'discoverySelectors',
  'defaultServiceExportTo',
  'defaultVirtualServiceExportTo',
  'defaultDestinationRuleExportTo',
  'extensionProviders',
];

/** The control planes of a cluster beside the one that its settings are about, and in what they differ from it. */
export function otherRevisions(
  found: readonly Voice[],
  served: string,
  settings: ClusterSettings,
  mesh: MeshSettings,
): readonly OtherRevision[] {
  const names = sortedUnique(found.flatMap(({ revision }) => revision?.value ?? [])).filter((name) => name !== served);
  return names.map((name) => {
    const voices = found.filter(({ revision }) => revision?.value === name);
    const difference = decisive.find((fact) => isOther(fact, voices, settings, mesh)) ?? otherFlag(voices, settings);
    return { name, ...(difference !== undefined && { difference }) };
  });
}

/** Where a MeshConfig says nothing Istio's default counts. */
function isOther(fact: Fact, voices: readonly Voice[], settings: ClusterSettings, mesh: MeshSettings): boolean {
  const [said] = voices.flatMap(({ facts }) => facts[fact] ?? []);
  const hasMeshConfig = voices.some(({ facts }) => facts.extensionProviders !== undefined);
  if (said === undefined && (fact === 'version' || !hasMeshConfig)) return false;
  const [usual] = defaultMesh.clusters;
  const own = said === undefined ? usual && valueIn(fact, usual, defaultMesh) : said.value;
  return differ(own, valueIn(fact, settings, mesh));
}

function otherFlag(voices: readonly Voice[], { istio }: ClusterSettings): string | undefined {
  const flags = voices.flatMap((voice) => [...voice.flags]);
  return flags.find(([name, { value }]) => istio.flags[name] !== undefined && istio.flags[name] !== value)?.[0];
}
