import { describe, expect, it } from 'vitest';
import { describeRequest } from '../../src/mesh/request.js';
import { ask } from '../../src/trace/ask/question.js';
import { meshOf, threeNamespaces } from '../mesh/support/mesh.js';

function gateway(name: string, listeners: string): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: side }
spec: { gatewayClassName: istio, listeners: [${listeners}] }
`;
}

const plain = "{ name: http, port: 80, protocol: HTTP, hostname: '*.shop.example' }";
const encrypted =
  '{ name: https, port: 443, protocol: HTTPS, hostname: a.shop.example, tls: { certificateRefs: [{ name: cert }] } }';
const mesh = meshOf(threeNamespaces + gateway('public', `${plain}, ${encrypted}`));

function asked(to: string, more: { host?: string; path?: string } = {}, of = mesh): readonly string[] {
  const question = {
    from: 'outside',
    fromIp: undefined,
    to,
    cluster: undefined,
    podIp: false,
    tcp: false,
    method: undefined,
    path: undefined,
    host: undefined,
    headers: {},
    token: undefined,
    ...more,
  };
  const { value, diagnostics } = ask(of, question);
  if (value === undefined) return diagnostics.map(({ code, help }) => `${code} ${help}`);
  const { payload } = value.first;
  return [describeRequest(value.first), payload.kind === 'http' ? payload.host : ''];
}

describe('a URL in place of a destination', () => {
  it('asks about the gateway that serves it, with its host and its path', () => {
    expect(asked('http://b.shop.example/cart?id=1')).toEqual([
      'GET /cart?id=1 from an unauthenticated client to gateway side/public:80',
      'b.shop.example',
    ]);
    expect(asked('https://a.shop.example')[0]).toBe('GET / from an unauthenticated client to gateway side/public:443');
  });

  it('gives way to a host and a path that are said', () => {
    expect(asked('http://b.shop.example/cart', { host: 'c.shop.example', path: '/x' })).toEqual([
      'GET /x from an unauthenticated client to gateway side/public:80',
      'c.shop.example',
    ]);
  });

  it('is refused where no gateway serves it, or several do', () => {
    expect(asked('https://b.shop.example/')).toEqual([
      'AMB5102 gateways serve `http://*.shop.example:80`, `https://a.shop.example:443`',
    ]);
    expect(asked('http://b.shop.example/', {}, meshOf(threeNamespaces))).toEqual(['AMB5102 no gateway is given']);
    const two = meshOf(threeNamespaces + gateway('public', plain) + gateway('second', plain));
    expect(asked('http://b.shop.example/', {}, two)).toEqual([
      'AMB5102 name one of `gateway:side/public:80`, `gateway:side/second:80`, and the host `b.shop.example`',
    ]);
  });
});
