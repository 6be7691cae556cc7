import { describe, expect, it } from 'vitest';
import { compile, verify } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';

/** Ways in which somebody might change what is written for tokens, and none of which says the same. */
const changes: ReadonlyArray<readonly [what: string, file: RegExp, from: string, to: string]> = [
  ['any issuer instead of one', /-allow\.yaml$/, '- "https://sso.example.com/*"', '- "*"'],
  ['another issuer', /-allow\.yaml$/, '- "https://sso.example.com/*"', '- "https://sso.example.org/*"'],
  ['no claim', /-allow\.yaml$/, 'request.auth.claims[scope]', 'request.headers[scope]'],
  ['another claim', /-allow\.yaml$/, '[realm_access][roles]', '[roles]'],
  ['a claim by its beginning', /-allow\.yaml$/, '- customer\n', '- customer*\n'],
  ['another subject', /-allow\.yaml$/, '- bulk\n', '- bulk*\n'],
  ['another presenter', /-allow\.yaml$/, '- uploader\n', '- "*"\n'],
  [
    'no word of a list',
    /requestauthentication.*-tokens\.yaml$/,
    'spaceDelimitedClaims:\n    - groups\n',
    'timeout: 3s\n',
  ],
  ['a denial with a token', /-deny\.yaml$/, 'notRequestPrincipals', 'requestPrincipals'],
  ['a token for anybody', /requestauthentication.*-tokens\.yaml$/, 'audiences:\n    - shop\n', 'timeout: 3s\n'],
  ['another issuer validated', /requestauthentication.*-tokens\.yaml$/, 'partners.example.com', 'partners.example.org'],
];

describe.each(['sidecar', 'ambient'])('the tokens of %s pods', (name) => {
  const found = goldenCases().find((each) => each.name === `tokens/${name}`);
  const sources = found?.sources ?? [];
  const { files, proof } = compile(sources, { today: '2026-06-01', provenance: 'none' });

  it('are what the intents ask for', () => {
    expect(proof).toMatchObject({ differences: [], doubts: [], undecided: [] });
  });

  it.each(changes)('are not with %s', (_, file, from, to) => {
    const applied = files.map(({ path, text }) => ({ path, text: file.test(path) ? text.replace(from, to) : text }));
    expect(applied).not.toEqual(files);
    const { diagnostics } = verify(sources, { today: '2026-06-01', applied });
    expect(diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^AMB500[25]$|^AMB5003$/)]),
    );
  });

  it('are not where nothing validates them', () => {
    const applied = files.filter(({ path }) => !path.includes('requestauthentication'));
    const { proof: changed } = verify(sources, { today: '2026-06-01', applied });
    const [first] = changed?.differences ?? [];
    expect(first?.kind).toBe('too-little');
    expect(first?.witness).toMatch(/ with a token \(iss=https:\/\/\S+ sub=/);
  });
});

it('asks nobody twice for a token that the waypoint has taken out', () => {
  const mixed = goldenCases().find((each) => each.name === 'tokens/mixed');
  const { proof } = compile(mixed?.sources ?? [], { today: '2026-06-01', provenance: 'none' });
  expect(proof).toMatchObject({ differences: [], doubts: [], undecided: [] });
});

/** A place that is left out, or another one. */
const elsewhere: ReadonlyArray<readonly [what: string, from: string, to: string]> = [
  ['the usual place', '- name: authorization\n      prefix: "Bearer "\n    ', ''],
  ['a header', 'name: x-corp', 'name: x-other'],
  ['a prefix', 'prefix: "JWT "', 'prefix: "Token "'],
  ['a cookie', 'fromCookies:\n    - session', 'fromCookies:\n    - other'],
  ['a parameter', 'fromParams:\n    - token', 'fromParams:\n    - other'],
];

describe.each(['sidecar', 'ambient'])('tokens in other places, for %s pods', (name) => {
  const found = goldenCases().find((each) => each.name === `tokens/other-places-${name}`);
  const sources = found?.sources ?? [];
  const { files, proof } = compile(sources, { today: '2026-06-01', provenance: 'none' });

  it('are what the intents ask for', () => {
    expect(proof).toMatchObject({ differences: [], doubts: [], undecided: [] });
  });

  it.each(elsewhere)('are not without %s', (_, from, to) => {
    const applied = files.map(({ path, text }) => ({ path, text: text.replace(from, to) }));
    expect(applied).not.toEqual(files);
    const { proof: changed } = verify(sources, { today: '2026-06-01', applied });
    expect(changed?.differences.map(({ kind }) => kind)).toContain('too-little');
  });
});
