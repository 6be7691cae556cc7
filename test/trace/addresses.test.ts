import { expect, it } from 'vitest';
import { decideForAddresses, fromDeclaredAddresses } from '../../src/trace/ask/addresses.js';
import { meshOf, policy, threeNamespaces } from '../mesh/support/mesh.js';
import { get } from '../mesh/support/requests.js';

const destination = {
  kind: 'service',
  cluster: 'east',
  service: 'side/server',
  port: 80,
  workload: 'side/server',
} as const;

function asking(policies: string, ipBlocks: readonly string[]) {
  const mesh = meshOf(threeNamespaces + policies);
  const callers = [{ name: 'office', plaintext: true, ipBlocks, span: null }];
  const declared = { ...mesh, topology: { ...mesh.topology, mesh: { ...mesh.topology.mesh, callers } } };
  return {
    mesh: declared,
    request: { source: { kind: 'outside', name: 'office' }, destination, payload: get() } as const,
  };
}

const allow = (blocks: string) => policy('side', 'p', `{ rules: [{ from: [{ source: { ipBlocks: [${blocks}] } }] }] }`);

it('asks one address of each class that the policies on the way tell apart', () => {
  const { mesh, request } = asking(allow('10.1.0.0/16, 10.0.0.0/8, 192.0.2.1') + policy('amb', 'p', '{}'), [
    '10.0.0.0/14',
  ]);
  const addresses = fromDeclaredAddresses(mesh, request).map(({ source }) => source.ip);
  expect(addresses.sort()).toEqual(['10.0.0.0', '10.1.0.0']);
});

it('leaves a request alone that names an address, and one whose address nobody looks at', () => {
  const { mesh, request } = asking(allow('10.0.0.0/8'), ['10.0.0.0/16']);
  const chosen = { ...request, source: { ...request.source, ip: '10.2.3.4' } };
  expect(fromDeclaredAddresses(mesh, chosen)).toEqual([chosen]);
  const open = asking('', ['10.0.0.0/16']);
  expect(fromDeclaredAddresses(open.mesh, open.request)).toEqual([open.request]);
});

it('answers for all declared addresses at once, or says how they differ', () => {
  const inside = asking(allow('10.0.0.0/8'), ['10.2.0.0/16', '10.3.0.0/16']);
  expect(decideForAddresses(inside.mesh, inside.request, [])).toMatchObject({
    decision: { verdict: { kind: 'allowed' } },
    apart: [],
  });
  const partly = asking(allow('10.2.0.0/16'), ['10.2.0.0/15']);
  const { decision, apart } = decideForAddresses(partly.mesh, partly.request, []);
  expect(decision.verdict.kind).toBe('not-modelled');
  expect(apart.map(({ request: { source }, verdict }) => [source.ip, verdict.kind]).sort()).toEqual([
    ['10.2.0.0', 'allowed'],
    ['10.3.0.0', 'denied'],
  ]);
});
