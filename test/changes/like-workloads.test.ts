import { describe, expect, it } from 'vitest';
import type { State } from '../../src/changes/change.js';
import { compareMeshes } from '../../src/changes/compare-meshes.js';
import { meshOf, objectsOf, service, threeNamespaces, workload } from '../mesh/support/mesh.js';

const names = ['one', 'two', 'three'];
const ground = [
  threeNamespaces,
  ...names.flatMap((name) => [service('amb', name), workload('amb', name)]),
  workload('side', 'caller'),
].join('');

/** What lets somebody in at one workload, as everybody writes it who writes one policy for each. */
function policy(app: string, name: string, from: string, spec = ''): string {
  return `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: amb }
spec: { selector: { matchLabels: { app: ${app} } }, ${spec}rules: [{ from: [{ source: { principals: ["${from}"] } }] }] }
`;
}

function stateOf(policies: readonly string[]): State {
  const text = [ground, ...policies].join('');
  return { mesh: meshOf(text), objects: objectsOf(text) };
}

const caller = 'cluster.local/ns/side/sa/caller';
const before = names.map((name) => policy(name, `allow-${name}`, caller));

function comparison(after: readonly string[], isWhole = false) {
  const { changes, compared } = compareMeshes(stateOf(before), stateOf(after), { isOfRequestsAlone: true, isWhole });
  const told = changes.flatMap(({ kind, place, others }) => [place, ...others].map((each) => `${kind} ${each.name}`));
  return { told: told.sort(), ways: compared.ways };
}

/** The same in other words. */
const said = (name: string, from = `${caller}", "${caller}`) => policy(name, `say-${name}`, from, 'action: ALLOW, ');

describe('workloads whose policies are others and say the same', () => {
  it('are compared once where nothing changes for the first of them', () => {
    const alone = comparison([before[0] ?? '', before[1] ?? '', said('three')]);
    const all = comparison(names.map((name) => said(name)));
    expect([alone.told, all.told]).toEqual([[], []]);
    expect(alone.ways).toBeGreaterThan(0);
    expect(all.ways).toBe(alone.ways);
  });

  it('are each told of where something changes for all of them', () => {
    const { told } = comparison(names.map((name) => said(name, 'cluster.local/ns/side/sa/other')));
    for (const name of names) expect(told).toContain(`access-revoked amb/${name}`);
  });

  it('are none where one of them says something else', () => {
    const { told } = comparison([said('one'), said('two', 'cluster.local/ns/side/sa/other'), said('three')]);
    expect(new Set(told)).toEqual(new Set(['access-granted amb/two', 'access-revoked amb/two']));
  });

  it.each([
    ['an action', 'action: ALLOW', 'action: DENY', 'access-revoked amb/two'],
    [
      'a dry run',
      'namespace: amb',
      'namespace: amb, annotations: { istio.io/dry-run: "true" }',
      'access-granted amb/two',
    ],
  ])('are none where %s tells them apart', (_, given, other, told) => {
    expect(comparison([said('one'), said('two').replace(given, other), said('three')]).told).toContain(told);
  });
});
