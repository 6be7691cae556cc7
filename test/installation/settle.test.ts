import { describe, expect, test } from 'vitest';
import { settleMesh } from '../../src/installation/settle.js';
import type { MeshSettings } from '../../src/parse/mesh.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { spanText } from '../support/marked-text.js';

function settle(text: string, cluster = '{ name: east }', spec = '', more: Readonly<Record<string, string>> = {}) {
  const mesh = `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: mesh }\nspec: { ${spec}clusters: [${cluster}] }\n`;
  const others = Object.entries(more).map(([name, each]) => ({ path: `${name}.yaml`, text: each, cluster: name }));
  const own = others.length === 0 ? [{ path: 'east.yaml', text }] : [{ path: 'east.yaml', text, cluster: 'east' }];
  const parsed = parseSources([{ path: 'mesh.yaml', text: mesh }, ...own, ...others]);
  expect(parsed.diagnostics.map(({ message }) => message)).toEqual([]);
  const { value, diagnostics } = settleMesh(parsed.value.mesh, parsed.value.objects);
  return { mesh: value, diagnostics };
}

/** The settings of the one cluster, where nothing is wrong. */
function settled(
  text: string,
  cluster?: string,
  spec?: string,
): MeshSettings['clusters'][number] & { mesh: MeshSettings } {
  const { mesh, diagnostics } = settle(text, cluster, spec);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  const [only] = mesh.clusters;
  if (only === undefined) throw new Error('no cluster');
  return { ...only, mesh };
}

/** Each contradiction as both texts that it points at. */
function contradictions(text: string, cluster?: string, spec?: string): string[] {
  const { diagnostics } = settle(text, cluster, spec);
  return diagnostics.map(({ code, span, notes }) => {
    const places = [span, ...notes.map((note) => note.span)].map((place) => (place ? spanText(place) : '?'));
    return `${code} ${places.join(' against ')}`;
  });
}

const configMap = (mesh: string, name = 'istio', key = 'mesh') => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: istio-system }
data:
  ${key}: |-
${mesh.trim().replace(/^/gm, '    ')}
`;

const istiod = (more: { image?: string; env?: string; args?: string; revision?: string } = {}) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod, istio.io/rev: ${more.revision ?? 'default'} } }
    spec:
      containers:
        - name: discovery
          image: ${more.image ?? 'example/pilot:1.30.2-distroless'}
          args: [discovery, ${more.args ?? '--domain, cluster.local'}]
          env: [${more.env ?? ''}]
`;

const operator = (spec: string) => `---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: installed, namespace: istio-system }
spec: ${spec}
`;

const sail = (spec: string, kind = 'Istio', name = 'default') => `---
apiVersion: sailoperator.io/v1
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
`;

