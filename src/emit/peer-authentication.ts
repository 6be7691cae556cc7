import type { PlacedPeerAuthentication } from '../ir/policy-ir.js';
import type { Manifest } from './manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from './provenance.js';

export function peerAuthentication(placed: PlacedPeerAuthentication, provenance: Provenance): Manifest {
  const { cluster, namespace, name, selector, mode, permissivePorts, purpose, origins } = placed;
  const portLevelMtls = Object.fromEntries(permissivePorts.map((port) => [String(port), { mode: 'PERMISSIVE' }]));
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: {
        ...(selector ? { selector: { matchLabels: selector } } : {}),
        mtls: { mode },
        ...(permissivePorts.length > 0 ? { portLevelMtls } : {}),
      },
    },
    header: objectComment(purpose, origins, provenance),
    comments: [],
    realises: distinct(origins).map(({ id }) => id),
  };
}
