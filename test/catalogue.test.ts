import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adopting } from '../src/diagnostics/catalogue/adopting.js';
import { changes } from '../src/diagnostics/catalogue/changes.js';
import { emission } from '../src/diagnostics/catalogue/emission.js';
import { language } from '../src/diagnostics/catalogue/language.js';
import { migrating } from '../src/diagnostics/catalogue/migrating.js';
import { parsing } from '../src/diagnostics/catalogue/parsing.js';
import { placement } from '../src/diagnostics/catalogue/placement.js';
import { project } from '../src/diagnostics/catalogue/project.js';
import { resolution } from '../src/diagnostics/catalogue/resolution.js';
import { topology } from '../src/diagnostics/catalogue/topology.js';
import { verification } from '../src/diagnostics/catalogue/verification.js';
import { catalogue } from '../src/diagnostics/catalogue.js';
import type { CatalogueEntry } from '../src/diagnostics/entry.js';
import { compile } from '../src/pipeline.js';
import { filesBelow, goldenCases } from './support/cases.js';
import { diffCases } from './support/diff-cases.js';

type Entries = Readonly<Record<string, CatalogueEntry>>;

/** Every part of the catalogue, with the first and last code that it may use. */
const parts: ReadonlyArray<{ name: string; entries: Entries; first: string; last: string }> = [
  { name: 'project', entries: project, first: 'AMB0001', last: 'AMB0999' },
  { name: 'parsing', entries: parsing, first: 'AMB1001', last: 'AMB1049' },
  { name: 'language', entries: language, first: 'AMB1050', last: 'AMB1999' },
  { name: 'resolution', entries: resolution, first: 'AMB2001', last: 'AMB2500' },
  { name: 'topology', entries: topology, first: 'AMB2501', last: 'AMB2599' },
  { name: 'placement', entries: placement, first: 'AMB3001', last: 'AMB3999' },
  { name: 'emission', entries: emission, first: 'AMB4001', last: 'AMB4999' },
  { name: 'verification', entries: verification, first: 'AMB5001', last: 'AMB5999' },
  { name: 'changes', entries: changes, first: 'AMB6001', last: 'AMB6999' },
  { name: 'adopting', entries: adopting, first: 'AMB7001', last: 'AMB7099' },
  { name: 'migrating', entries: migrating, first: 'AMB7101', last: 'AMB7199' },
];

/** Parts whose pages carry examples that tests run: there the page is the case. */
const provenByPages: ReadonlySet<string> = new Set(['parsing', 'topology', 'migrating']);

const all: Entries = catalogue;
const root = new URL('../', import.meta.url).pathname;
const pages = join(root, 'docs/diagnostics');
const sections = ['## What', '## Why it matters', '## Wrong', '## Right'];

function textsBelow(folder: string, isMeant: (path: string) => boolean): string {
  const paths = filesBelow(join(root, folder)).filter((path) => path.endsWith('.ts') && isMeant(path));
  return paths.map((path) => readFileSync(path, 'utf8')).join('\n');
}

describe.each(parts)('the catalogue of $name', ({ entries, first, last }) => {
  const codes = Object.values(entries).map(({ code }) => code);

  it('has well-formed codes of its range, in order', () => {
    expect(codes.filter((code) => !/^AMB\d{4}$/.test(code) || code < first || code > last)).toEqual([]);
    expect(codes).toEqual([...new Set(codes)].sort());
  });

  it('speaks in the house style', () => {
    const texts = Object.values(entries).flatMap(({ message, help }) => [
      message,
      ...(help === undefined ? [] : [help]),
    ]);
    const faulty = texts.filter(
      (text) => /^[A-Z](?!mbit|MB)[a-z]|\.$|\n/.test(text) || text.split('`').length % 2 === 0,
    );
    expect(
      faulty.filter((text) => !/^(?:PeerAuthentication|AccessTest|NetworkPolicy|Service|ServiceEntry) /.test(text)),
    ).toEqual([]);
  });
});

describe('the catalogue as a whole', () => {
  const used = textsBelow('src', (path) => !path.includes('/catalogue/'));
  const tests = textsBelow('test', () => true);
  const expected = new Set(
    [...goldenCases(), ...goldenCases('lint'), ...goldenCases('verify')].flatMap((golden) => golden.expect),
  );
  const compared = new Set(diffCases().flatMap(({ kinds }) => kinds));

  it('has no name twice in different parts', () => {
    const names = parts.flatMap(({ entries }) => Object.keys(entries));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(new Set(names)).toEqual(new Set(Object.keys(all)));
  });

  it('has no entry that the source never reports', () => {
    const isUsed = (name: string) => used.includes(`'${name}'`) || new RegExp(`^\\s+${name}:`, 'm').test(used);
    expect(Object.keys(all).filter((name) => !isUsed(name))).toEqual([]);
  });

  it('has a page for every code, and a code for every page', () => {
    const written = readdirSync(pages).filter((name) => name.startsWith('AMB'));
    const codes = Object.values(all).map(({ code }) => `${code}.md`);
    expect(written.sort()).toEqual(codes.sort());
  });

  it.each(Object.values(all).map(({ code }) => code))('%s has a page with its sections in order', (code) => {
    const prose = readFileSync(join(pages, `${code}.md`), 'utf8').replace(/^```.*?^```$/gms, '');
    const headings = prose.match(/^#+ .*$/gm);
    expect(headings).toEqual([expect.stringMatching(new RegExp(`^# ${code}: .*[^.]$`)), ...sections]);
  });

  it('triggers every code in a golden case or a test', () => {
    const isTriggered = (name: string, code: string) =>
      expected.has(code) || compared.has(name) || tests.includes(code) || tests.includes(`'${name}'`);
    const untried = parts
      .filter(({ name }) => !provenByPages.has(name))
      .flatMap(({ entries }) => Object.entries(entries).filter(([name, { code }]) => !isTriggered(name, code)));
    expect(untried.map(([name, { code }]) => `${code} ${name}`)).toEqual([]);
  });
});

/** Golden cases pass over this one: it accompanies every compilation without a Mesh document. */
describe('AMB2036', () => {
  const codesOf = (text: string) =>
    compile([{ path: 'mesh.yaml', text }], { today: '2026-06-01', provenance: 'ids' }).diagnostics.map(
      ({ code }) => code,
    );
  const mesh = (spec: string) =>
    `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: prod }\nspec: ${spec}\n`;

  it('says that there is no Mesh document', () => {
    expect(codesOf('apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n')).toEqual(['AMB2036']);
  });

  it('is not said beside a Mesh document, even a faulty one', () => {
    expect(codesOf(mesh('{ clusters: [{ name: east }] }'))).toEqual([]);
    expect(codesOf(mesh('{ clusters: [] }'))).toEqual(['AMB1057']);
  });
});
