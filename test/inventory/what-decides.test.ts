import { describe, expect, it } from 'vitest';
import { type TraceQuestion, trace } from '../../src/library/trace.js';
import { verify } from '../../src/pipeline.js';
import { policy, service, threeNamespaces, workload } from '../mesh/support/mesh.js';

/**
 * Everything in manifests that decides who gets in without being a policy: one item each, put into a STRICT mesh in which
 * `side/client` alone may call `side/server`. Each changes what is answered about what it concerns, or is said, and nothing
 * else changes.
 *
 * Elsewhere: the proxies' own ports (test/mesh/paths/capture.test.ts), WorkloadGroups and ServiceEntries that select workloads
 * (test/mesh/entry-services.test.ts), listeners and revisions of gateways (test/mesh/paths/gateway-listeners.test.ts), routes at
 * waypoints (test/mesh/routes), headers that tokens and authorizers write (test/mesh/policies/written-headers.test.ts), who calls
 * in plaintext (the pages of AMB5318 and AMB5355), and all that an installation says (test/installation).
 */
const strict = `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`;

const deployed = [
  threeNamespaces,
  workload('side', 'second'),
  service('side', 'second'),
  workload('amb', 'second'),
  service('amb', 'second'),
  strict,
  policy(
    'side',
    'only',
    '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [client] } }] }] }',
  ),
].join('');

type Change = (manifests: string) => string;

const annotated = (name: string, annotation: string, namespace = 'side'): Change =>
  inPod(
    name,
    (text) => text.replace('metadata: { labels:', `metadata: { annotations: { ${annotation} }, labels:`),
    namespace,
  );
const labelled = (name: string, label: string): Change =>
  inPod(name, (text) => text.replace('labels: { app', `labels: { ${label}, app`));
const specified = (name: string, field: string): Change =>
  inPod(name, (text) => text.replace('serviceAccountName', `${field}\n      serviceAccountName`));

function inPod(name: string, change: Change, namespace = 'side'): Change {
  return (manifests) => {
    const text = workload(namespace, name);
    const [head = '', ...rest] = text.split('  template:\n');
    return manifests.replace(text, [head, change(rest.join())].join('  template:\n'));
  };
}

const inService =
  (name: string, annotation: string): Change =>
  (manifests) =>
    manifests.replace(
      service('side', name),
      service('side', name).replace('labels: {}', `annotations: { ${annotation} }`),
    );

const plus =
  (...objects: readonly string[]): Change =>
  (manifests) =>
    manifests + objects.join('');

function object(apiVersion: string, kind: string, spec: string, name = 'own', namespace = 'side'): string {
  return `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\n${spec}\n`;
}

const server = 'selector: { matchLabels: { app: server } }';
const configMap = (mesh: string) => object('v1', 'ConfigMap', `data: { mesh: '${mesh}' }`, 'istio', 'istio-system');
const sidecar = (spec: string) =>
  object('networking.istio.io/v1', 'Sidecar', `spec: { workloadSelector: { labels: { app: client } }, ${spec} }`);
const injector = (values: string) =>
  object('v1', 'ConfigMap', `data: { values: '${values}' }`, 'istio-sidecar-injector', 'istio-system');
const rule = (spec: string) => object('networking.istio.io/v1', 'DestinationRule', `spec: { host: server, ${spec} }`);

interface Item {
  readonly what: string;
  readonly change: Change;
  /** Who asks whom, and the answer then; beside the codes that `verify` gives. */
  readonly answers: Readonly<Record<string, string>>;
  readonly codes?: readonly string[];
}

/** The answers in the mesh as it is. */
const usual: Readonly<Record<string, string>> = {
  'side/client side/server:80': 'allowed',
  'side/second side/server:80': 'denied',
  'plain/client side/server:80': 'denied',
  'side/client side/second:80': 'allowed',
  'plain/client side/second:80': 'denied',
  'amb/client side/second:80': 'denied',
  'amb/client amb/server:80': 'allowed',
  'plain/client amb/server:80': 'denied',
};

