import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Source } from '../../src/pipeline.js';
import { filesBelow } from '../support/cases.js';

const root = new URL('../../examples/', import.meta.url).pathname;

/** The intents and manifests of an example; `shared` says which clusters a directory below `clusters` is for, if not for one of its name. */
export function example(name: string, shared: Readonly<Record<string, readonly string[]>> = {}): readonly Source[] {
  const directory = join(root, name);
  return filesBelow(directory)
    .map((file) => relative(directory, file))
    .filter((path) => path.endsWith('.yaml') && !path.startsWith('deploy/'))
    .flatMap((path): readonly Source[] => {
      const [, folder] = /^clusters\/([^/]+)\//.exec(path) ?? [];
      const text = readFileSync(join(directory, path), 'utf8');
      if (folder === undefined) return [{ path, text }];
      return (shared[folder] ?? [folder]).map((cluster) => ({ path, text, cluster }));
    });
}

/** The same with sidecars in place of ztunnel. */
export function withSidecars(sources: readonly Source[]): readonly Source[] {
  return sources.map((source) => ({
    ...source,
    text: source.text.replaceAll('istio.io/dataplane-mode: ambient', 'istio-injection: enabled'),
  }));
}

/** The same with ztunnel in place of sidecars. */
export function withAmbient(sources: readonly Source[]): readonly Source[] {
  return sources.map((source) => ({
    ...source,
    text: source.text.replaceAll('istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
  }));
}

/** A shop of many small namespaces with sidecars, each Service with rules of its own about requests. */
export const boutique: readonly Source[] = [
  {
    path: 'mesh.yaml',
    text: `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: boutique }
spec:
  clusters: [{ name: east, istio: { version: "1.30", sidecarsListenHbone: true } }]
`,
  },
  ...['store', 'carts', 'goods', 'orders', 'payments'].map((name) => ({ path: `${name}.yaml`, text: service(name) })),
  rules('goods', 'store', 'methods: [GET], paths: [/goods, /goods/*]'),
  rules('carts', 'store', 'methods: [GET, POST, DELETE]'),
  rules('orders', 'store', 'methods: [POST], paths: [/orders]'),
  rules('payments', 'orders', 'methods: [POST], paths: [/charge]'),
];

/** Two that call each other with rules about requests: no order helps. */
export function circle(accepted: boolean): readonly Source[] {
  const accept = accepted ? ', accept: [{ code: AMB7132, reason: the move is made at night, until: 2027-01-31 }]' : '';
  return [
    ...boutique.filter(({ path }) => ['mesh.yaml', 'store.yaml', 'carts.yaml'].includes(path)),
    rules('carts', 'store', `methods: [GET]`, accept),
    rules('store', 'carts', `methods: [POST]`, accept),
  ];
}

function service(name: string): string {
  return `apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${name} }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: app, image: ${name} }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${name} }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;
}

function rules(called: string, caller: string, requests: string, more = ''): Source {
  const text = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: ${called} }
spec:
  scope: { namespace: ${called} }
  mtls: { mode: Strict }
  authorization:
    default: Deny
    allow:
      - { name: from-${caller}, from: [{ service: ${caller}/${caller} }], to: [{ service: ${called}, ${requests} }]${more} }
`;
  return { path: `intents/${called}.yaml`, text };
}
