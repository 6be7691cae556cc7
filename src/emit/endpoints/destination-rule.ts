import type { PlacedDestinationRule, PlacedSubset } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { sensitivityComments } from './sensitivity.js';
import { trafficPolicy } from './traffic-policy.js';

/** What proxies keep to on the way to one host, and its versions as subsets. */
export function destinationRule(placed: PlacedDestinationRule, provenance: Provenance): Manifest {
  const { cluster, namespace, name, host, exportTo, settings, subsets, purpose, notes, origins } = placed;
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: {
        host,
        ...(exportTo.length > 0 && { exportTo }),
        ...(settings && { trafficPolicy: trafficPolicy(settings) }),
        ...(subsets.length > 0 && { subsets: subsets.map(subset) }),
      },
    },
    header: [...objectComment(purpose, origins, provenance), ...(provenance === 'none' ? [] : notes)],
    comments: provenance === 'none' ? [] : sensitivityComments(placed),
    realises: origins.map(({ id }) => id),
  };
}

function subset({ name, labels, settings }: PlacedSubset): JsonObject {
  return { name, labels, ...(settings && { trafficPolicy: trafficPolicy(settings) }) };
}
