import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { doubtsIn } from '../../../src/mesh/doubts/registry.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { meshOf, service, threeNamespaces } from '../support/mesh.js';
import { requestOf } from '../support/requests.js';

const pod = `---
apiVersion: v1
kind: Pod
metadata: { name: one, namespace: side, labels: { app: one } }
spec: { containers: [{ name: main, image: example }] }
status: { podIP: 10.1.0.5 }
`;
const target = service('side', 'listed').replace('  selector: { app: listed }\n', '');

function slice(address: string, port: number, more = ''): string {
  return `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: list, namespace: side, labels: { kubernetes.io/service-name: listed } }
addressType: IPv4
endpoints: [{ addresses: [${address}]${more} }]
ports: [{ name: tcp, port: ${port} }]
`;
}

function endpoints(address: string): string {
  return `---
apiVersion: v1
kind: Endpoints
metadata: { name: listed, namespace: side }
subsets: [{ addresses: [{ ip: ${address} }], ports: [{ name: tcp, port: 9000 }] }]
`;
}

function doubts({ clusters }: Mesh): readonly string[] {
  return [...clusters.values()].flatMap((at) =>
    doubtsIn(at).map(({ what, path, places }) => `${what} (${path.join('.')}): ${places.join(', ')}`),
  );
}

const mesh = (...manifests: readonly string[]) => meshOf(threeNamespaces + pod + target + manifests.join(''));

describe('the addresses behind a Service without a selector', () => {
  it.each([
    ['a pod that is given', slice('10.1.0.5', 9000), []],
    ['a pod that is named', slice('10.1.0.6', 9000, ', targetRef: { kind: Pod, name: one }'), []],
    ['nobody', slice('10.9.9.9', 9000), ['an address in EndpointSlice `side/list` (endpoints.0): side/listed']],
    [
      'nobody, written as Endpoints',
      endpoints('10.9.9.9'),
      ['an address in Endpoints `side/listed` (subsets.0.addresses.0): side/listed'],
    ],
    ['a pod, whatever older Endpoints say', slice('10.1.0.5', 9000) + endpoints('10.9.9.9'), []],
    ['names, which Istio does not read', slice('10.9.9.9', 9000).replace('IPv4', 'FQDN'), []],
  ])('are those of %s', (_, manifests, expected) => expect(doubts(mesh(manifests))).toEqual(expected));

  it('count for nothing where the Service selects pods', () => {
    const selecting = slice('10.9.9.9', 9000).replace('service-name: listed', 'service-name: server');
    expect(doubts(meshOf(threeNamespaces + selecting))).toEqual([]);
  });

  it('are the API server’s own behind the Service of that name', () => {
    const own = (text: string) =>
      text.replaceAll('listed', 'kubernetes').replaceAll('namespace: side', 'namespace: default');
    expect(doubts(meshOf(threeNamespaces + own(target) + own(slice('10.9.9.9', 9000))))).toEqual([]);
  });
});

it('a port that a list leads elsewhere is undecided, and no other one', () => {
  const shifted = mesh(slice('10.1.0.5', 9999));
  expect(doubts(shifted)).toEqual(['the port in EndpointSlice `side/list` (endpoints.0): side/listed']);
  const verdict = (port: number) => {
    const destination = {
      kind: 'service',
      cluster: 'east',
      service: 'side/listed',
      workload: 'side/one',
      port,
    } as const;
    return decide(shifted, { ...requestOf('plain/client', 'side/server:80'), destination }).verdict.kind;
  };
  expect([81, 82].map(verdict)).toEqual(['not-modelled', 'allowed']);
});