describe('a MeshConfig among the manifests', () => {
  test('changes nothing where there is none', () => {
    const text =
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio-ca-root-cert, namespace: a }\ndata: { a: b }\n';
    const { mesh } = settle(text);
    const { value } = parseSources([
      {
        path: 'mesh.yaml',
        text: 'apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: mesh }\nspec: { clusters: [{ name: east }] }\n',
      },
    ]);
    expect(mesh).toMatchObject({
      ...value.mesh,
      document: expect.anything(),
      span: expect.anything(),
      clusters: [{ istio: value.mesh.clusters[0]?.istio }],
    });
  });

  test('fills in what the Mesh document leaves open', () => {
    const { mesh, trustDomain, trustDomainAliases, istio } = settled(
      configMap(`
trustDomain: corp.example
trustDomainAliases: [old.example]
rootNamespace: policies
enableAutoMtls: false
pathNormalization: { normalization: MERGE_SLASHES }
outboundTrafficPolicy: { mode: REGISTRY_ONLY }
discoverySelectors: [{ matchLabels: { mesh: "yes" } }]
defaultServiceExportTo: ["."]
default_virtual_service_export_to: ["*"]
defaultDestinationRuleExportTo: ["."]
defaultConfig:
  gatewayTopology: { numTrustedProxies: 2, proxyProtocol: {} }
  proxyMetadata: { ISTIO_META_ENABLE_HBONE: "true" }
`),
    );
    expect(mesh).toMatchObject({ rootNamespace: 'policies', trustDomain: 'corp.example' });
    expect({ trustDomain, trustDomainAliases, istio }).toMatchObject({
      trustDomain: 'corp.example',
      trustDomainAliases: ['old.example'],
      istio: {
        enableAutoMtls: false,
        pathNormalization: 'MERGE_SLASHES',
        outboundTrafficPolicy: 'REGISTRY_ONLY',
        discoverySelectors: [{ matchLabels: { mesh: 'yes' }, matchExpressions: [] }],
        defaultServiceExportTo: ['.'],
        defaultVirtualServiceExportTo: ['*'],
        defaultDestinationRuleExportTo: ['.'],
        gatewayTopology: { numTrustedProxies: 2, proxyProtocol: true },
        sidecarsListenHbone: true,
      },
    });
  });

  test.each([
    ['DEFAULT is BASE', 'pathNormalization: { normalization: DEFAULT }', { pathNormalization: 'BASE' }],
    [
      'a policy without a mode is of the first one',
      'outboundTrafficPolicy: {}',
      { outboundTrafficPolicy: 'REGISTRY_ONLY' },
    ],
    [
      'what stands before gateways is nothing unless it is said',
      'a: b',
      { gatewayTopology: { numTrustedProxies: 0, proxyProtocol: false } },
    ],
    [
      'one half of it alone',
      'defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } }',
      { gatewayTopology: { numTrustedProxies: 1, proxyProtocol: false } },
    ],
  ])('%s', (_, text, expected) => {
    expect(settle(configMap(text)).mesh.clusters[0]?.istio).toMatchObject(expected);
  });

  test('is not read for another revision, nor from another key', () => {
    const other = configMap('enableAutoMtls: false', 'istio-canary') + configMap('enableAutoMtls: true');
    expect(settled(other).istio).toMatchObject({ enableAutoMtls: true, revision: 'default' });
    expect(settled(configMap('enableAutoMtls: false', 'istio', 'meshes')).istio.enableAutoMtls).toBe(true);
    expect(settled(other, '{ name: east, istio: { revision: canary } }').istio.enableAutoMtls).toBe(false);
  });

  test.each([
    ['enableAutoMTLS: false', ['AMB1062 enableAutoMTLS']],
    ['pathNormalization: { normalization: BASIC }', ['AMB1063 BASIC']],
    ['enableAutoMtls: "no"', ['AMB2501 "no"']],
    ['extensionProviders: { name: a }', ['AMB2501 { name: a }']],
  ])('is told what is wrong with it: %s', (text, expected) => {
    expect(contradictions(configMap(text))).toEqual(expected);
  });

  test('that cannot be read is an error on its line', () => {
    const { diagnostics } = settle(configMap('trustDomain: a\nrootNamespace: [b\nenableAutoMtls: true'));
    expect(diagnostics.every(({ severity }) => severity === 'error')).toBe(true);
    expect(diagnostics[0]?.notes.map(({ message }) => message)).toContain(
      'istiod reads this text of ConfigMap `istio-system/istio` as YAML',
    );
    expect(diagnostics[0]?.span?.file.path).toBe('east.yaml');
  });
});

