import { describe, expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';

const [golden] = goldenCases().filter(({ name }) => name === 'diagnostics/AMB2051-behind-wider-routes');

/** Whether a route is reported behind another with these matches. */
function isHidden(earlier: string, later: string): boolean {
  const text = `
apiVersion: ambit.dev/v1alpha1
kind: TrafficSettings
metadata: { name: ledger }
spec:
  scope: { service: payments/ledger }
  routes:
    - { name: earlier, match: [${earlier}], to: [{ service: ledger }] }
    - { name: later, match: [${later}], to: [{ service: ledger }], timeout: 1s }
    - { name: rest, to: [{ service: ledger }] }
`;
  const manifests = golden?.sources.filter(({ path }) => !path.endsWith('intents.yaml')) ?? [];
  const { diagnostics } = compile([...manifests, { path: 'intents.yaml', text }], {
    ...golden?.options,
    verify: false,
  });
  const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  expect(codes.filter((code) => code !== 'AMB2051')).toEqual([]);
  return codes.length > 0;
}

describe('a route behind another', () => {
  it.each([
    ['{ paths: [/a/*] }', '{ paths: [/a/b, /a/c/*] }'],
    ['{ paths: [/a/*] }', '{ paths: [/a/b], methods: [GET], port: 80, headers: { x: [b] }, query: { q: ["*"] } }'],
    ['{ paths: [/a/*], ignoreCase: true }', '{ paths: [/A/B], ignoreCase: true }'],
    ['{ paths: ["*.css"] }', '{ paths: [/a.css, "*min.css"] }'],
    ['{ paths: [{ regex: /a+ }] }', '{ paths: [{ regex: /a+ }], methods: [GET] }'],
    ['{ methods: [GET, PUT] }', '{ methods: [PUT], except: { headers: { x: [b] } } }'],
    ['{ grpc: [a.B] }', '{ grpc: [a.B/C] }'],
    ['{ headers: { x: [a, b*] } }', '{ headers: { x: [bc, a], y: [c] } }'],
    ['{ headers: { x: ["*"] } }', '{ headers: { x: [{ regex: a+ }] } }'],
    ['{ port: 80 }', '{ port: 80, paths: [/a] }'],
    ['{ paths: [/a] }, { paths: [/b] }', '{ paths: [/b] }, { paths: [/a] }'],
  ])('%s takes all of %s', (earlier, later) => {
    expect(isHidden(earlier, later)).toBe(true);
  });

  it.each([
    ['{ paths: [/a/*] }', '{ paths: [/a] }'],
    ['{ paths: [/a/b] }', '{ paths: [/a/*] }'],
    ['{ paths: [/a/*] }', '{ paths: [/a/b, /b] }'],
    ['{ paths: [/a/*] }', '{ methods: [GET] }'],
    ['{ paths: [/a/*] }', '{ paths: [/a/b], ignoreCase: true }'],
    ['{ paths: [/a/*] }', '{ paths: [{ regex: /a/b }] }'],
    ['{ paths: [{ regex: /a+ }] }', '{ paths: [/aa] }'],
    ['{ paths: [/a/*], methods: [GET] }', '{ paths: [/a/b] }'],
    ['{ paths: [/a/*], port: 80 }', '{ paths: [/a/b] }'],
    ['{ paths: [/a/*], except: { headers: { x: [b] } } }', '{ paths: [/a/b] }'],
    ['{ headers: { x: [a] } }', '{ headers: { y: [a] } }'],
    ['{ headers: { x: [a] } }', '{ headers: { x: [A] } }'],
    ['{ query: { q: [a] } }', '{ headers: { q: [a] } }'],
    ['{ grpc: [a.B/C] }', '{ grpc: [a.B] }'],
    ['{ paths: [/a] }', '{ paths: [/a] }, { paths: [/b] }'],
    ['{ methods: [HEAD] }', '{ paths: [/a/*] }, { paths: [/a/b] }'],
  ])('%s leaves some of %s', (earlier, later) => {
    expect(isHidden(earlier, later)).toBe(false);
  });
});
