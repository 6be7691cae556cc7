import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, peerAuthentication, policy, service, threeNamespaces, workload } from '../support/mesh.js';
import { requestOf, verdictOf } from '../support/requests.js';

const selecting = (...names: readonly string[]) => ({
  discoverySelectors: [
    {
      matchLabels: {},
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In' as const, values: names }],
    },
  ],
});
const denyAll = policy('side', 'nobody', '{}');

describe('a namespace that istiod does not watch', () => {
  it('has no policies for it, and what holds for its pods is not known', () => {
    const mesh = meshOf(threeNamespaces + denyAll, selecting('istio-system', 'amb', 'plain'));
    expect(decide(mesh, requestOf('amb/client', 'side/server:80')).because).toBe(
      'what holds in namespace `side`, which istiod does not watch (§9.2)',
    );
    expect(mesh.clusters.get('east')?.authorization.size).toBe(0);
    expect(mesh.topology.clusters[0]?.unwatchedPolicies.map(({ name }) => name)).toEqual(['nobody']);
  });

  it('leaves its sidecars their identity as callers, and ztunnel none', () => {
    const mesh = meshOf(threeNamespaces, selecting('istio-system', 'plain'));
    const sides = meshOf(
      threeNamespaces + peerAuthentication('istio-system', 'all', '{ mtls: { mode: STRICT } }'),
      selecting('istio-system', 'amb'),
    );
    expect(verdictOf(mesh, 'amb/client', 'plain/server:80')).toBe('not-modelled');
    expect(verdictOf(sides, 'side/client', 'amb/server:80')).toBe('allowed');
    expect(verdictOf(sides, 'plain/client', 'amb/server:80')).toBe('closed');
  });

  it('is no matter for pods outside the mesh', () => {
    const mesh = meshOf(threeNamespaces, selecting('istio-system', 'side'));
    expect(verdictOf(mesh, 'side/client', 'plain/server:80')).toBe('allowed');
  });

  it('has Services that are in no registry, which a sidecar may be told to call none of', () => {
    const only = { ...selecting('istio-system', 'side', 'amb'), outboundTrafficPolicy: 'REGISTRY_ONLY' as const };
    const mesh = meshOf(threeNamespaces, only);
    expect(verdictOf(mesh, 'side/client', 'plain/server:80')).toBe('no-path');
    expect(verdictOf(mesh, 'amb/client', 'plain/server:80')).toBe('allowed');
    const watched = { ...only, ...selecting('istio-system', 'side', 'amb', 'plain') };
    expect(verdictOf(meshOf(threeNamespaces, watched), 'side/client', 'plain/server:80')).toBe('allowed');
  });

  it('may be the root namespace, whose policies then do nothing anywhere', () => {
    const root = policy('istio-system', 'nobody', '{}');
    expect(verdictOf(meshOf(threeNamespaces + root), 'side/client', 'side/server:80')).toBe('forbidden');
    expect(verdictOf(meshOf(threeNamespaces + root, selecting('side')), 'side/client', 'side/server:80')).toBe(
      'allowed',
    );
  });

  it('cannot be told where its labels are not given', () => {
    const far = workload('far', 'server', ', istio.io/dataplane-mode: ambient') + service('far', 'server');
    const mesh = meshOf(threeNamespaces + far, selecting('istio-system', 'amb'));
    expect(decide(mesh, requestOf('amb/client', 'far/server:80')).because).toBe(
      'whether istiod watches namespace `far`, whose labels are not given',
    );
  });
});
