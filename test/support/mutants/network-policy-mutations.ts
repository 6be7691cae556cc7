import { at, cut, type Emitted, kindOf, put } from './emitted.js';
import { changed, type Mutation, removed, type Variant } from './mutation.js';

const selector = ['spec', 'podSelector'] as const;
const peers = ['spec', 'egress', 0, 'to'] as const;
const block = [...peers, 0, 'ipBlock', 'cidr'] as const;
const ports = ['spec', 'egress', 0, 'ports'] as const;

const peer = ['spec', 'ingress', 0, 'from', 0] as const;

/** What pods may send out of the mesh, and what companions let in. */
export const networkPolicyMutations: readonly Mutation[] = [
  of('network policy removed', removed),
  of('network policy for other pods', (emitted) => [withAt(emitted, selector, { matchLabels: { no: 'body' } })]),
  of('network policy for all pods', (emitted) => [withAt(emitted, selector, {})]),
  of('network policy for what pods receive', (emitted) => [withAt(emitted, ['spec', 'policyTypes'], ['Ingress'])]),
  of('way out opened to every address', (emitted) =>
    at(emitted.value, ['spec', 'egress']) === undefined
      ? []
      : [withAt(emitted, ['spec', 'egress'], [{}]), withAt(emitted, [...peers, 0], { ipBlock: { cidr: '0.0.0.0/0' } })],
  ),
  of('block of addresses widened', (emitted) =>
    at(emitted.value, block) === undefined ? [] : [withAt(emitted, block, '203.0.113.0/24')],
  ),
  of('another address', (emitted) =>
    at(emitted.value, block) === undefined ? [] : [withAt(emitted, block, '192.0.2.1/32')],
  ),
  of('nobody let in', (emitted) =>
    at(emitted.value, ['spec', 'ingress']) === undefined ? [] : [withAt(emitted, ['spec', 'ingress'], [])],
  ),
  of('other pods let in', (emitted) =>
    at(emitted.value, peer) === undefined
      ? []
      : [withAt(emitted, [...peer, 'podSelector'], { matchLabels: { no: 'body' } })],
  ),
  of('let in on another port', (emitted) =>
    at(emitted.value, peer) === undefined ? [] : [withAt(emitted, ['spec', 'ingress', 0, 'ports'], [{ port: 1 }])],
  ),
  of('ports of an address dropped', (emitted) =>
    at(emitted.value, ports) === undefined ? [] : [changed(emitted, 'every port', cut(emitted.value, ports))],
  ),
];

function of(kind: string, variants: (emitted: Emitted) => readonly Variant[]): Mutation {
  return { kind, variants: (emitted) => (kindOf(emitted) === 'NetworkPolicy' ? variants(emitted) : []) };
}

function withAt(emitted: Emitted, way: Parameters<typeof put>[1], value: Parameters<typeof put>[2]): Variant {
  return changed(emitted, `${way.slice(1).join('.')} ${JSON.stringify(value)}`, put(emitted.value, way, value));
}
