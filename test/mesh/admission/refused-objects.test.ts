import { describe, expect, it } from 'vitest';
import { meshOf, service, threeNamespaces, workload } from '../support/mesh.js';
import { get, verdictOf } from '../support/requests.js';

const object = (kind: string, name: string, spec: string, metadata = '') => `---
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: side${metadata} }
spec: ${spec}
`;
const base = threeNamespaces + workload('side', 'other') + service('side', 'other');
const toOther = 'route: [{ destination: { host: other } }]';
const sent = (text: string, path = '/') => verdictOf(meshOf(base + text), 'side/client', 'side/server:80', get(path));

describe('what the cluster refuses', () => {
  it('routes nobody: what it says is as if it were not written', () => {
    const rules = (timeout: string) => `{ hosts: [server], http: [{ timeout: ${timeout}, ${toOther} }] }`;
    expect(sent(object('VirtualService', 'r', rules('1s')))).toBe('no-path');
    expect(sent(object('VirtualService', 'r', rules('1us')))).toBe('allowed');
  });

  it('is there where it was read from a cluster, whatever is wrong with it', () => {
    const rules = `{ hosts: [server], http: [{ timeout: 1us, ${toOther} }] }`;
    expect(sent(object('VirtualService', 'r', rules, ', uid: 5f1c'))).toBe('no-path');
  });

  it('names no versions, narrows nothing, and is no host', () => {
    const split = object(
      'VirtualService',
      'r',
      '{ hosts: [server], http: [{ route: [{ destination: { host: server, subset: v1 } }] }] }',
    );
    const versions = (more: string) =>
      object('DestinationRule', 'd', `{ host: server, ${more} subsets: [{ name: v1, labels: { app: server } }] }`);
    expect(sent(split + versions(''))).toBe('allowed');
    expect(sent(split + versions('exportTo: [".", "*"],'))).toBe('answered');
    const egress = (host: string) =>
      object('Sidecar', 's', `{ egress: [{ hosts: ["${host}"] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY } }`);
    expect(sent(egress('./other.side.svc.cluster.local'))).toBe('no-path');
    expect(sent(egress('other.side.svc.cluster.local'))).toBe('allowed');
    const entry = (number: number) =>
      object(
        'ServiceEntry',
        'e',
        `{ hosts: [far.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{ number: ${number}, name: http, protocol: HTTP }] }`,
      );
    const lead = object(
      'VirtualService',
      'r',
      '{ hosts: [server], http: [{ route: [{ destination: { host: far.example } }] }] }',
    );
    expect(sent(lead + entry(80))).toBe('no-path');
    expect(sent(lead + entry(0))).toBe('answered');
  });
});
