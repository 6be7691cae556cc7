import type { Document, Path } from '../parse/document.js';
import type { ClusterSettings, MeshSettings } from '../parse/mesh.js';
import { type Fact, type Facts, meshDocument, type Said, type Sayings, type Voice } from './facts.js';

type Read<F extends Fact> = (cluster: ClusterSettings, mesh: MeshSettings) => Facts[F] | undefined;

/** Where a Mesh document says each fact, the nearest place first, and what it then says. `istio` is of a cluster. */
const places: { readonly [F in Fact]: { readonly at: readonly Path[]; readonly read: Read<F> } } = {
  version: { at: [['istio', 'version']], read: ({ istio }) => istio.version },
  revision: { at: [['istio', 'revision']], read: ({ istio }) => istio.revision },
  trustDomain: { at: [['trustDomain'], ['..', 'trustDomain']], read: ({ trustDomain }) => trustDomain },
  trustDomainAliases: { at: [['..', 'trustDomainAliases']], read: ({ trustDomainAliases }) => trustDomainAliases },
  rootNamespace: { at: [['..', 'rootNamespace']], read: (_, { rootNamespace }) => rootNamespace },
  clusterDomain: { at: [['..', 'clusterDomain']], read: (_, { clusterDomain }) => clusterDomain },
  enableAutoMtls: { at: [['istio', 'enableAutoMtls']], read: ({ istio }) => istio.enableAutoMtls },
  pathNormalization: {
    at: [['istio', 'pathNormalization', 'normalization']],
    read: ({ istio }) => istio.pathNormalization,
  },
  outboundTrafficPolicy: {
    at: [['istio', 'outboundTrafficPolicy', 'mode']],
    read: ({ istio }) => istio.outboundTrafficPolicy,
  },
  discoverySelectors: { at: [['istio', 'discoverySelectors']], read: ({ istio }) => istio.discoverySelectors },
  defaultServiceExportTo: {
    at: [['istio', 'defaultServiceExportTo']],
    read: ({ istio }) => istio.defaultServiceExportTo,
  },
  defaultVirtualServiceExportTo: {
    at: [['istio', 'defaultVirtualServiceExportTo']],
    read: ({ istio }) => istio.defaultVirtualServiceExportTo,
  },
  defaultDestinationRuleExportTo: {
    at: [['istio', 'defaultDestinationRuleExportTo']],
    read: ({ istio }) => istio.defaultDestinationRuleExportTo,
  },
  extensionProviders: { at: [['istio', 'extensionProviders']], read: ({ istio }) => istio.extensionProviders },
  numTrustedProxies: {
    at: [['istio', 'gatewayTopology', 'numTrustedProxies']],
    read: ({ istio }) => istio.gatewayTopology.numTrustedProxies,
  },
  proxyProtocol: {
    at: [['istio', 'gatewayTopology', 'proxyProtocol']],
    read: ({ istio }) => istio.gatewayTopology.proxyProtocol,
  },
  ambient: { at: [['istio', 'ambient']], read: ({ istio }) => istio.ambient },
  sidecarsListenHbone: { at: [['istio', 'sidecarsListenHbone']], read: ({ istio }) => istio.sidecarsListenHbone },
  excludeNamespaces: { at: [['istio', 'excludeNamespaces']], read: ({ istio }) => istio.excludeNamespaces },
};

const facts = Object.keys(places) as readonly Fact[];

/** What the Mesh document itself says of a cluster. Without one it says nothing. */
export function voiceOfDocument(mesh: MeshSettings, cluster: ClusterSettings): Voice {
  const base = mesh.document && clusterIn(mesh.document, cluster.name);
  if (mesh.document === undefined || base === undefined) return { revision: undefined, facts: {}, flags: new Map() };
  const { document } = mesh;
  const sayings = facts.flatMap((fact) => {
    const value = sayingOf(fact, { document, base }, cluster, mesh);
    return value === undefined ? [] : [[fact, value] as const];
  });
  const flags = Object.entries(cluster.istio.flags).map(
    ([name, value]) => [name, { value, document, path: [...base, 'istio', 'flags', name], by }] as const,
  );
  return { revision: undefined, facts: Object.fromEntries(sayings) as Sayings, flags: new Map(flags) };
}

const by = meshDocument;

interface Place {
  readonly document: Document;
  readonly base: Path;
}

function sayingOf<F extends Fact>(
  fact: F,
  { document, base }: Place,
  cluster: ClusterSettings,
  mesh: MeshSettings,
): Said<Facts[F]> | undefined {
  const { at, read } = places[fact];
  const path = at.map((steps) => pathFrom(base, steps)).find((candidate) => valueAt(document, candidate) !== undefined);
  const value = path && read(cluster, mesh);
  return path === undefined || value === undefined ? undefined : { value, document, path, by };
}

/** `..` leads from a cluster to the mesh. */
function pathFrom(base: Path, steps: Path): Path {
  return steps[0] === '..' ? [...base.slice(0, -2), ...steps.slice(1)] : [...base, ...steps];
}

function clusterIn(document: Document, name: string): Path | undefined {
  const clusters = valueAt(document, ['spec', 'clusters']);
  const index = Array.isArray(clusters) ? clusters.findIndex((cluster) => Object(cluster).name === name) : -1;
  return index < 0 ? undefined : ['spec', 'clusters', index];
}

/** A fact as settings have it. */
export function valueIn<F extends Fact>(fact: F, cluster: ClusterSettings, mesh: MeshSettings): Facts[F] | undefined {
  return places[fact].read(cluster, mesh);
}

export function valueAt({ value }: Document, path: Path): unknown {
  return path.reduce<unknown>((at, key) => Object(at)[key], value);
}
