import { describe, expect, it } from 'vitest';
import { callerPool } from '../../src/algebra/caller-pool.js';
import { nameOfLane } from '../../src/algebra/lane.js';
import { lanesOfAnyBytesTo, lanesTo } from '../../src/algebra/lanes.js';
import { plannerOf } from '../../src/algebra/planner.js';
import type { Mesh } from '../../src/mesh/mesh.js';
import { meshOf, service, threeNamespaces, waypoint } from '../mesh/support/mesh.js';

/** The lanes that are for bytes alone which no port is declared for. */
function lanesOfBytes(mesh: Mesh, key: string): readonly string[] {
  const at = mesh.clusters.get('east');
  const workload = at?.cluster.workloads.get(key);
  if (at === undefined || workload === undefined) throw new Error(`no workload ${key}`);
  const place = { workload, at, given: at.cluster, planner: plannerOf(mesh, callerPool(mesh), 'east') };
  const declared = new Set(lanesTo(place).map(({ lane }) => nameOfLane(lane)));
  const all = lanesOfAnyBytesTo(place).map(({ lane }) => nameOfLane(lane));
  expect(new Set(all).size).toBe(all.length);
  return all.filter((name) => !declared.has(name));
}

/** In front of the ambient server, for what is addressed to it in this way. */
function behindWaypoint(serves: string): string {
  const label = '{ istio.io/use-waypoint: waypoint }';
  const bound = threeNamespaces
    .replace(service('amb', 'server'), service('amb', 'server', label))
    .replace('istio.io/dataplane-mode: ambient', 'istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint');
  return bound + waypoint('amb', 'waypoint', serves);
}

describe('§2.5 bytes that are no request, at a port that is declared HTTP', () => {
  const mesh = meshOf(threeNamespaces);

  it('get through where ztunnel stands alone, or nothing does', () => {
    expect(lanesOfBytes(mesh, 'amb/server')).toEqual(['tcp amb/server:80']);
    expect(lanesOfBytes(mesh, 'plain/server')).toEqual(['tcp plain/server:80', 'tcp pod of plain/server:8080']);
  });

  it('get nowhere past a sidecar', () => {
    expect(lanesOfBytes(mesh, 'side/server')).toEqual([]);
  });

  it('get through from somebody, whomever NetworkPolicies stop', () => {
    const closed = (namespace: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: ${namespace} }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { app: client } } }] }] }
`;
    const stopped = meshOf(threeNamespaces + closed('amb') + closed('side'));
    expect(lanesOfBytes(stopped, 'amb/server')).toEqual(['tcp amb/server:80']);
    expect(lanesOfBytes(stopped, 'side/server')).toEqual([]);
  });

  it('get past a waypoint for Services from those who do not come by it', () => {
    expect(lanesOfBytes(meshOf(behindWaypoint('service')), 'amb/server')).toEqual(['tcp amb/server:80']);
  });

  it('get through a waypoint for pods, which detects what comes', () => {
    const found = lanesOfBytes(meshOf(behindWaypoint('all')), 'amb/server');
    expect(found).toEqual(['tcp amb/server:80', 'tcp pod of amb/server:8080']);
  });
});
