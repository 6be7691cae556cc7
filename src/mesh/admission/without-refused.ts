import type { ManifestObject } from '../../parse/document.js';
import type { IstioVersion } from '../../parse/mesh.js';
import type { Cluster, Topology } from '../../topology/model.js';
import { asObject, asText } from '../json.js';
import { refusalsOf } from './admission.js';
import type { Refusal } from './refusal.js';

/** A deployment without what its clusters refuse of routing. */
export function withoutRefusedObjects(topology: Topology): Topology {
  return { ...topology, clusters: topology.clusters.map(withoutRefused) };
}

/**
 * A cluster without what it refuses of routing: nobody reads that (L-06 to L-56). What was read from a cluster is there,
 * whatever is wrong with it.
 */
export function withoutRefused(cluster: Cluster): Cluster {
  const { routes, sidecars, serviceEntries, gateways, istioGateways, settings } = cluster;
  const isRefused = (object: ManifestObject) => refusalAtApply(object, settings.istio.version) !== undefined;
  const entries = [...serviceEntries.values()].map(({ object }) => object);
  const refused = new Set([...routes, ...sidecars, ...istioGateways, ...entries].filter(isRefused));
  if (refused.size === 0) return cluster;
  const isAccepted = (object: ManifestObject) => !refused.has(object);
  const served = [...gateways].map(([key, gateway]) => {
    const listeners = gateway.listeners.filter(({ object }) => isAccepted(object));
    return [key, { ...gateway, listeners }] as const;
  });
  return {
    ...cluster,
    routes: routes.filter(isAccepted),
    sidecars: sidecars.filter(isAccepted),
    serviceEntries: new Map([...serviceEntries].filter(([, { object }]) => isAccepted(object))),
    gateways: new Map(served),
  };
}

/** Why a cluster would not take an object that is not there yet. */
export function refusalAtApply(object: ManifestObject, version: IstioVersion): Refusal | undefined {
  return isFromCluster(object) ? undefined : refusalsOf(object, version)[0];
}

function isFromCluster({ value }: ManifestObject): boolean {
  return asText(asObject(value.metadata)?.uid) !== undefined;
}
