import { expect, it } from 'vitest';
import { buildTopology } from '../../src/topology/build-topology.js';
import { type Fault, faultNames } from '../../src/verify/fault-names.js';
import { decideUnder, withFaults } from '../../src/verify/faults.js';
import { type Mesh, readMesh } from '../../src/verify/mesh.js';
import {
  objectsOf,
  peerAuthentication,
  policy,
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
spec: { jwtRules: [{ issuer: fetched }, { issuer: inline, jwks: '{}' }] }
`;

function meshUnder(fault?: Fault): Mesh {
  const objects = withFaults(objectsOf(manifests), fault === undefined ? [] : [fault]);
  return readMesh(buildTopology(settingsOf(), objects).value).value;
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
  ['ext-authz-down', asked, 'allowed', 'not-modelled'],
  ['jwks-unavailable', token('fetched'), 'allowed', 'unauthenticated'],
  ['jwks-unavailable', token('inline'), 'allowed', 'allowed'],
  ['mtls-permissive', plaintext, 'closed', 'allowed'],
] as const)('%s', (fault, request, before, after) => {
  expect(answer(request)).toBe(before);
  expect(answer(request, fault)).toBe(after);
});

it('leaves alone what a fault does not touch', () => {
  const untouched = requestOf('plain/client', 'plain/server:80');
  expect(faultNames.map((fault) => answer(untouched, fault))).toEqual(faultNames.map(() => 'allowed'));
});
