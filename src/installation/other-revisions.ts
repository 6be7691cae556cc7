import type { ClusterSettings, MeshSettings, OpenInstallation, OtherRevision, TrafficDefault } from '../parse/mesh.js';
import { trafficDefaultFields } from '../parse/mesh.js';
import { defaultMesh } from '../parse/parse-mesh.js';
import { isFlagOn, readFlagNames, readFlags } from '../parse/read-flags.js';
import { sortedUnique } from '../util/order.js';
import { differ } from './contradictions.js';
import type { Fact, Facts, Voice } from './facts.js';
import { valueIn } from './mesh-document.js';
import { valueAt } from './open-settings.js';

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
  'numTrustedProxies',
  'proxyProtocol',
];

type Settings = ReadonlyMap<string, unknown>;

/** The control planes of a cluster beside the one that its settings are about, and in what they differ from it. */
export function otherRevisions(
  found: readonly Voice[],
  served: string,
  settings: ClusterSettings,
  mesh: MeshSettings,
): readonly OtherRevision[] {
  const names = sortedUnique(found.flatMap(({ revision }) => revision?.value ?? [])).filter((name) => name !== served);
  const own = ownSettings(settings, mesh);
  return names.map((name) => {
    const voices = found.filter(({ revision }) => revision?.value === name);
    const said = settingsOf(voices);
    const differences = [...said].filter(([setting, value]) => differ(value, own.get(setting) ?? null));
    return {
      name,
      settings: Object.fromEntries(said),
      differences: differences.map(([setting]) => setting),
      ...(saysAll(voices) && { trafficDefaults: voices.flatMap(({ traffic = [] }) => traffic) }),
    };
  });
}

function ownSettings(settings: ClusterSettings, mesh: MeshSettings): Settings {
  const { flags, open = [], trafficDefaults = [] } = settings.istio;
  return new Map<string, unknown>([
    ...decisive.map((fact) => [fact, valueIn(fact, settings, mesh)] as const),
    ...readFlagNames.map((name) => [name, isFlagOn(flags, name)] as const),
    ...unread(open),
    ...sendingBy(trafficDefaults),
  ]);
}

/** What is said of one control plane, and what Istio takes where its MeshConfig, or its Deployment, says nothing. */
function settingsOf(voices: readonly Voice[]): Settings {
  const hasMeshConfig = saysAll(voices);
  const hasDeployment = voices.some(({ facts }) => facts.version !== undefined);
  const flags = new Map(voices.flatMap((voice) => [...voice.flags]));
  return new Map<string, unknown>([
    ...decisive.flatMap((fact) => valuesOf(fact, voices, hasMeshConfig).map((value) => [fact, value] as const)),
    ...readFlagNames
      .filter((name) => hasDeployment || flags.has(name))
      .map((name) => [name, flags.get(name)?.value ?? readFlags[name]] as const),
    ...unread(voices.flatMap((voice) => voice.open ?? [])),
    ...(hasMeshConfig ? sendingBy(voices.flatMap((voice) => voice.traffic ?? [])) : []),
  ]);
}

/** Whether a MeshConfig is among them: what it does not say holds as Istio has it. */
function saysAll(voices: readonly Voice[]): boolean {
  return voices.some(({ facts }) => facts.extensionProviders !== undefined);
}

/** What istiod takes where its MeshConfig says nothing, and what a Mesh document may leave open. */
const silent: Partial<Facts> = { numTrustedProxies: 0, proxyProtocol: false };

/** The value of a fact; none where nobody can know it. */
function valuesOf(fact: Fact, voices: readonly Voice[], hasMeshConfig: boolean): readonly unknown[] {
  const [said] = voices.flatMap(({ facts }) => facts[fact] ?? []);
  if (said !== undefined) return [said.value];
  const [usual] = defaultMesh.clusters;
  if (fact === 'version' || !hasMeshConfig || usual === undefined) return [];
  return [silent[fact] ?? valueIn(fact, usual, defaultMesh) ?? null];
}

function unread(open: readonly OpenInstallation[]): ReadonlyArray<readonly [string, unknown]> {
  return open.map(({ object, path }) => [path.join('.'), valueAt(object, path)]);
}

function sendingBy(said: readonly TrafficDefault[]): ReadonlyArray<readonly [string, unknown]> {
  return trafficDefaultFields.map((field) => [field, said.find((each) => each.field === field)?.value ?? null]);
}
