import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { importObjects } from '../../src/adopt/import-objects.js';
import { takenOver } from '../../src/adopt/taken-over.js';
import type { Source } from '../../src/pipeline.js';
import { writtenByHand } from '../adopt/by-hand.js';
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

/** Everybody may call the carts and the store, but for what is denied of requests, by the namespace that it is denied in. */
export function openBut(denied: Readonly<Record<string, string>>): readonly Source[] {
  return [
    ...boutique.filter(({ path }) => ['mesh.yaml', 'store.yaml', 'carts.yaml', 'goods.yaml'].includes(path)),
    ...Object.entries(denied).map(([name, rule]) => openIn(name, `deny: [{ name: not-these, ${rule} }]`)),
  ];
}

/** Everybody may call the carts, and an external authorizer is asked about some requests. */
export const askedAndOpen: readonly Source[] = [
  ...boutique
    .filter(({ path }) => ['mesh.yaml', 'store.yaml', 'carts.yaml'].includes(path))
    .map(({ path, text }) => ({
      path,
      text: text.replace('sidecarsListenHbone: true', 'sidecarsListenHbone: true, extensionProviders: [{ name: opa }]'),
    })),
  openIn('carts', 'external: [{ name: asked, provider: opa, to: [{ service: carts, methods: [POST] }] }]'),
];

function openIn(namespace: string, rules: string): Source {
  const text = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: ${namespace} }
spec:
  scope: { namespace: ${namespace} }
  mtls: { mode: Strict }
  authorization:
    default: Allow
    ${rules}
`;
  return { path: `intents/${namespace}.yaml`, text };
}

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

/** The laboratory as one cluster with sidecars. Its tests are about two. */
export const laboratory: readonly Source[] = [
  {
    path: 'mesh.yaml',
    text: `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: laboratory }
spec:
  tokenIssuers:
    - name: people
      issuer: https://accounts.lab.example
      jwksUri: https://accounts.lab.example/keys
      audiences: [laboratory]
      forwardOriginalToken: true
      outputClaimToHeaders: [{ header: x-user, claim: email }]
    - name: machines
      issuer: https://machines.lab.example
      jwksUri: https://machines.lab.example/keys
      from: { headers: [{ name: x-machine-token, prefix: "Token " }] }
      outputClaimToHeaders: [{ header: x-user, claim: sub }]
  clusters: [{ name: main, istio: { version: "1.30", sidecarsListenHbone: true } }]
`,
  },
  ...['clusters/apps', 'clusters/sidecars', 'intents'].flatMap((path) =>
    filesOf(`laboratory/${path}`).filter((source) => !source.path.endsWith('tests.yaml')),
  ),
];

/**
 * Meshes with sidecars whose YAML somebody wrote by hand: no intents, and nothing of Ambit's. NetworkPolicies would stay as they
 * are for sidecars, and let nobody of the mesh in once pods are ambient.
 */
export const handWritten = {
  bookshop: withSidecars(filesOf('adopting/manifests')),
  toys: [meshByHand('toys')],
  science: [meshByHand('science')],
  laboratory: writtenByHand(laboratory, '2026-06-01').filter(({ text }) => !/^kind: NetworkPolicy$/m.test(text)),
} as const satisfies Readonly<Record<string, readonly Source[]>>;

const strict: Source = {
  path: 'strict.yaml',
  text: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: science }
spec: { mtls: { mode: STRICT } }
`,
};

/** The science platform once nobody comes to its services in plaintext. */
export const scienceStrict: readonly Source[] = [...handWritten.science, strict];

/** The same once its rules about requests name those who make them, where they named the namespace of all of them. */
export const scienceNamed: readonly Source[] = scienceStrict.map(({ path, text }) => ({
  path,
  text: replaced(text, [
    [
      '[{ source: { namespaces: [science] } }]\n      to: [{ operation: { notPaths:',
      '[{ source: { principals: [cluster.local/ns/science/sa/dashboard] } }]\n      to: [{ operation: { notPaths:',
    ],
    [
      '[{ source: { namespaces: [science] } }]\n      to: [{ operation: { methods:',
      '[{ source: { principals: [cluster.local/ns/science/sa/notebooks] } }]\n      to: [{ operation: { methods:',
    ],
  ]),
}));

function replaced(text: string, changes: ReadonlyArray<readonly [string, string]>): string {
  return changes.reduce((changed, [before, after]) => changed.replace(before, after), text);
}

function meshByHand(name: string): Source {
  const path = `${name}.yaml`;
  return { path, text: readFileSync(new URL(`../adopt/meshes/${path}`, import.meta.url), 'utf8') };
}

function filesOf(directory: string): readonly Source[] {
  return filesBelow(join(root, directory)).map((file) => ({
    path: relative(root, file),
    text: readFileSync(file, 'utf8'),
  }));
}

/** What is imported from a mesh, and the mesh once that has taken over. */
export function importedFrom(sources: readonly Source[]) {
  const options = { today: '2026-06-01', directory: 'intents', isAsMeant: false };
  const { value, diagnostics } = importObjects(sources, options);
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { imported: value, project: takenOver(value) };
}

/** A caller and whom it calls, in one namespace, where all is open but for what is denied. */
export function tillAndStock(
  denial: string,
  { labels = '', others = '', default: open = 'default: Allow' } = {},
): readonly Source[] {
  const workload = (name: string) => `---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: shop }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: main, image: main, ports: [{ containerPort: 8080 }] }] }
`;
  const text = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: shop }
spec: { clusters: [{ name: main, istio: { version: '1.30', sidecarsListenHbone: true } }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled${labels} } }
${others}${workload('till')}${workload('stock')}---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: shop }
spec:
  scope: { namespace: shop }
  mtls: { mode: Strict }
  authorization: { ${open}, deny: [{ name: not-these, ${denial} }] }
`;
  return [{ path: 'shop.yaml', text }];
}

/** Their namespace has a waypoint of its own, so that there are guards on either plane. */
export const behindTheirOwn = tillAndStock(
  'from: [{ service: shop/till }], to: [{ service: shop/stock, methods: [DELETE] }]',
  {
    labels: ', istio.io/use-waypoint: own',
    others: `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: own, namespace: shop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`,
  },
);

/** A denial by a header, of which ztunnel knows nothing. */
export const deniedByHeader = tillAndStock(
  'from: [{ service: shop/till }], to: [{ service: shop/stock, headers: { x-old: ["1"] } }]',
);

/** The same where nobody else may call at all. */
export const deniedByHeaderAlone = tillAndStock(
  'from: [{ service: shop/till }], to: [{ service: shop/stock, headers: { x-old: ["1"] } }]',
  { default: 'default: Deny, allow: [{ name: these, from: [{ service: shop/till }], to: [{ service: shop/stock }] }]' },
);
