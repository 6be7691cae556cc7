import { describe, expect, it } from 'vitest';
import { callerOf } from '../../../src/mesh/paths/caller.js';
import { knownHosts } from '../../../src/mesh/paths/known-hosts.js';
import { meshOf, service, threeNamespaces, workload } from '../support/mesh.js';

const client = `---
apiVersion: v1
kind: Namespace
metadata: { name: other, labels: { istio-injection: enabled } }
${workload('other', 'client')}${workload('other', 'shelf')}${service('other', 'shelf')}`;

function sidecar(...hosts: readonly string[]): string {
  return `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: other }
spec: { egress: [{ hosts: ${JSON.stringify(hosts)} }] }
`;
}

function virtualService(namespace: string, spec: string): string {
  return `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: routes, namespace: ${namespace} }
spec: ${spec}
`;
}

function known(text: string): readonly string[] {
  const mesh = meshOf(threeNamespaces + client + text);
  const caller = callerOf(mesh, { kind: 'workload', cluster: 'east', workload: 'other/client' });
  const at = mesh.clusters.get('east');
  if (caller.kind !== 'caller' || at === undefined) throw new Error('the client is there');
  return [...new Set(knownHosts(at, caller).map(({ host }) => host.replace('.svc.cluster.local', '')))].sort();
}

const toServer = '[{ route: [{ destination: { host: server.side.svc.cluster.local } }] }]';

describe('F-56 what a sidecar is configured for', () => {
  it('is everything without a Sidecar', () => {
    expect(known('')).toEqual(['server.amb', 'server.plain', 'server.side', 'shelf.other']);
  });

  it('is what a Sidecar imports', () => {
    expect(known(sidecar('./*', 'side/*'))).toEqual(['server.side', 'shelf.other']);
    expect(known(sidecar('~/*'))).toEqual([]);
  });

  it('is also what imported routes lead to', () => {
    const routes = `{ hosts: [shelf.other.svc.cluster.local], http: ${toServer} }`;
    expect(known(sidecar('./*') + virtualService('other', routes))).toEqual(['server.side', 'shelf.other']);
    expect(known(sidecar('side/*.amb.svc.cluster.local') + virtualService('other', routes))).toEqual([]);
  });

  it('leaves out what routes lead to that are not exported to it, or live in another namespace', () => {
    const routes = `{ hosts: [shelf.other.svc.cluster.local], http: ${toServer} }`;
    const hidden = `{ exportTo: ["."], hosts: [shelf.other.svc.cluster.local], http: ${toServer} }`;
    expect(known(sidecar('./*') + virtualService('amb', routes))).toEqual(['shelf.other']);
    expect(known(sidecar('./*', 'amb/shelf.other.svc.cluster.local') + virtualService('amb', routes))).toEqual([
      'server.side',
      'shelf.other',
    ]);
    expect(known(sidecar('./*', 'amb/shelf.other.svc.cluster.local') + virtualService('amb', hidden))).toEqual([
      'shelf.other',
    ]);
  });
});
