import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { type Mesh, readMesh } from '../../../src/mesh/mesh.js';
import { unjudgedCrossings } from '../../../src/mesh/paths/crossing.js';
import type { IstioSettings } from '../../../src/parse/mesh.js';
import { buildTopology } from '../../../src/topology/build-topology.js';
import { objectsOf, policy, settingsOf, threeNamespaces } from '../support/mesh.js';
import { requestOf, sourceOf } from '../support/requests.js';

const ingress = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: plain }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;

/** The same manifests in `east` and `west`, with what is said of `west`, where the callers are. */
function meshOfTwo(networks: 'one network' | 'two networks', istio: Partial<IstioSettings> = {}, more = ''): Mesh {
  const settings = settingsOf();
  const [east] = settings.clusters;
  if (east === undefined) throw new Error('there is a cluster');
  const network = networks === 'one network' ? east.network : 'west';
  const clusters = [east, { ...east, name: 'west', network, istio: { ...east.istio, ...istio } }];
  const objects = objectsOf(threeNamespaces + ingress + more);
  const both = [...objects, ...objects.map((each) => ({ ...each, cluster: 'west' }))];
  return readMesh(buildTopology({ ...settings, clusters }, both).value).value;
}

/** What becomes of a request from `west` to `east`: who arrives, or why nobody does. */
function arrival(mesh: Mesh, from: string, to: string): string {
  const request = requestOf(from, to);
  const source = sourceOf(from);
  if (source.kind === 'outside') throw new Error('who is outside is in no cluster');
  const { path, trace, because } = decide(mesh, { ...request, source: { ...source, cluster: 'west' } });
  if (path.kind !== 'path') return `${path.kind}: ${because}`;
  const seen = trace.map(({ hop: { point }, sees: { principal } }) => {
    const identity = principal.known ? principal.value : undefined;
    return `${point.kind} sees ${identity ? `${identity.namespace}/${identity.serviceAccount}` : 'nobody'}`;
  });
  return seen.join(', ') || 'nothing in between';
}

describe('M-02 between clusters of one network', () => {
  it.each([
    ['side/client', 'side/server:80', 'sidecar sees side/client'],
    ['side/client', 'plain/server:80', 'nothing in between'],
    ['gateway plain/public', 'side/server:80', 'sidecar sees plain/public-istio'],
    ['plain/client', 'side/server:80', 'sidecar sees nobody'],
    ['plain/client', 'pod amb/server:8080', 'ztunnel sees nobody'],
    [
      'amb/client',
      'amb/server:80',
      'not-modelled: ambient traffic between clusters of one network, which Istio has not tested (M-02)',
    ],
    [
      'side/client',
      'amb/server:80',
      'not-modelled: ambient traffic between clusters of one network, which Istio has not tested (M-02)',
    ],
    [
      'amb/client',
      'side/server:80',
      'not-modelled: ambient traffic between clusters of one network, which Istio has not tested (M-02)',
    ],
  ])('%s to %s', (from, to, expected) => expect(arrival(meshOfTwo('one network'), from, to)).toBe(expected));

  it('decides about plaintext as about anybody outside', () => {
    const closed = meshOfTwo(
      'one network',
      {},
      policy('amb', 'by-identity', '{ rules: [{ from: [{ source: { principals: ["*"] } }] }] }'),
    );
    const { verdict } = decide(closed, {
      ...requestOf('plain/client', 'amb/server:80'),
      source: { kind: 'workload', cluster: 'west', workload: 'plain/client' },
    });
    expect(verdict).toEqual({ kind: 'denied', response: 'closed' });
  });
});

describe('M-13, M-30, M-31 between networks', () => {
  const mixed = 'no-path: no gateway connects sidecars and ambient pods across networks (M-30)';
  const early = 'not-modelled: sidecars and ambient pods across networks before Istio 1.29 (M-30)';
  const toService = 'no-path: what crosses networks is addressed to a Service (M-13)';
  const dropped =
    'no-path: with AMBIENT_ENABLE_MULTI_NETWORK an ingress gateway drops the endpoints of other networks (M-31)';
  const byGateway = 'not-modelled: how an ingress gateway reaches another network (M-31)';
  const multiNetwork = { AMBIENT_ENABLE_MULTI_NETWORK: true };
  const hboneIngress = { ...multiNetwork, AMBIENT_ENABLE_MULTI_NETWORK_INGRESS: true };

  it.each([
    ['side/client', 'amb/server:80', {}, mixed],
    ['amb/client', 'side/server:80', {}, mixed],
    ['amb/client', 'side/server:80', { version: '1.31' }, mixed],
    ['side/client', 'amb/server:80', { version: '1.28' }, early],
    ['plain/client', 'side/server:80', {}, 'no-path: gateways between networks take mutual TLS alone (M-03, M-15)'],
    ['plain/client', 'pod side/server:8080', {}, toService],
    ['amb/client', 'pod amb/server:8080', {}, toService],
    ['side/client', 'pod side/server:8080', {}, toService],
    [
      'side/client',
      'side/server:80',
      {},
      'not-modelled: which gateway passes TLS through to another network, for none is read from manifests (M-30)',
    ],
    [
      'amb/client',
      'amb/server:80',
      {},
      'not-modelled: which identity arrives through an ambient east-west gateway (istio-security §13)',
    ],
    ['side/client', 'plain/server:80', {}, 'not-modelled: workloads outside the mesh, from another network'],
    ['gateway plain/public', 'side/server:80', {}, byGateway],
    ['gateway plain/public', 'side/server:80', { flags: multiNetwork }, dropped],
    ['gateway plain/public', 'amb/server:80', { flags: multiNetwork }, dropped],
    ['gateway plain/public', 'amb/server:80', { flags: hboneIngress }, byGateway],
  ] as const)('%s to %s with %j', (from, to, istio, expected) =>
    expect(arrival(meshOfTwo('two networks', istio), from, to)).toBe(expected),
  );
});

describe('what is not judged', () => {
  it('is each missing fact once', () => {
    expect(unjudgedCrossings(meshOfTwo('one network'))).toEqual([
      'ambient traffic between clusters of one network, which Istio has not tested (M-02)',
    ]);
    expect(
      unjudgedCrossings(meshOfTwo('two networks', { flags: { AMBIENT_ENABLE_MULTI_NETWORK: true } })),
    ).toHaveLength(3);
  });

  it('is nothing where callers can only come as the facts say', () => {
    const side = threeNamespaces.replaceAll('istio.io/dataplane-mode: ambient', 'istio-injection: enabled');
    const settings = settingsOf();
    const clusters = settings.clusters.flatMap((cluster) => [cluster, { ...cluster, name: 'west' }]);
    const objects = objectsOf(side);
    const both = [...objects, ...objects.map((each) => ({ ...each, cluster: 'west' }))];
    expect(unjudgedCrossings(readMesh(buildTopology({ ...settings, clusters }, both).value).value)).toEqual([]);
  });
});
