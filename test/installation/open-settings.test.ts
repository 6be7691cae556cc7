import { expect, it } from 'vitest';
import { settleMesh } from '../../src/installation/settle.js';
import { parseSources } from '../../src/parse/parse-sources.js';

/** What is left open of the installation, and for whom. */
function open(text: string): readonly string[] {
  const { mesh, objects } = parseSources([{ path: 'east.yaml', text }]).value;
  const { value } = settleMesh(mesh, objects);
  return value.clusters.flatMap(({ istio }) => (istio.open ?? []).map(({ what, of }) => `${what}, for ${of}`));
}

function configMap(name: string, key: string, text: string): string {
  const lines = text.replace(/^/gm, '    ');
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: istio-system }\ndata:\n  ${key}: |-\n${lines}\n`;
}

const mesh = (text: string) => configMap('istio', 'mesh', text);

it.each([
  ['defaultConfig: { interceptionMode: NONE }', '`defaultConfig.interceptionMode` in MeshConfig `istio-system/istio`'],
  [
    'default_config: { proxy_metadata: { TRUST_DOMAIN: own } }',
    '`default_config.proxy_metadata` in MeshConfig `istio-system/istio`',
  ],
  [
    'defaultConfig: { discoveryAddress: "other:15012" }',
    '`defaultConfig.discoveryAddress` in MeshConfig `istio-system/istio`',
  ],
  [
    'defaultConfig: { discoveryAddress: "istiod-canary.istio-system.svc:15012" }',
    '`defaultConfig.discoveryAddress` in MeshConfig `istio-system/istio`',
  ],
  ['configSources: [{ address: "xds://other:15010" }]', '`configSources` in MeshConfig `istio-system/istio`'],
  ['protocolDetectionTimeout: 5s', '`protocolDetectionTimeout` in MeshConfig `istio-system/istio`'],
  ['caCertificates: [{ pem: own }]', '`caCertificates` in MeshConfig `istio-system/istio`'],
])('a MeshConfig leaves open what all proxies do: %s', (text, expected) => {
  expect(open(mesh(text))).toEqual([`${expected}, for proxies`]);
});

it.each([
  'defaultConfig: { interceptionMode: REDIRECT, concurrency: 2, holdApplicationUntilProxyStarts: true }',
  'defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true", ISTIO_META_ENABLE_HBONE: "true" } }',
  'accessLogFile: /dev/stdout',
  'defaultConfig: { discoveryAddress: "istiod.istio-system.svc:15012" }',
  'protocolDetectionTimeout: 0s',
  'configSources: []',
])('a MeshConfig that says nothing of it: %s', (text) => expect(open(mesh(text))).toEqual([]));

const values = {
  usual:
    '{"global": {"proxy": {"includeIPRanges": "*", "excludeIPRanges": "", "excludeInboundPorts": ""}}, "sidecarInjectorWebhook": {"neverInjectSelector": []}}',
  ranges: '{"global": {"proxy": {"includeIPRanges": "10.0.0.0/8", "excludeInboundPorts": 9000}}}',
  selector: '{"sidecarInjectorWebhook": {"neverInjectSelector": [{"matchLabels": {"job": "yes"}}]}}',
};

it.each([
  ['values', values.usual, []],
  ['values', values.ranges, ['`global.proxy.includeIPRanges`', '`global.proxy.excludeInboundPorts`']],
  ['values', values.selector, ['`sidecarInjectorWebhook.neverInjectSelector`']],
  ['config', 'policy: enabled\nneverInjectSelector: []', []],
  ['config', 'policy: disabled', ['`policy`']],
  ['config', 'alwaysInjectSelector: [{ matchLabels: { a: b } }]', ['`alwaysInjectSelector`']],
])('%s of the injector: %s', (key, text, expected) => {
  const found = expected.map((what) => `${what} in ConfigMap \`istio-system/istio-sidecar-injector\`, for sidecars`);
  expect(open(configMap('istio-sidecar-injector', key, text))).toEqual(found);
});

it('the values and the MeshConfig of an operator are those of the installation', () => {
  const operator = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: own, namespace: istio-system }
spec:
  meshConfig: { defaultConfig: { runtimeValues: { a: b } } }
  values: { global: { proxy: { excludeOutboundPorts: "3306" } }, meshConfig: { caCertificates: [{ pem: own }] } }
`;
  expect(open(operator)).toEqual([
    '`defaultConfig.runtimeValues` in IstioOperator `istio-system/own`, for proxies',
    '`caCertificates` in IstioOperator `istio-system/own`, for proxies',
    '`global.proxy.excludeOutboundPorts` in IstioOperator `istio-system/own`, for sidecars',
  ]);
});
