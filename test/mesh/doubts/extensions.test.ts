import { expect, it } from 'vitest';
import { doubtsIn } from '../../../src/mesh/doubts/registry.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { meshOf, service, threeNamespaces, workload } from '../support/mesh.js';
import { verdictOf } from '../support/requests.js';

const deployed = threeNamespaces + workload('side', 'second') + service('side', 'second');

function object(kind: string, spec: string): string {
  const group = kind === 'ProxyConfig' ? 'networking.istio.io/v1beta1' : 'extensions.istio.io/v1alpha1';
  return `---\napiVersion: ${group}\nkind: ${kind}\nmetadata: { name: own, namespace: side }\nspec: ${spec}\n`;
}

const selector = 'selector: { matchLabels: { app: server } }';

function placesOf({ clusters }: Mesh): readonly string[] {
  return [...clusters.values()].flatMap((at) =>
    doubtsIn(at).map(({ what, places }) => `${what}: ${places.join(', ')}`),
  );
}

it.each([
  ['WasmPlugin', `{ ${selector}, url: "oci://x" }`],
  ['TrafficExtension', `{ ${selector}, lua: { inlineCode: x } }`],
  ['ProxyConfig', `{ ${selector}, environmentVariables: { TRUST_DOMAIN: other } }`],
])('a %s is for the workload that it selects, what arrives there and what it sends', (kind, spec) => {
  const mesh = meshOf(deployed + object(kind, spec));
  expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe('not-modelled');
  expect(verdictOf(mesh, 'side/server', 'side/second:80')).toBe('not-modelled');
  expect(verdictOf(mesh, 'side/client', 'side/second:80')).toBe('allowed');
  expect(placesOf(mesh)).toEqual([`${kind} \`side/own\`: side/server`]);
});

it.each([
  ['SERVER', 'not-modelled', 'allowed'],
  ['CLIENT', 'allowed', 'not-modelled'],
  ['CLIENT_AND_SERVER', 'not-modelled', 'not-modelled'],
])('§2.8 a plugin of mode %s', (mode, arriving, sent) => {
  const mesh = meshOf(deployed + object('WasmPlugin', `{ ${selector}, url: x, match: [{ mode: ${mode} }] }`));
  expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe(arriving);
  expect(verdictOf(mesh, 'side/server', 'side/second:80')).toBe(sent);
});

it('§2.8 a plugin runs on the ports that it names: those of the pod where requests arrive, those addressed elsewhere', () => {
  const match = 'match: [{ mode: SERVER, ports: [{ number: 9000 }] }, { mode: CLIENT, ports: [{ number: 80 }] }]';
  const mesh = meshOf(deployed + object('WasmPlugin', `{ ${selector}, url: x, ${match} }`));
  expect([80, 81].map((port) => verdictOf(mesh, 'side/client', `side/server:${port}`))).toEqual([
    'allowed',
    'not-modelled',
  ]);
  expect([80, 81].map((port) => verdictOf(mesh, 'side/server', `side/second:${port}`))).toEqual([
    'not-modelled',
    'allowed',
  ]);
});

it.each([
  '{ concurrency: 2 }',
  '{ environmentVariables: { ISTIO_META_DNS_CAPTURE: "true" } }',
  '{ image: { imageType: distroless } }',
])('a ProxyConfig that decides nothing is no doubt: %s', (spec) => {
  expect(placesOf(meshOf(deployed + object('ProxyConfig', spec)))).toEqual([]);
});
