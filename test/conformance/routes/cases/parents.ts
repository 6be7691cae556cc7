import type { JsonObject } from '../../../../src/parse/document.js';
import type { RouteMaking } from './routed-world.js';

/** The parents of a route of the Gateway API, and its hosts: Services in the mesh, listeners at a gateway. */
export function parentRefs(making: RouteMaking): { readonly namespace: string; readonly spec: JsonObject } {
  const { proxy, dice } = making;
  if (proxy === 'gateway') return atGateway(making);
  const [name, home] = dice.pick(services);
  const namespace = dice.chance(0.75) ? home : dice.pick(['shop', 'ops', 'pay']);
  const ref = { group: '', kind: 'Service', name, ...(namespace !== home && { namespace: home }) };
  const port = dice.chance(0.35) ? { port: dice.pick([80, 80, 9080]) } : {};
  const other = dice.pick(['cart', 'cart', 'web', 'web-v1']);
  const second = dice.chance(0.2) ? [{ group: '', kind: 'Service', name: other, namespace: 'shop' }] : [];
  const isTwice = name === other;
  const hostnames = dice.chance(0.1) ? { hostnames: ['shop.example.com'] } : {};
  return { namespace, spec: { parentRefs: [{ ...ref, ...port }, ...(isTwice ? [] : second)], ...hostnames } };
}

const services = [
  ['web', 'shop'],
  ['web', 'shop'],
  ['web', 'shop'],
  ['ledger', 'pay'],
  ['cart', 'shop'],
  ['missing', 'shop'],
] as const;

function atGateway({ dice }: RouteMaking): { readonly namespace: string; readonly spec: JsonObject } {
  const namespace = dice.pick(['shop', 'shop', 'edge', 'pay']);
  const section = dice.chance(0.4) ? { sectionName: dice.pick(['http', 'shop', 'any', 'other', 'missing']) } : {};
  const port = dice.chance(0.15) ? { port: dice.pick([80, 8080]) } : {};
  const hostnames = dice.chance(0.7) ? { hostnames: dice.list(() => dice.pick(hosts), 2) } : {};
  const ref = { name: 'public', ...(namespace !== 'edge' && { namespace: 'edge' }), ...section, ...port };
  return { namespace, spec: { parentRefs: [ref], ...hostnames } };
}

const hosts = ['shop.example.com', 'shop.example.com', 'api.example.com', '*.example.com', '*.com', 'other.org'];
