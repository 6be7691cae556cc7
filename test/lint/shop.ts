import { lintMesh } from '../../src/lint/lint-mesh.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { service, waypoint, workload } from '../mesh/support/mesh.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  trustDomain: prod.example
  clusters: [{ name: east, istio: { version: "1.31" } }]
`;

/**
 * A mesh without policies, of which nothing is to be said: ambient `shop` with `web` and `api`; `legacy` with sidecars
 * and the same two, of which `api` has TCP port 5432 as well; ambient `books` with `web`, and `catalog` behind a waypoint.
 */
const deployment = `apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: legacy, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: books, labels: { istio.io/dataplane-mode: ambient } }
${[
  workload('shop', 'web'),
  workload('shop', 'api'),
  http(service('shop', 'api')),
  workload('legacy', 'web'),
  workload('legacy', 'api'),
  `${http(service('legacy', 'api'))}    - { name: tcp-database, port: 5432 }\n`,
  workload('books', 'web'),
  workload('books', 'catalog'),
  http(service('books', 'catalog', '{ istio.io/use-waypoint: waypoint }')),
  waypoint('books'),
].join('')}`;

/** A Service with its HTTP port alone: 80 on pod port 8080. */
function http(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/name: (tcp|auto)/.test(line))
    .join('\n');
}

/** What lint says of the mesh when these manifests are added; a Mesh document among them is in the place of its own. */
export function lintWith(manifests: string) {
  const sources = [
    ...(/^kind: Mesh$/m.test(manifests) ? [] : [{ path: 'mesh.yaml', text: mesh }]),
    { path: 'deployment.yaml', text: deployment },
    { path: 'manifests.yaml', text: manifests },
  ];
  const { value } = parseSources(sources);
  return lintMesh(buildTopology(value.mesh, value.objects).value).diagnostics;
}
