import { describe, expect, it } from 'vitest';
import type { State } from '../../src/changes/change.js';
import { compareMeshes } from '../../src/changes/compare-meshes.js';
import { meshOf, objectsOf, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';

const ground = [
  threeNamespaces,
  waypoint('amb'),
  service('amb', 'shop', '{ istio.io/use-waypoint: waypoint }'),
  workload('amb', 'shop'),
].join('');

/** Until Istio 1.29.2 a waypoint took the rules of the oldest alone, and since then those of both (T-04). */
function httpRoute(name: string, rules: string, port = ', port: 80'): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: amb, creationTimestamp: "2026-01-01T00:00:00Z" }
spec: { parentRefs: [{ group: "", kind: Service, name: shop${port} }], rules: [${rules}] }
`;
}

function virtualService(rules: string): string {
  return `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: old, namespace: amb, creationTimestamp: "2025-01-01T00:00:00Z" }
spec: { hosts: [shop], http: [${rules}] }
`;
}

function stateOf(...texts: readonly string[]): State {
  const text = [ground, ...texts].join('');
  return { mesh: meshOf(text), objects: objectsOf(text) };
}

const books = (prefix: string) =>
  `{ matches: [{ path: { type: PathPrefix, value: ${prefix} } }], backendRefs: [{ name: shop, port: 80 }] }`;
const toShop = 'route: [{ destination: { host: shop, port: { number: 80 } } }]';

function doubtsAdded(before: State, after: State): readonly string[] {
  const { changes } = compareMeshes(before, after, { isOfRequestsAlone: true });
  return changes.map(({ kind }) => kind);
}

describe('a second route for a Service', () => {
  it('leaves nothing open where it says what the first says', () => {
    const old = httpRoute('old', books('/books'), '');
    expect(doubtsAdded(stateOf(old), stateOf(old, httpRoute('new', books('/books'))))).toEqual([]);
  });

  it('leaves nothing open where it is of another kind and says the same', () => {
    const anna = `{ match: [{ headers: { x-tester: { exact: anna } } }], ${toShop} }`;
    const header = '{ name: x-tester, type: Exact, value: anna }';
    const same = httpRoute('new', `{ matches: [{ headers: [${header}] }], backendRefs: [{ name: shop, port: 80 }] }`);
    expect(doubtsAdded(stateOf(virtualService(anna)), stateOf(virtualService(anna), same))).toEqual([]);
  });

  it('leaves open what becomes of requests where it says something else', () => {
    const old = httpRoute('old', books('/books'), '');
    expect(doubtsAdded(stateOf(old), stateOf(old, httpRoute('new', books('/films'))))).toContain('access-in-doubt');
  });
});