describe('external authorizers', () => {
  const both = configMap(`
extensionProviders:
  - name: checker
    envoyExtAuthzHttp: { service: a, port: "80", failOpen: true, headersToUpstreamOnAllow: [x-user] }
  - name: grpc
    envoyExtAuthzGrpc: { service: a, port: 9000, statusOnError: "503" }
  - name: traces
    zipkin: { service: z, port: 1 }
`);
  const checker = { name: 'checker', failOpen: true, statusOnError: 403, headersToUpstreamOnAllow: ['x-user'] };

  test('of a ConfigMap are known, and are not all of them', () => {
    expect(settled(both).istio).toMatchObject({
      extensionProviders: [checker, { name: 'grpc', failOpen: false, statusOnError: 503 }],
      knowsAllProviders: false,
    });
    expect(settled(configMap('trustDomain: cluster.local')).istio).toMatchObject({
      extensionProviders: [],
      knowsAllProviders: false,
    });
  });

  test('are all of them where the Mesh document says that nothing is merged', () => {
    expect(settled(both, '{ name: east, istio: { wholeMeshConfig: true } }').istio.knowsAllProviders).toBe(true);
  });

  test('that the Mesh document lists are all of them, and the ConfigMap completes them', () => {
    const list = 'extensionProviders: [{ name: checker }, { name: grpc }, { name: merged }]';
    expect(settled(both, `{ name: east, istio: { ${list} } }`).istio).toMatchObject({
      extensionProviders: [
        checker,
        { name: 'grpc', failOpen: false, statusOnError: 503 },
        { name: 'merged', failOpen: false, statusOnError: 403 },
      ],
      knowsAllProviders: true,
    });
  });

  test('are completed by the ConfigMap with what nobody needs to say twice', () => {
    const own = '{ name: checker, kind: http, service: b/a, port: 80, timeout: 1m }, { name: grpc }';
    const text = `
extensionProviders:
  - name: checker
    envoyExtAuthzHttp: { service: a.b.svc.cluster.local, port: 80, timeout: 60.0s, include_request_body_in_check: { max_request_bytes: 9 } }
  - name: grpc
    envoyExtAuthzGrpc: { service: b/a.b.svc.cluster.local, port: 9000 }
`;
    expect(settled(configMap(text), `{ name: east, istio: { extensionProviders: [${own}] } }`).istio).toMatchObject({
      extensionProviders: [
        {
          name: 'checker',
          asked: { kind: 'http', service: { name: 'b/a' }, port: 80 },
          settings: { timeout: '60s', includeRequestBodyInCheck: { maxRequestBytes: 9 } },
        },
        { name: 'grpc', asked: { kind: 'grpc', service: { host: 'b/a.b.svc.cluster.local' }, port: 9000 } },
      ],
    });
    const against = (text: string) =>
      contradictions(configMap(text), `{ name: east, istio: { extensionProviders: [${own}] } }`);
    expect(against(text.replace('60.0s', '6s'))).toEqual([expect.stringMatching(/^AMB1060 1m against/)]);
    expect(against(text.replace('service: a.b', 'service: a.c'))).toEqual([
      expect.stringMatching(/^AMB1060 b\/a against/),
    ]);
    expect(against(text.replace('port: 80', 'port: 81'))).toEqual([expect.stringMatching(/^AMB1060 80 against/)]);
    expect(against(text.replace('envoyExtAuthzHttp', 'envoyExtAuthzGrpc'))).toEqual([
      expect.stringMatching(/^AMB1060 http against/),
    ]);
  });

  test('must agree', () => {
    const list = (text: string) => contradictions(both, `{ name: east, istio: { extensionProviders: [${text}] } }`);
    expect(list('{ name: checker }')).toEqual([
      expect.stringMatching(/^AMB1060 \[\{ name: checker \}\] against - name/),
    ]);
    expect(list('{ name: checker, failOpen: false }, { name: grpc }')).toEqual([
      expect.stringMatching(/^AMB1060 false against - name/),
    ]);
  });
});

