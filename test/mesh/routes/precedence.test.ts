import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { endsOf } from '../../../src/mesh/ends.js';
import type { IstioVersion } from '../../../src/parse/mesh.js';
import { meshOf, service, threeNamespaces, workload } from '../support/mesh.js';
import { get, requestOf } from '../support/requests.js';

const base = threeNamespaces + workload('side', 'other') + service('side', 'other');

function route(kind: 'HTTPRoute' | 'GRPCRoute', parents: string, rules: string, name = 'route', day = 1): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: side, creationTimestamp: "2026-01-0${day}T00:00:00Z" }
spec: { parentRefs: [${parents}], rules: [${rules}] }
`;
}

const parent = (name: string, port?: number) =>
  `{ group: "", kind: Service, name: ${name}${port === undefined ? '' : `, port: ${port}`} }`;
const to = (name: string, matches = '') =>
  `{ ${matches && `matches: [${matches}], `}backendRefs: [{ name: ${name}, port: 80 }] }`;

/** The workload at which a request to `server` ends, or what is not known. */
function end(text: string, path: string, version: IstioVersion = '1.31'): string {
  const mesh = meshOf(base + text, { version });
  const { source, destination, payload } = requestOf('side/client', 'side/server:80', get(path));
  const [first] = endsOf(mesh, source, destination, payload);
  if (first === undefined) return 'nowhere';
  const { verdict, because } = decide(mesh, { source, destination: first, payload });
  if (verdict.kind === 'not-modelled') return because;
  return 'workload' in first ? first.workload : first.kind;
}

describe('T-15 rules without a match, and empty matches, of a GRPCRoute', () => {
  const rules = `${to('other')}, ${to('server', '{}')}`;

  it.each([
    ['a parent without a port has the rule without a match last', parent('server'), 'side/server'],
    ['a parent with a port takes them in their order', parent('server', 80), 'side/other'],
    [
      'what istiod sorted for a parent that comes before by its name stays so',
      `${parent('server', 80)}, ${parent('other')}`,
      'side/server',
    ],
    ['one that comes later sorts too late', `${parent('third')}, ${parent('server', 80)}`, 'side/other'],
    ['one that is not there sorts nothing', `${parent('server', 80)}, ${parent('missing')}`, 'side/other'],
    ['one with a port sorts a copy', `${parent('server', 80)}, ${parent('other', 80)}`, 'side/other'],
  ])('%s', (_, parents, expected) => {
    const third = parents.includes('third') ? service('side', 'third') : '';
    expect(end(third + route('GRPCRoute', parents, rules), '/shop.Cart/Get')).toBe(expected);
  });

  it('are in an order that is not known where a route has gateways too', () => {
    const parents = `${parent('server', 80)}, ${parent('other')}, { name: public }`;
    expect(end(route('GRPCRoute', parents, rules), '/shop.Cart/Get')).toBe(
      'which of its rules for everything comes first for a parent with a port, where a route has gateways and parents without one too (T-15)',
    );
    expect(end(route('GRPCRoute', `${parent('server', 80)}, { name: public }`, rules), '/a')).toBe('side/other');
  });
});

describe('T-19 an HTTPRoute whose list of matches is empty', () => {
  const expression = to('server', '{ path: { type: RegularExpression, value: "/c.*" } }');
  const empty = '{ matches: [], backendRefs: [{ name: other, port: 80 }] }';

  it('tries that rule last, and one without the field before expressions', () => {
    expect(end(route('HTTPRoute', parent('server'), `${empty}, ${expression}`), '/cart')).toBe('side/server');
    expect(end(route('HTTPRoute', parent('server', 80), `${empty}, ${expression}`), '/cart')).toBe('side/server');
    expect(end(route('HTTPRoute', parent('server'), `${empty}, ${to('server')}`), '/cart')).toBe('side/server');
    expect(end(route('HTTPRoute', parent('server'), `${to('other')}, ${expression}`), '/cart')).toBe('side/other');
    expect(end(route('HTTPRoute', parent('server'), empty), '/cart')).toBe('side/other');
  });
});

describe('T-19 a service of a GRPCRoute', () => {
  const grpc = route('GRPCRoute', parent('server'), to('server', '{ method: { service: shop.Cart } }'), 'grpc', 2);
  const prefix = (more = '') =>
    route('HTTPRoute', parent('server'), to('other', `{ path: { value: /shop.Cart }${more} }`), 'http', 1);

  it('is longer by a slash than the prefix of an HTTPRoute, from 1.30 on', () => {
    expect(end(grpc + prefix(), '/shop.Cart/Get')).toBe('side/server');
    expect(end(grpc + prefix(', method: GET'), '/shop.Cart/Get')).toBe('side/server');
  });
});
