import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings, IstioSettings, MeshSettings } from '../parse/mesh.js';
import { alreadyReported } from '../topology/fields.js';
import type { Fact, Voice } from './facts.js';
import { voiceOfDocument } from './mesh-document.js';
import { voicesIn } from './voices.js';

type Setting = keyof IstioSettings | keyof ClusterSettings;

/** The settings of a cluster of which its Mesh document or its manifests speak; all others are what is taken where nobody does. */
export function saidSettings(
  mesh: MeshSettings,
  cluster: ClusterSettings,
  objects: readonly ManifestObject[],
): ReadonlySet<string> {
  const voices = [voiceOfDocument(mesh, cluster), ...voicesIn(objects, alreadyReported)];
  return new Set(voices.flatMap(settingsOf));
}

function settingsOf({ facts, flags, open, traffic, recorders }: Voice): readonly Setting[] {
  const spoken = Object.entries(facts).flatMap(([fact, value]) => (value === undefined ? [] : [fact as Fact]));
  return [
    ...spoken.flatMap((fact) => settingOf(fact) ?? []),
    ...(flags.size > 0 ? ['flags' as const] : []),
    ...(open === undefined ? [] : ['open' as const]),
    ...(traffic === undefined ? [] : ['trafficDefaults' as const]),
    ...(recorders === undefined ? [] : (['recorders', 'providerHosts'] as const)),
  ];
}

/** Under which setting of a cluster a fact is kept; what is for the whole mesh is none of them. */
function settingOf(fact: Fact): Setting | undefined {
  if (fact === 'numTrustedProxies' || fact === 'proxyProtocol') return 'gatewayTopology';
  return fact === 'rootNamespace' || fact === 'clusterDomain' ? undefined : fact;
}