describe('the Deployment of istiod', () => {
  test('tells the release, the revision and the flags', () => {
    const env =
      '{ name: PILOT_ENABLE_AMBIENT, value: "true" }, { name: PILOT_PREFER_SENDING_HBONE, value: "0" }, { name: POD_NAME, valueFrom: {} }';
    expect(settled(istiod({ env, revision: '1-30' })).istio).toMatchObject({
      version: '1.30',
      revision: '1-30',
      tags: ['default'],
      flags: { PILOT_ENABLE_AMBIENT: true, PILOT_PREFER_SENDING_HBONE: false },
    });
  });

  test.each([
    ['example/pilot:1.28.4', '1.28'],
    ['registry:5000/pilot:1.31.0@sha256:0123', '1.31'],
    ['example/pilot:latest', '1.29'],
    ['example/pilot@sha256:1230', '1.29'],
  ])('release of %s', (image, version) => expect(settled(istiod({ image })).istio.version).toBe(version));

  test.each([
    ['--domain, corp.local', 'corp.local'],
    ['--domain=corp.local', 'corp.local'],
  ])('domain of %s', (args, domain) => expect(settled(istiod({ args })).mesh.clusterDomain).toBe(domain));

  test('names what it merges: lists grow, and of all else its own counts', () => {
    const env = '{ name: SHARED_MESH_CONFIG, value: ours }';
    const maps =
      configMap(
        'trustDomain: a.example\ntrustDomainAliases: [b.example]\nextensionProviders: [{ name: one, envoyExtAuthzGrpc: {} }]',
      ) +
      configMap(
        'trustDomain: z.example\nenableAutoMtls: false\ntrustDomainAliases: [c.example]\nextensionProviders: [{ name: two, envoyExtAuthzGrpc: {} }]',
        'ours',
      );
    const { trustDomain, trustDomainAliases, istio } = settled(istiod({ env }) + maps);
    expect({ trustDomain, trustDomainAliases }).toEqual({
      trustDomain: 'a.example',
      trustDomainAliases: ['b.example', 'c.example'],
    });
    expect(istio.enableAutoMtls).toBe(false);
    expect(istio.extensionProviders?.map(({ name }) => name)).toEqual(['one', 'two']);
  });
});

describe('an operator', () => {
  test.each([
    ['meshConfig', '{ meshConfig: { enableAutoMtls: false } }', { enableAutoMtls: false }],
    ['its values', '{ values: { meshConfig: { enableAutoMtls: false } } }', { enableAutoMtls: false }],
    [
      'its own before its values',
      '{ meshConfig: { enableAutoMtls: true }, values: { meshConfig: { enableAutoMtls: false } } }',
      { enableAutoMtls: true },
    ],
    ['tag and revision', '{ tag: 1.31.0, revision: blue }', { version: '1.31', revision: 'blue' }],
    [
      'flags of its values',
      '{ values: { pilot: { env: { PILOT_ENABLE_AMBIENT: true } } } }',
      { flags: { PILOT_ENABLE_AMBIENT: true } },
    ],
    [
      'flags of its component',
      '{ components: { pilot: { k8s: { env: [{ name: PILOT_ENABLE_AMBIENT, value: "true" }] } } } }',
      { flags: { PILOT_ENABLE_AMBIENT: true } },
    ],
    ['the ambient profile', '{ profile: ambient }', { sidecarsListenHbone: true }],
    [
      'namespaces that the CNI leaves out',
      '{ values: { cni: { excludeNamespaces: [a, b] } } }',
      { excludeNamespaces: ['a', 'b'] },
    ],
  ])('IstioOperator: %s', (_, spec, expected) => expect(settled(operator(spec)).istio).toMatchObject(expected));

  test('IstioOperator of gateways alone is no installation of istiod', () => {
    const gateways = operator('{ profile: empty, revision: blue, components: { ingressGateways: [] } }');
    expect(settled(gateways).istio.revision).toBe('default');
    expect(settled(gateways + istiod()).istio.revision).toBe('default');
  });

  test.each([
    [
      'version and name',
      sail('{ version: v1.30-latest, values: { meshConfig: { trustDomain: a.b } } }', 'Istio', 'main'),
      { version: '1.30', revision: 'main' },
    ],
    [
      'a revision for each version',
      sail('{ version: v1.30.1, updateStrategy: { type: RevisionBased } }'),
      { revision: 'default-v1-30-1' },
    ],
    ['a revision', sail('{ version: v1.28.0 }', 'IstioRevision', 'old'), { version: '1.28', revision: 'old' }],
    [
      'the CNI',
      sail('{ values: { cni: { excludeNamespaces: [a] } } }', 'IstioCNI'),
      { excludeNamespaces: ['a'], revision: 'default' },
    ],
  ])('sail: %s', (_, text, expected) => expect(settled(text).istio).toMatchObject(expected));

  test('sail: the namespace is the root namespace', () => {
    expect(settled(sail('{ namespace: control }')).mesh.rootNamespace).toBe('control');
  });
});

