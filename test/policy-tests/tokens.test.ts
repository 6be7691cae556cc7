import { describe, expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';

const books = { from: 'shop/web', to: 'shop/catalog:http', path: '/books/1' };
const customer = { issuer: 'corp', claims: { scope: ['read'], realm_access: { roles: ['customer'] } } };
const upload = { from: 'shop/web', to: 'shop/catalog:http', method: 'POST' };
const partner = { issuer: 'partners', subject: 'bulk', presenter: 'uploader', claims: { groups: ['a publishers'] } };

/** What becomes of a case under the output of a golden case. */
function judged(name: string, ...cases: readonly object[]) {
  const golden = goldenCases().find((each) => each.name === name);
  const document = { apiVersion: 'ambit.dev/v1alpha1', kind: 'AccessTest', metadata: { name: 't' }, spec: { cases } };
  const sources = [...(golden?.sources ?? []), { path: 'tests.yaml', text: JSON.stringify(document) }];
  const { tests, diagnostics } = compile(sources, { today: '2026-06-01', provenance: 'none', accessTests: true });
  return { statuses: tests.map(({ status }) => status), diagnostics };
}

describe.each(['tokens/sidecar', 'tokens/ambient'])('a case with a token, for %s', (name) => {
  it.each([
    ['what the rule asks for', 'allow', { ...books, token: customer }],
    [
      'a role by its beginning',
      'allow',
      { ...books, token: { ...customer, claims: { scope: ['read'], realm_access: { roles: ['admin-eu'] } } } },
    ],
    [
      'one word of a claim',
      'allow',
      { ...books, token: { ...customer, claims: { ...customer.claims, scope: ['write read'] } } },
    ],
    ['no token', 'deny', books],
    ['no scope', 'deny', { ...books, token: { ...customer, claims: { realm_access: { roles: ['customer'] } } } }],
    ['a number for a text', 'deny', { ...books, token: { ...customer, claims: { ...customer.claims, scope: [1] } } }],
    ['another issuer', 'deny', { ...books, token: { ...customer, issuer: 'partners' } }],
    ['another audience', 'deny', { ...books, token: { ...customer, audiences: ['bank'] }, status: [403] }],
    ['an expired token', 'deny', { ...books, token: { ...customer, valid: false }, status: [401] }],
    ['an expired token on an open path', 'deny', { ...books, path: '/healthz', token: { ...customer, valid: false } }],
    ['any token on an open path', 'allow', { ...books, path: '/healthz', token: { issuer: 'staff' } }],
    ['words of an issuer that says so', 'allow', { ...upload, token: partner }],
    ['another presenter', 'deny', { ...upload, token: { ...partner, presenter: 'browser' } }],
    ['somebody else', 'deny', { ...upload, token: { ...partner, subject: 'alice' } }],
  ])('%s', (_, expected, request) => {
    expect(judged(name, { expect: expected, ...request }).statuses).toEqual(['passed']);
    const opposite = expected === 'allow' ? 'deny' : 'allow';
    expect(judged(name, { expect: opposite, ...request, status: undefined }).statuses).toEqual(['failed']);
  });
});

it('sends a token where its issuer has it', () => {
  const read = { ...books, path: '/a', token: { issuer: 'corp', claims: { groups: ['members'] } } };
  const write = { ...books, path: '/a', method: 'POST', token: { issuer: 'partners' } };
  const cases = [read, write].map((each) => ({ expect: 'allow', ...each }));
  expect(judged('tokens/other-places-ambient', ...cases).statuses).toEqual(['passed', 'passed']);
});

it('knows the issuers of the Mesh document alone', () => {
  const { statuses, diagnostics } = judged('tokens/sidecar', { expect: 'deny', ...books, token: { issuer: 'crop' } });
  expect(statuses).toEqual([]);
  expect(diagnostics.filter(({ code }) => code === 'AMB2120').map(({ help }) => help)).toEqual([
    'did you mean `corp`?',
  ]);
});