const toServer = (answer: string) => ({
  'side/client side/server:80': answer,
  'side/second side/server:80': answer,
  'plain/client side/server:80': answer,
});
const fromClient = (answer: string) => ({ 'side/client side/server:80': answer, 'side/client side/second:80': answer });
const undecided = 'not-modelled';

const serverPods: readonly Item[] = [
  {
    what: 'interceptionMode NONE',
    change: annotated('server', 'sidecar.istio.io/interceptionMode: NONE'),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'interceptionMode NONE in proxy.istio.io/config',
    change: annotated('server', 'proxy.istio.io/config: "interceptionMode: NONE"'),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'excludeInterfaces',
    change: annotated('server', 'traffic.sidecar.istio.io/excludeInterfaces: eth1'),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'includeInboundPorts',
    change: annotated('server', 'traffic.sidecar.istio.io/includeInboundPorts: "9000"'),
    answers: { ...toServer('allowed'), 'side/client side/server:80': 'denied', 'side/second side/server:80': 'denied' },
    codes: ['AMB5329'],
  },
  {
    what: 'excludeInboundPorts',
    change: annotated('server', 'traffic.sidecar.istio.io/excludeInboundPorts: "8080"'),
    answers: { ...toServer('allowed'), 'side/client side/server:80': 'denied', 'side/second side/server:80': 'denied' },
    codes: ['AMB5329'],
  },
  {
    what: 'hostNetwork',
    change: specified('server', 'hostNetwork: true'),
    answers: toServer('allowed'),
    codes: ['AMB5327'],
  },
  {
    what: 'UID 1337',
    change: specified('client', 'securityContext: { runAsUser: 1337 }'),
    answers: fromClient('denied'),
  },
  {
    what: 'an injection template',
    change: annotated('server', 'inject.istio.io/templates: "sidecar,own"'),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'bootstrapOverride',
    change: annotated('server', 'sidecar.istio.io/bootstrapOverride: own'),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
];

const callers: readonly Item[] = [
  {
    what: 'excludeOutboundPorts',
    change: annotated('client', 'traffic.sidecar.istio.io/excludeOutboundPorts: "80"'),
    answers: fromClient('denied'),
  },
  {
    what: 'excludeOutboundIPRanges',
    change: annotated('client', 'traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.0/8'),
    answers: fromClient(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'includeOutboundIPRanges',
    change: annotated('client', 'traffic.sidecar.istio.io/includeOutboundIPRanges: ""'),
    answers: fromClient('denied'),
  },
  {
    what: 'includeOutboundPorts',
    change: annotated(
      'client',
      'traffic.sidecar.istio.io/includeOutboundIPRanges: "", traffic.sidecar.istio.io/includeOutboundPorts: "443"',
    ),
    answers: fromClient('denied'),
  },
  {
    what: 'interceptionMode NONE',
    change: annotated('client', 'sidecar.istio.io/interceptionMode: NONE'),
    answers: fromClient(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'tlsMode of the pod that is called',
    change: labelled('server', 'security.istio.io/tlsMode: disabled'),
    answers: { 'side/client side/server:80': 'denied' },
  },
  {
    what: 'exportTo of a Service',
    change: inService('server', 'networking.istio.io/exportTo: "~"'),
    answers: { 'side/client side/server:80': 'denied' },
  },
  {
    what: 'TLS of a DestinationRule',
    change: plus(rule('trafficPolicy: { tls: { mode: DISABLE } }')),
    answers: { 'side/client side/server:80': 'denied' },
  },
  {
    what: 'TLS of one port',
    change: plus(rule('trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }')),
    answers: { 'side/client side/server:80': 'denied' },
  },
  {
    what: 'subjectAltNames',
    change: plus(rule('trafficPolicy: { tls: { mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://other"] } }')),
    answers: { 'side/client side/server:80': 'denied' },
  },
  {
    what: 'TLS of a kind of its own',
    change: plus(rule('trafficPolicy: { tls: { mode: SIMPLE } }')),
    answers: { 'side/client side/server:80': 'denied', 'side/second side/server:80': 'denied' },
  },
  {
    what: 'proxyProtocol',
    change: plus(rule('trafficPolicy: { proxyProtocol: { version: V1 } }')),
    answers: { 'side/client side/server:80': undecided, 'side/second side/server:80': undecided },
    codes: ['AMB5353'],
  },
  {
    what: 'tunnel',
    change: plus(rule('trafficPolicy: { tunnel: { targetHost: out.example.com, targetPort: 443 } }')),
    answers: { 'side/client side/server:80': undecided, 'side/second side/server:80': undecided },
    codes: ['AMB5353'],
  },
  {
    what: 'a DestinationRule of another revision',
    change: plus(
      rule('trafficPolicy: { tls: { mode: DISABLE } }').replace(
        'name: own',
        'labels: { istio.io/rev: canary }, name: own',
      ),
    ),
    answers: { 'side/client side/server:80': undecided, 'side/second side/server:80': undecided },
    codes: ['AMB5353'],
  },
  {
    what: 'a BackendTLSPolicy',
    change: plus(
      object(
        'gateway.networking.k8s.io/v1',
        'BackendTLSPolicy',
        'spec: { targetRefs: [{ group: "", kind: Service, name: server, sectionName: http }], validation: { hostname: a, wellKnownCACertificates: System } }',
      ),
    ),
    answers: { 'side/client side/server:80': 'denied', 'side/second side/server:80': 'denied' },
  },
  {
    what: 'egress hosts of a Sidecar',
    change: plus(sidecar('egress: [{ hosts: ["plain/*"] }]')),
    answers: fromClient('denied'),
  },
  {
    what: 'REGISTRY_ONLY',
    change: plus(sidecar('egress: [{ hosts: ["plain/*"] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY }')),
    answers: fromClient('denied'),
  },
  {
    what: 'enableAutoMtls',
    change: plus(configMap('enableAutoMtls: false')),
    answers: { 'side/client side/server:80': 'denied', 'side/client side/second:80': 'denied' },
  },
];

const fromTheSide: readonly Item[] = [
  {
    what: 'an EnvoyFilter',
    change: plus(
      object(
        'networking.istio.io/v1alpha3',
        'EnvoyFilter',
        'spec: { workloadSelector: { labels: { app: server } }, configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND }, patch: { operation: REMOVE } }] }',
      ),
    ),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'a WasmPlugin',
    change: plus(object('extensions.istio.io/v1alpha1', 'WasmPlugin', `spec: { ${server}, url: "oci://own" }`)),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'a TrafficExtension',
    change: plus(
      object('extensions.istio.io/v1alpha1', 'TrafficExtension', `spec: { ${server}, lua: { inlineCode: own } }`),
    ),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'variables of a ProxyConfig',
    change: plus(
      object(
        'networking.istio.io/v1beta1',
        'ProxyConfig',
        `spec: { ${server}, environmentVariables: { TRUST_DOMAIN: own } }`,
      ),
    ),
    answers: toServer(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'Telemetry, which only measures',
    change: plus(
      object('telemetry.istio.io/v1', 'Telemetry', 'spec: { accessLogging: [{ providers: [{ name: envoy }] }] }'),
    ),
    answers: {},
  },
  {
    what: 'the root namespace of the MeshConfig',
    change: plus(configMap('rootNamespace: other')),
    answers: {
      'plain/client side/second:80': 'allowed',
      'amb/client side/second:80': 'allowed',
      'plain/client amb/server:80': 'allowed',
      'plain/client side/server:80': 'denied',
    },
  },
  {
    what: 'interceptionMode of the MeshConfig',
    change: plus(configMap('defaultConfig: { interceptionMode: NONE }')),
    answers: {
      ...toServer(undecided),
      'side/client side/second:80': undecided,
      'plain/client side/second:80': undecided,
      'amb/client side/second:80': undecided,
    },
    codes: ['AMB5353'],
  },
  {
    what: 'ports in the values of the injector',
    change: plus(injector('{"global":{"proxy":{"excludeOutboundPorts":"80"}}}')),
    answers: {
      ...toServer(undecided),
      'side/client side/second:80': undecided,
      'plain/client side/second:80': undecided,
      'amb/client side/second:80': undecided,
    },
    codes: ['AMB5353'],
  },
];

const madeBy =
  (apiVersion: string, kind: string): Change =>
  (manifests) =>
    manifests.replace(
      workload('side', 'server'),
      workload('side', 'server').replace('apps/v1', apiVersion).replace('Deployment', kind),
    );

/** A pod of `server` that runs, with these annotations and containers. */
const running = (annotations: string, containers: string) => `---
apiVersion: v1
kind: Pod
metadata: { name: server-1, namespace: side, labels: { app: server }, annotations: { ${annotations} }, ownerReferences: [{ kind: Deployment, name: server, controller: true }] }
spec: { nodeName: one, serviceAccountName: server, containers: [${containers}] }
`;
const app = '{ name: main, image: example, ports: [{ name: web, containerPort: 8080 }] }';

const otherPods: readonly Item[] = [
  {
    what: 'a running pod without a proxy',
    change: plus(running('', app)),
    answers: toServer('allowed'),
    codes: ['AMB5327'],
  },
  {
    what: 'a running pod with a proxy',
    change: plus(running('', `${app}, { name: istio-proxy, image: proxy }`)),
    answers: {},
  },
  { what: 'a Rollout', change: madeBy('argoproj.io/v1alpha1', 'Rollout'), answers: {} },
  { what: 'a CloneSet of OpenKruise', change: madeBy('apps.kruise.io/v1alpha1', 'CloneSet'), answers: {} },
  { what: 'a Service of Knative', change: madeBy('serving.knative.dev/v1', 'Configuration'), answers: {} },
  { what: 'a ReplicationController', change: madeBy('v1', 'ReplicationController'), answers: {} },
  {
    what: 'a network of its own',
    change: labelled('server', 'topology.istio.io/network: far'),
    answers: { ...toServer(undecided), 'plain/client side/server:80': 'denied' },
    codes: ['AMB5353'],
  },
];

const entry = object(
  'networking.istio.io/v1',
  'WorkloadEntry',
  'spec: { address: 192.0.2.7, labels: { app: server }, ports: { web: 9080 } }',
);
const slice = `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: own, namespace: side, labels: { kubernetes.io/service-name: listed } }
addressType: IPv4
endpoints: [{ addresses: [192.0.2.7] }]
ports: [{ name: http, port: 80 }]
`;
const listed = object('v1', 'Service', 'spec: { ports: [{ name: http, port: 80 }] }', 'listed');

it.each([
  ['side/server:82', 'allowed'],
  ['side/server:80', 'allowed'],
])('a WorkloadEntry stands behind the Services that select it, on the port that it says', async (to, verdict) => {
  const { traces } = await trace([{ path: 'a.yaml', text: deployed + entry }], { from: 'plain/client', to });
  const behind = traces.map(({ request: { destination }, verdict: { kind } }) => [
    destination.kind === 'service' && destination.workload,
    kind,
  ]);
  expect(behind).toEqual([
    ['side/own', verdict],
    ['side/server', 'denied'],
  ]);
});

it('an address that no pod has is said', () => {
  expect(newCodes(deployed + listed)).toEqual([]);
  expect(newCodes(deployed + listed + slice)).toEqual(['AMB5353']);
});

const route = (spec: string) =>
  object('networking.istio.io/v1', 'VirtualService', `spec: { hosts: [server], ${spec} }`);
const httpRoute = (rules: string) =>
  object(
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    `spec: { parentRefs: [{ group: "", kind: Service, name: server }], rules: [${rules}] }`,
  );
const canary = (text: string) => text.replace('metadata: { ', 'metadata: { labels: { istio.io/rev: canary }, ');
const ofClients = (answer: string) => ({ 'side/client side/server:80': answer, 'side/second side/server:80': answer });

/** \`side/second\` admits everybody in the mesh, so that whoever is led there gets in. */
const onTheWay: readonly Item[] = [
  {
    what: 'a route to another host',
    change: plus(route('http: [{ route: [{ destination: { host: second } }] }]')),
    answers: ofClients('allowed'),
  },
  {
    what: 'an HTTPRoute to another Service',
    change: plus(httpRoute('{ backendRefs: [{ name: second, port: 80 }] }')),
    answers: ofClients('allowed'),
  },
  {
    what: 'a redirect',
    change: plus(route('http: [{ redirect: { uri: /elsewhere } }]')),
    answers: ofClients('denied'),
  },
  {
    what: 'a direct response',
    change: plus(route('http: [{ directResponse: { status: 200 } }]')),
    answers: ofClients('denied'),
  },
  {
    what: 'an abort',
    change: plus(
      route(
        'http: [{ fault: { abort: { httpStatus: 500, percentage: { value: 100 } } }, route: [{ destination: { host: server } }] }]',
      ),
    ),
    answers: ofClients('denied'),
  },
  {
    what: 'no rule that matches',
    change: plus(route('http: [{ match: [{ uri: { prefix: /only } }], route: [{ destination: { host: server } }] }]')),
    answers: ofClients('denied'),
  },
  {
    what: 'a route of another revision',
    change: plus(canary(route('http: [{ route: [{ destination: { host: server } }] }]'))),
    answers: ofClients(undecided),
    codes: ['AMB5353'],
  },
  {
    what: 'an HTTPRoute of another revision, which leads to a second Service too',
    change: plus(canary(httpRoute('{ backendRefs: [{ name: second, port: 80 }] }'))),
    answers: { ...ofClients(undecided), 'side/client side/second:80': undecided },
    codes: ['AMB5353'],
  },
  {
    what: 'a Sidecar of another revision',
    change: plus(canary(sidecar('egress: [{ hosts: ["plain/*"] }]'))),
    answers: fromClient(undecided),
    codes: ['AMB5353'],
  },
];

describe.each([
  ['The server’s pods are made or run in another way', otherPods],
  ['The server’s pods are not wholly captured', serverPods],
  ['The caller’s proxy does not send what is thought', callers],
  ['The proxy’s configuration is changed from the side', fromTheSide],
  ['Requests are changed on the way', onTheWay],
])('%s', (_, items) => {
  it.each(items.map((item) => [item.what, item] as const))('%s', async (_what, { change, answers, codes = [] }) => {
    const manifests = change(deployed);
    expect(manifests).not.toBe(deployed);
    expect(await answersOf(manifests, { ...usual, ...answers })).toEqual({ ...usual, ...answers });
    const found = newCodes(manifests);
    expect(found).toEqual(expect.arrayContaining([...codes]));
    expect(found.includes('AMB5353')).toBe(codes.includes('AMB5353'));
  });
});

async function answersOf(
  manifests: string,
  asked: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const pairs = Object.keys(asked).map(async (question) => {
    const [from = '', to = ''] = question.split(' ');
    return [question, await answer(manifests, { from, to })] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

async function answer(text: string, question: TraceQuestion): Promise<string> {
  const { traces, diagnostics } = await trace([{ path: 'manifests.yaml', text }], question);
  const [first] = traces;
  return first === undefined ? diagnostics.map(({ code }) => code).join() : first.verdict.kind;
}

/** What `verify` says beside what it says of the mesh without the item. */
function newCodes(manifests: string): readonly string[] {
  const codesOf = (text: string) => verify([{ path: 'manifests.yaml', text }]).diagnostics.map(({ code }) => code);
  const before = codesOf(deployed);
  return [...new Set(codesOf(manifests).filter((code) => !before.includes(code)))].sort();
}