test('the ConfigMap of the CNI names what it leaves out', () => {
  const text =
    '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio-cni-config, namespace: istio-system }\ndata: { EXCLUDE_NAMESPACES: "kube-system, tools" }\n';
  expect(settled(text).istio.excludeNamespaces).toEqual(['kube-system', 'tools']);
});

describe('contradictions point at both places', () => {
  test.each([
    ['trustDomain: b.example', '{ name: east }', 'trustDomain: a.example, ', ['AMB1060 a.example against b.example']],
    ['trustDomain: b.example', '{ name: east, trustDomain: b.example }', 'trustDomain: a.example, ', []],
    ['trustDomainAliases: [x.y]', '{ name: east }', 'trustDomainAliases: [a.b], ', ['AMB1060 [a.b] against [x.y]']],
    ['trustDomainAliases: [a.b]', '{ name: east }', 'trustDomainAliases: [a.b, c.d], ', []],
    ['enableAutoMtls: false', '{ name: east, istio: { enableAutoMtls: true } }', '', ['AMB1060 true against false']],
    ['discoverySelectors: [{}]', '{ name: east, istio: { discoverySelectors: [{ matchLabels: {} }] } }', '', []],
  ])('%s against %s %s', (text, cluster, spec, expected) => {
    expect(contradictions(configMap(text), cluster, spec)).toEqual(expected);
  });

  test('of release, revision and flag', () => {
    expect(contradictions(istiod(), '{ name: east, istio: { version: "1.29" } }')).toEqual([
      'AMB1060 "1.29" against example/pilot:1.30.2-distroless',
    ]);
    expect(contradictions(istiod({ revision: 'blue' }), '{ name: east, istio: { revision: green } }')).toEqual([
      'AMB1060 green against blue',
    ]);
    const env = '{ name: PILOT_ENABLE_AMBIENT, value: "true" }';
    expect(
      contradictions(istiod({ env }), '{ name: east, istio: { flags: { PILOT_ENABLE_AMBIENT: false } } }'),
    ).toEqual(['AMB1060 false against "true"']);
  });

  test('between two manifests', () => {
    const both = configMap('enableAutoMtls: true') + operator('{ meshConfig: { enableAutoMtls: false } }');
    expect(contradictions(both)).toEqual(['AMB1060 true against false']);
  });

  test('between two clusters, of what is for the whole mesh', () => {
    const clusters = '{ name: east }, { name: west }';
    const { diagnostics } = settle(configMap('rootNamespace: a'), clusters, '', {
      west: configMap('rootNamespace: b'),
    });
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'AMB1060 `rootNamespace` is `a` in MeshConfig `istio-system/istio`, and `b` in MeshConfig `istio-system/istio`',
    ]);
  });

  test('none where a tag names the revision', () => {
    const tag =
      '---\napiVersion: v1\nkind: Service\nmetadata: { name: stable, namespace: istio-system, labels: { istio.io/tag: stable, istio.io/rev: blue } }\nspec: { ports: [] }\n';
    const text = configMap('enableAutoMtls: false', 'istio-blue') + tag;
    expect(settled(text, '{ name: east, istio: { revision: stable } }').istio).toMatchObject({
      revision: 'stable',
      enableAutoMtls: false,
    });
  });
});

