import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, service, threeNamespaces, waypoint, workload } from '../support/mesh.js';
import { get, requestOf, verdictOf } from '../support/requests.js';

const base =
  threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
  waypoint('amb') +
  workload('amb', 'other') +
  service('amb', 'other');
const httpRoute = (name: string, rules: string, created = '') => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: amb${created && `, creationTimestamp: "${created}"`} }
spec: { parentRefs: [{ group: "", kind: Service, name: server }], rules: [${rules}] }
`;
const to = (name: string, match = '', more = '') =>
  `{ ${match && `matches: [${match}], `}${more} backendRefs: [{ name: ${name}, port: 80 }] }`;
const path = (value: string, more = '') => `{ path: { value: ${value} }${more} }`;
const asked = (text: string, payload = get()) => verdictOf(meshOf(base + text), 'amb/client', 'amb/server:80', payload);

describe('T-19 matches of one rank in routes without dates', () => {
  it('are undecided for the requests that several of them are for, and for these alone', () => {
    const text =
      httpRoute('a', to('server', path('/one'))) +
      httpRoute('b', `${to('other', path('/one'))}, ${to('other', path('/two'))}`);
    expect(asked(text, get('/one'))).toBe('not-modelled');
    expect(asked(text, get('/two'))).toBe('no-path');
    const { because } = decide(meshOf(base + text), requestOf('amb/client', 'amb/server:80', get('/one/x')));
    expect(because).toBe('which of HTTPRoute amb/a, HTTPRoute amb/b is the oldest (T-19)');
  });

  it('are decided where dates tell which route is older', () => {
    const [first, second] = ['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'];
    const text = (a: string, b: string) =>
      httpRoute('a', to('server', path('/one')), a) + httpRoute('b', to('other', path('/one')), b);
    expect(asked(text(first, second), get('/one'))).toBe('allowed');
    expect(asked(text(second, first), get('/one'))).toBe('no-path');
    expect(asked(text(first, first), get('/one'))).toBe('allowed');
    expect(asked(text(first, ''), get('/one'))).toBe('not-modelled');
  });

  it('are decided where both do the same, or one of them asks for more', () => {
    expect(
      asked(httpRoute('a', to('server', path('/one'))) + httpRoute('b', to('server', path('/one'))), get('/one')),
    ).toBe('allowed');
    const more = to('other', path('/one', ', method: PUT'));
    const text = httpRoute('a', to('server', path('/one'))) + httpRoute('b', more);
    expect(asked(text, get('/one'))).toBe('allowed');
    expect(asked(text, get('/one', { method: 'PUT' }))).toBe('no-path');
  });

  it('meet where they ask for different headers or parameters', () => {
    const header = (name: string, value: string) => path('/one', `, headers: [{ name: ${name}, value: "${value}" }]`);
    const text =
      httpRoute('a', to('server', header('x', '1'))) +
      httpRoute('b', `${to('other', header('z', '1'))}, ${to('other', header('x', '2'))}`);
    expect(asked(text, get('/one', { headers: { x: '1', z: '1' } }))).toBe('not-modelled');
    expect(asked(text, get('/one', { headers: { x: '1' } }))).toBe('allowed');
    expect(asked(text, get('/one', { headers: { x: '2' } }))).toBe('no-path');
  });

  it('of three routes leave each pair open, and rules of one route never', () => {
    const three = ['a', 'b', 'c']
      .map((name, index) => httpRoute(name, `${to(index === 0 ? 'server' : 'other')}, ${to('gone')}`))
      .join('');
    expect(asked(three)).toBe('not-modelled');
    expect(asked(httpRoute('a', `${to('server')}, ${to('other')}`))).toBe('allowed');
  });

  it('of expressions are open where these may have something in common', () => {
    const like = (value: string) => `{ path: { type: RegularExpression, value: "${value}" } }`;
    const text = httpRoute('a', to('server', like('/a.'))) + httpRoute('b', to('other', like('/.b')));
    expect(asked(text, get('/ab'))).toBe('not-modelled');
    expect(asked(text, get('/zb'))).toBe('no-path');
  });
});
