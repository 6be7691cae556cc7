import { readMesh } from '../../src/mesh/mesh.js';
import { findBlockers } from '../../src/migrate/blockers/find-blockers.js';
import type { Target } from '../../src/migrate/states/labels-of-state.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { buildTopology } from '../../src/topology/build-topology.js';

const settings = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  clusters: [{ name: east, istio: { version: "1.30", sidecarsListenHbone: true } }]
`;

/** A sidecar mesh that nothing keeps from ambient: `web` calls `api` in `shop`. */
const shop = `apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
${['web', 'api'].map(pods).join('')}---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec:
  selector: { app: api }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;

function pods(name: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: app, image: ${name} }] }
`;
}

/** The same in ambient mode, with a waypoint before its Service. */
const ambientShop = `${shop.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint')}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;

/** What stands in the way of moving the shop once these manifests are added to it. */
export function checkWith(manifests: string, namespaces: readonly string[] = [], target: Target = 'ambient') {
  const { mesh, objects } = parseSources([
    { path: 'mesh.yaml', text: settings },
    { path: 'shop.yaml', text: target === 'ambient' ? shop : ambientShop },
    { path: 'manifests.yaml', text: manifests },
  ]).value;
  const topology = buildTopology(mesh, objects).value;
  return findBlockers(readMesh(topology).value, objects, { namespaces }, target);
}