describe('control planes of other revisions', () => {
  const mesh = '{ name: east, istio: { revision: blue } }';
  const others = (text: string) =>
    settled(text, mesh).istio.otherRevisions.map(({ name, differences }) => [name, ...differences]);
  const blue = configMap('enableAutoMtls: false\ntrustDomain: cluster.local', 'istio-blue');
  test.each([
    ['none', blue, []],
    ['one that is alike', blue + configMap('enableAutoMtls: false', 'istio-green'), [['green']]],
    [
      'one that says another thing',
      blue + configMap('enableAutoMtls: false\ntrustDomain: other.example', 'istio-green'),
      [['green', 'trustDomain']],
    ],
    [
      'one that leaves a default',
      blue + configMap('a: b', 'istio-green').replace('a: b', 'trustDomain: cluster.local'),
      [['green', 'enableAutoMtls']],
    ],
    [
      'one of another release',
      blue +
        istiod({ revision: 'blue' }) +
        istiod({ revision: 'green', image: 'a/pilot:1.29.0' }).replace('name: istiod,', 'name: istiod-green,'),
      [['green', 'version']],
    ],
    [
      'one with a flag that is off where nobody says',
      blue +
        istiod({ revision: 'blue' }) +
        istiod({ revision: 'green', env: '{ name: PILOT_AUTO_ALLOW_WAYPOINT_POLICY, value: "true" }' }).replace(
          'name: istiod,',
          'name: istiod-green,',
        ),
      [['green', 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY']],
    ],
    [
      'one without a flag that is on beside it',
      blue +
        istiod({ revision: 'blue', env: '{ name: PILOT_AUTO_ALLOW_WAYPOINT_POLICY, value: "true" }' }) +
        istiod({ revision: 'green' }).replace('name: istiod,', 'name: istiod-green,'),
      [['green', 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY']],
    ],
    [
      'one that takes other proxies before its gateways, and sends again otherwise',
      blue +
        configMap(
          'enableAutoMtls: false\ndefaultConfig: { gatewayTopology: { numTrustedProxies: 2 } }\ndefaultHttpRetryPolicy: { attempts: 7 }',
          'istio-green',
        ),
      [['green', 'numTrustedProxies', 'defaultHttpRetryPolicy']],
    ],
    [
      'one that says what is read no further',
      blue + configMap('enableAutoMtls: false\ncaCertificates: [{ pem: a }]', 'istio-green'),
      [['green', 'caCertificates']],
    ],
  ])('%s', (_, text, expected) => expect(others(text)).toEqual(expected));
});

describe('whether ambient is installed', () => {
  const cni = (enabled: string) =>
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio-cni-config, namespace: istio-system }\ndata: { AMBIENT_ENABLED: "${enabled}" }\n`;
  const on = '{ name: PILOT_ENABLE_AMBIENT, value: "true" }';
  test.each([
    ['nobody says', configMap('trustDomain: cluster.local'), true],
    ['istiod without its flag', istiod(), false],
    ['istiod with its flag', istiod({ env: on }), true],
    ['istiod with a flag of no truth', istiod({ env: on.replace('true', 'yes') }), false],
    ['istiod whose flag comes from elsewhere', istiod({ env: '{ name: PILOT_ENABLE_AMBIENT, valueFrom: {} }' }), true],
    ['a CNI that captures nothing', cni('false'), false],
    ['a CNI that captures', cni('true') + istiod({ env: on }), true],
    ['the ambient profile', operator('{ profile: ambient }'), true],
    ['values of the CNI', operator('{ values: { cni: { ambient: { enabled: false } } } }'), false],
    ['the sail operator', sail('{ values: { cni: { ambient: { enabled: false } } } }', 'IstioCNI'), false],
  ])('%s', (_, text, expected) => expect(settle(text).mesh.clusters[0]?.istio.ambient).toBe(expected));

  test('istiod and the CNI must agree', () => {
    expect(contradictions(cni('true') + istiod())).toEqual(['AMB1060 discovery against "true"']);
  });
});

test('of a release that is not known nothing is said about flags', () => {
  const env = '{ name: ENABLE_INGRES_WAYPOINT_ROUTING, value: "true" }';
  expect(contradictions(istiod({ env, image: 'a/pilot:1.27.0' }))).toEqual(['AMB1061 a/pilot:1.27.0']);
  expect(contradictions(istiod({ env }))).toEqual(['AMB1064 ENABLE_INGRES_WAYPOINT_ROUTING']);
});
