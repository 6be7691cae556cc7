import { expect, it } from 'vitest';
import { type Fault, faultNames } from '../../src/mesh/fault-names.js';
import { decideUnder, withFaults } from '../../src/mesh/faults.js';
import { type Mesh, readMesh } from '../../src/mesh/mesh.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { traceOf } from '../../src/trace/trace.js';
import {
  objectsOf,
  peerAuthentication,
  policy,
  type Settings,
  service,
  settingsOf,
  threeNamespaces,
  waypoint,
} from './support/mesh.js';
import { get, requestOf, tokenOf } from './support/requests.js';

const manifests = `${threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'))}
${waypoint('amb')}
${policy('amb', 'no-delete', '{ targetRefs: [{ group: "", kind: Service, name: server }], action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }')}
${policy('side', 'ask', '{ action: CUSTOM, provider: { name: opa }, rules: [{ to: [{ operation: { paths: [/asked] } }] }] }')}
${peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }')}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: fetched, namespace: side }
spec: { jwtRules: [{ issuer: fetched }, { issuer: inline, jwks: '{"keys": []}' }] }
`;

function meshUnder(fault?: Fault, settings: Settings = {}): Mesh {
  const objects = withFaults(objectsOf(manifests), fault === undefined ? [] : [fault]);
  return readMesh(buildTopology(settingsOf(settings), objects).value).value;
}

function answer(request: ReturnType<typeof requestOf>, fault?: Fault): string {
  const { verdict } = decideUnder(meshUnder(fault), request, fault === undefined ? [] : [fault]);
  return verdict.kind === 'denied' ? verdict.response : verdict.kind;
}

const throughWaypoint = requestOf('amb/client', 'amb/server:80', get('/', { method: 'DELETE' }));
const fine = requestOf('amb/client', 'amb/server:80');
const plaintext = requestOf('outside', 'pod side/server:8080');
const asked = requestOf('side/client', 'side/server:80', get('/asked'));
const token = (issuer: string) => requestOf('side/client', 'side/server:80', get('/', { token: tokenOf(issuer, 'a') }));

it.each([
  ['waypoint-missing', throughWaypoint, 'forbidden', 'allowed'],
  ['waypoint-not-ready', throughWaypoint, 'forbidden', 'allowed'],
  ['waypoint-down', fine, 'allowed', 'closed'],
  ['ext-authz-down', asked, 'not-modelled', 'not-modelled'],
  ['jwks-unavailable', token('fetched'), 'allowed', 'unauthenticated'],
  ['jwks-unavailable', token('inline'), 'allowed', 'allowed'],
  ['mtls-permissive', plaintext, 'closed', 'allowed'],
] as const)('%s', (fault, request, before, after) => {
  expect(answer(request)).toBe(before);
  expect(answer(request, fault)).toBe(after);
});

it.each([
  ['that fails open', true, 'reaches the service', 'no policy denies it', []],
  [
    'that does not',
    false,
    'status 503',
    'external authorizer `opa` does not answer, and does not fail open (§7)',
    ['side/ask'],
  ],
] as const)('decides without an authorizer %s', (_, failOpen, seen, because, policies) => {
  const mesh = meshUnder(undefined, { extensionProviders: [{ name: 'opa', failOpen, statusOnError: 503 }] });
  const trace = traceOf(mesh, decideUnder(mesh, asked, ['ext-authz-down']));
  expect(trace).toMatchObject({ seen, because });
  const denying = trace.responsible.filter(({ role }) => role === 'denies');
  expect(denying.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(policies);
});

it('leaves alone what a fault does not touch', () => {
  const untouched = requestOf('plain/client', 'plain/server:80');
  expect(faultNames.map((fault) => answer(untouched, fault))).toEqual(faultNames.map(() => 'allowed'));
});
