import { arrivalAtPlane } from '../../../dataplanes/connections.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedPeer } from '../../../ir/placed-network-policy.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { Origin } from '../../../resolve/resolved.js';
import { label } from '../../../topology/labels.js';
import { type Cluster, keyOf, type Plane, type Workload } from '../../../topology/model.js';
import { mayCall } from '../../reach.js';
import type { PlaceContext } from '../context.js';
import { labelled } from './peers.js';

/**
 * Who brings what comes from another cluster: on one network its pods, which are mere addresses here; from another network
 * the gateways between the two. `undefined`: whoever it is, where nobody says which addresses these are.
 */
export function peersFromCluster(cluster: Cluster, other: Cluster, plane: Plane): readonly PlacedPeer[] | undefined {
  const { network, ipBlocks } = other.settings;
  if (network !== cluster.settings.network) return gatewaysBetween(cluster, plane);
  return ipBlocks?.map((cidr) => ({ kind: 'block', cidr }));
}

function gatewaysBetween({ settings, gateways }: Cluster, plane: Plane): readonly PlacedPeer[] {
  const { fromNetworks } = arrivalAtPlane(plane);
  switch (fromNetworks?.kind) {
    case 'managed': {
      const { flag, by } = fromNetworks;
      const labels = { [label.managed]: by };
      return settings.istio.flags[flag] === true ? [{ kind: 'pods', namespaces: undefined, labels }] : [];
    }
    case 'passing':
      return [...gateways.values()]
        .filter(({ listeners }) => listeners.some(({ tls }) => tls === 'AUTO_PASSTHROUGH'))
        .map(({ namespace, podLabels }) => labelled(namespace, podLabels));
    default:
      return [];
  }
}

/** A workload with a NetworkPolicy, and what is said of who may call it. */
export interface Guarded {
  readonly origin: Origin;
  readonly workload: Workload;
  readonly policies: readonly DestinationPolicy[];
}

/** Callers of another cluster who cannot be told from others, or of whom nobody knows how they come: said once a cluster. */
export function checkClusters(context: PlaceContext, cluster: Cluster, guarded: readonly Guarded[]): void {
  for (const other of context.ir.topology.clusters) {
    if (other === cluster) continue;
    const callers = context.sources.filter((source) => source.cluster === other.name);
    const called = guarded.filter(({ policies }) =>
      policies.some((policy) => callers.some((source) => mayCall(source, policy, cluster))),
    );
    const report = (name: 'companions-between-clusters' | 'companion-without-gateway', found: Guarded | undefined) => {
      if (found === undefined) return;
      const parameters = { cluster: cluster.name, other: other.name, workload: keyOf(found.workload) };
      context.report(diagnostic(name, parameters, found.origin.span));
    };
    if (other.settings.network !== cluster.settings.network) {
      const waiting = called.find(({ workload: { mode } }) => lacksGateway(cluster, mode.plane));
      report('companion-without-gateway', waiting);
    } else if (other.settings.ipBlocks === undefined) report('companions-between-clusters', called[0]);
  }
}

/** Whether other networks are led in by a gateway that is not given. */
function lacksGateway(cluster: Cluster, plane: Plane): boolean {
  return arrivalAtPlane(plane).fromNetworks?.kind === 'passing' && gatewaysBetween(cluster, plane).length === 0;
}
