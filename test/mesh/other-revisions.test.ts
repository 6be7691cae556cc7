import { describe, expect, it } from 'vitest';
import { decide } from '../../src/mesh/decide.js';
import { doubtsIn } from '../../src/mesh/doubts/registry.js';
import { meshOf, service, threeNamespaces, workload } from './support/mesh.js';
import { requestOf, verdictOf } from './support/requests.js';

const canary = (labels: string) =>
  `${threeNamespaces}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: far, labels: ${labels} }\n${workload('far', 'client')}${workload('far', 'server')}${service('far', 'server')}`;
const tag = `---
apiVersion: v1
kind: Service
metadata: { name: stable, namespace: istio-system, labels: { istio.io/tag: stable, istio.io/rev: canary } }
spec: { ports: [] }
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: stable, labels: { istio.io/tag: stable, istio.io/rev: canary } }
webhooks: []
`;
const otherRevisions = [{ name: 'canary', settings: {}, differences: ['enableAutoMtls'] }];
const because = 'what holds for proxies of revision `canary`, where `enableAutoMtls` is another (E-30)';

describe('E-30 proxies of another control plane, whose MeshConfig is another', () => {
  it.each([
    ['by its name', '{ istio.io/rev: canary }', ''],
    ['by a tag', '{ istio.io/rev: stable }', tag],
  ])('are not known, %s', (_, labels, more) => {
    const mesh = meshOf(canary(labels) + more, { otherRevisions });
    expect(decide(mesh, requestOf('side/client', 'far/server:80')).because).toBe(because);
    expect(decide(mesh, requestOf('far/client', 'side/server:80')).because).toContain('canary');
    expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe('allowed');
    const [east] = mesh.clusters.values();
    expect(east && doubtsIn(east).map(({ what, places }) => [what, places])).toEqual([
      ['revision `canary`, where `enableAutoMtls` is another', ['far/client', 'far/server']],
    ]);
  });

  it('are as all others where nothing is known to differ', () => {
    const mesh = meshOf(canary('{ istio.io/rev: canary }'), {
      otherRevisions: [{ name: 'canary', settings: {}, differences: [] }],
    });
    expect(verdictOf(mesh, 'far/client', 'far/server:80')).toBe('allowed');
    expect(mesh.topology.clusters[0]?.workloads.get('far/server')?.mode.plane).toBe('sidecar');
  });

  it('are those of the default revision, where the Mesh document names another', () => {
    const settings = {
      revision: 'blue',
      otherRevisions: [{ name: 'default', settings: {}, differences: ['version'] }],
    };
    expect(verdictOf(meshOf(threeNamespaces, settings), 'amb/client', 'side/server:80')).toBe('not-modelled');
    expect(verdictOf(meshOf(canary('{ istio.io/rev: blue }'), settings), 'amb/client', 'far/server:80')).toBe(
      'allowed',
    );
  });
});
