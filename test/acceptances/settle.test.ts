import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Source, verify } from '../../src/pipeline.js';

const today = '2026-06-01';
const text = readFileSync(
  new URL('../../golden/lint/denial-of-a-path-at-ztunnel/manifests.yaml', import.meta.url),
  'utf8',
);
const manifests: Source = { path: 'manifests.yaml', text };

const project = (...items: readonly string[]): Source => ({
  path: 'ambit.yaml',
  text: `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: shop }
spec:
  intents: [intents/]
  accept:
${items.map((item) => `  - { ${item}, reason: the waypoint comes }`).join('\n')}
`,
});

function run(...sources: readonly Source[]) {
  const { diagnostics, accepted } = verify([manifests, ...sources], { today });
  return {
    found: diagnostics.map(({ code }) => code).sort(),
    accepted: accepted.map(({ diagnostic: { code }, acceptance }) => `${code} ${acceptance.writtenIn}`).sort(),
    diagnostics,
  };
}

it('finds what nobody accepts', () => {
  expect(run()).toMatchObject({ found: ['AMB2036', 'AMB5301'], accepted: [] });
});

describe('the project file', () => {
  it.each([
    ['everywhere', 'code: AMB5301, until: 2027-01-31'],
    ['in an object', 'code: AMB5301, object: AuthorizationPolicy/shop/no-admin, until: 2027-01-31'],
    ['in a namespace', 'code: AMB5301, namespace: shop, until: 2027-01-31'],
    ['to its last day', 'code: AMB5301, until: 2026-06-01'],
  ])('accepts a finding %s', (_, item) => {
    expect(run(project(item))).toMatchObject({ found: ['AMB2036'], accepted: ['AMB5301 project'] });
  });

  it.each([
    ['another object', 'code: AMB5301, object: AuthorizationPolicy/shop/admin, until: 2027-01-31'],
    ['another kind', 'code: AMB5301, object: PeerAuthentication/shop/no-admin, until: 2027-01-31'],
    ['another namespace', 'code: AMB5301, namespace: bank, until: 2027-01-31'],
    ['another code', 'code: AMB5302, until: 2027-01-31'],
  ])('accepts nothing of %s, and is called unused', (_, item) => {
    expect(run(project(item))).toMatchObject({ found: ['AMB2036', 'AMB3025', 'AMB5301'], accepted: [] });
  });

  it('shows where the finding is that was perhaps meant', () => {
    const { diagnostics } = run(project('code: AMB5301, namespace: bank, until: 2027-01-31'));
    const unused = diagnostics.find(({ name }) => name === 'acceptance-unused');
    expect(unused?.notes.map(({ message, span }) => [message, span?.file.path])).toEqual([
      ['it occurs here', 'manifests.yaml'],
    ]);
  });
});

it('reports what has ended, and what it covered', () => {
  const { found, accepted } = run(project('code: AMB5301, until: 2026-05-31'));
  expect({ found, accepted }).toEqual({ found: ['AMB2026', 'AMB2036', 'AMB5301'], accepted: [] });
});

it('does not know what holds where nobody says what day it is', () => {
  const { diagnostics } = verify([manifests, project('code: AMB5301, until: 2027-01-31')], {});
  expect(diagnostics.map(({ code }) => code).sort()).toEqual(['AMB0043', 'AMB2036', 'AMB5301']);
});

it('accepts no error, and nothing that is said of acceptances', () => {
  const codes = ['AMB5002', 'AMB3025', 'AMB0044', 'AMB3024', 'AMB5007'];
  const { found } = run(project(...codes.map((code) => `code: ${code}, until: 2027-01-31`)));
  expect(found).toEqual([...codes.map(() => 'AMB0042'), 'AMB2036', 'AMB5301']);
});

it('says of a code that does not exist which one may be meant', () => {
  const { diagnostics } = run(project('code: AMB5031, until: 2027-01-31'));
  const unknown = diagnostics.find(({ name }) => name === 'unknown-code');
  expect(unknown?.help).toContain('`AMB5301`');
});

it('calls nothing unused that it did not look for', () => {
  const settings = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: shop }
spec: { scope: { namespace: shop }, mtls: { mode: Permissive } }
`;
  const { found } = run({ path: 'intents.yaml', text: settings }, project('code: AMB5301, until: 2027-01-31'));
  expect(found).not.toContain('AMB3025');
});

describe('a comment', () => {
  const mark = '# ambit: accept AMB5301 until 2027-01-31 because the waypoint comes';
  const withComment = (text: string) => verify([{ path: 'manifests.yaml', text }], { today });
  const codes = (text: string) => withComment(text).diagnostics.map(({ code }) => code);

  it.each([
    ['above the field', text.replace('        paths:', `        ${mark}\n        paths:`)],
    ['behind the field', text.replace(/(paths: \[\/admin\*\]).*/, `$1 ${mark}`)],
    ['above the rules', text.replace('  rules:', `  ${mark}\n  rules:`)],
    ['above the object', text.replace('apiVersion: security', `${mark}\napiVersion: security`)],
  ])('accepts a finding %s', (_, commented) => {
    expect(commented).not.toBe(text);
    expect(codes(commented)).toEqual(['AMB2036']);
    expect(withComment(commented).accepted).toHaveLength(1);
  });

  it.each([
    ['another field', text.replace('  action:', `  ${mark}\n  action:`)],
    ['another object', `${mark}\n${text}`],
  ])('accepts nothing of %s', (_, commented) => {
    expect(codes(commented).sort()).toEqual(['AMB2036', 'AMB3025', 'AMB5301']);
  });

  it('that cannot be read hides nothing', () => {
    expect(codes(text.replace('  action:', '  # ambit: accept AMB5301\n  action:')).sort()).toEqual([
      'AMB0040',
      'AMB2036',
      'AMB5301',
    ]);
  });

  it('counts once where several clusters share its file', () => {
    const shared = text.replace('  rules:', `  ${mark}\n  rules:`);
    const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: main }
spec: { clusters: [{ name: east }, { name: west }] }
`;
    const sources = ['east', 'west'].map((cluster) => ({ path: 'manifests.yaml', text: shared, cluster }));
    const { diagnostics, acceptances } = verify([{ path: 'mesh.yaml', text: mesh }, ...sources], { today });
    expect(acceptances).toHaveLength(1);
    expect(diagnostics.map(({ code }) => code)).not.toContain('AMB3025');
    expect(diagnostics.map(({ code }) => code)).not.toContain('AMB5301');
  });
});
