import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { maximumDepth } from '../../src/parse/load-yaml.js';
import { maximumLength, readYaml } from '../../src/parse/read-yaml.js';
import { hasKubectl, readWithKubectl } from '../support/kubectl.js';
import { type Underlined, underlined } from '../support/marked-text.js';

function read(text: string, strictness: 'intent' | 'manifest' = 'intent') {
  const { value, diagnostics } = readYaml({ path: 'a.yaml', text }, strictness);
  return { values: value.map((document) => document.value), found: underlined(diagnostics), diagnostics };
}

describe('a stream is cut where kubectl cuts it', () => {
  const streams: ReadonlyArray<readonly [text: string, values: readonly unknown[]]> = [
    ['a: 1\n---\na: 2\n', [{ a: 1 }, { a: 2 }]],
    ['---\na: 1\n--- # second\na: 2\n---\n', [{ a: 1 }, { a: 2 }]],
    ['a: 1\r\n---\r\na: 2\r\n', [{ a: 1 }, { a: 2 }]],
    ['# only a comment\n---\n\n---\nnull\n---\n~\n---\na: 1', [{ a: 1 }]],
    ['a: |\n  x\n  ---\n  y\n', [{ a: 'x\n---\ny\n' }]],
    ['a: 1\n...\n# the end\n---\na: 2\n', [{ a: 1 }, { a: 2 }]],
    ['\uFEFFa: 1\n---\n\uFEFFa: 2\n', [{ a: 1 }, { a: 2 }]],
    ['{"a": 1}', [{ a: 1 }]],
    ['', []],
  ];

  it.each(streams)('%j', (text, values) => {
    expect(read(text)).toMatchObject({ values, found: [] });
  });

  it('and one broken document does not hide the others', () => {
    const text = 'a: [\n---\nb: 1\n---\nc: "\n---\nd: 1\n';
    expect(read(text)).toMatchObject({
      values: [{ b: 1 }, { d: 1 }],
      found: [
        ['invalid-yaml', '['],
        ['invalid-yaml', '"'],
      ],
    });
  });
});

describe('each fault is reported at the smallest part of the text that shows it', () => {
  const faults: ReadonlyArray<readonly [text: string, ...found: Underlined[]]> = [
    ['a: b: c\n', ['invalid-yaml', ':']],
    ['a: 1\n b: 2\n', ['invalid-yaml', ':']],
    ['a: @b\n', ['invalid-yaml', '@b']],
    ['a: 1\nb\n', ['invalid-yaml', 'b']],
    [': 1\n', ['invalid-yaml', ':']],
    ['a: {b: 1}}\n', ['invalid-yaml', '}']],
    ['a: ["b]\n', ['invalid-yaml', '"']],
    ['{"a": 1}\n{"b": 2}\n', ['invalid-yaml', '{"b":']],
    ['a:\n\tb: 1\n', ['tab-indentation', '\t']],
    ['\ta: 1\n', ['tab-indentation', '\t']],
    ['a:\n  b: 1\n  \tc: 1\n', ['tab-indentation', '\t']],
    ['a: 1\nb: 1\na: 2\n', ['duplicate-key', 'a']],
    ['a: {b: 1, "b": 2}\nc: 1\nc: 1\n', ['duplicate-key', 'c'], ['duplicate-key', '"b"']],
    ['%YAML 1.2\n---\na: 1\n', ['yaml-directive', '%YAML 1.2']],
    ['# comment\n%TAG ! tag:x,2000:\n---\na: 1\n', ['yaml-directive', '%TAG ! tag:x,2000:']],
    ['a: b\0c\n', ['control-character', '\0']],
    ['# \x07\na: b\n', ['control-character', '\x07']],
    ['a: b\x7f\n', ['control-character', '\x7f']],
    ['a: "\\ud800"\n', ['control-character', '"\\ud800"']],
    ['a: 1 # hidden\u2028b: 2\n', ['ambiguous-line-break', '\u2028']],
    ['a: "x\x85y"\n', ['ambiguous-line-break', '\x85']],
    ['- a\n- b\n', ['not-a-mapping', '- a\n- b']],
    ['some text\n', ['not-a-mapping', 'some text']],
    ['a: [::1]\n', ['bare-text-in-brackets', '::1']],
    ['a: [fd00::/8, fe80::]\n', ['ambiguous-colon', 'fe80::']],
    ['a: [/search?q]\n', ['bare-text-in-brackets', '/search?q']],
    ['a:\n- {}---\nb: 1\nc:\n- {}---\n', ['glued-separator', '---'], ['glued-separator', '---']],
    ['a: 1\n---- \nb: 1\n', ['text-after-separator', '-']],
    ['a: 1\n--- {b: 1}\n', ['text-after-separator', '{b: 1}']],
    ['a: 1\n...\nb: 1\n', ['text-after-end', 'b: 1']],
    ['a: 1\r---\rb: 1\r', ['text-after-end', 'b: 1']],
    [
      'a: {null: 1, [b]: 2, {c: 3}: 4}\n',
      ['key-not-text', 'null'],
      ['key-not-text', '[b]'],
      ['key-not-text', '{c: 3}'],
    ],
    ['a: {{ .Values.name }}\n', ['key-not-text', '{ .Values.name }']],
    ['a: [.inf, -.INF, .nan]\n', ['not-finite', '.inf'], ['not-finite', '-.INF'], ['not-finite', '.nan']],
    ['a: !secret b\n', ['unsupported-tag', '!secret']],
    ['a: !!binary aGk=\n', ['unsupported-tag', '!!binary']],
    ['a: *b\n', ['unknown-anchor', '*b']],
    ['a: {k: 1, <<: {k: 2}}\n', ['late-merge', '<<']],
    ['a: &a [*a]\n', ['cyclic-alias', 'a: &a [*a]\n']],
    ['a: y\n', ['ambiguous-word', 'y']],
    ['on: 012\n', ['ambiguous-word', 'on'], ['ambiguous-word', '012']],
    ['a: [1_000, 1:30, 0X1F]\n', ['ambiguous-word', '1_000'], ['ambiguous-word', '1:30'], ['ambiguous-word', '0X1F']],
  ];

  it.each(faults.map(([text, ...found]) => ({ text, found })))('$text', ({ text, found }) => {
    expect(read(text).found).toEqual(found);
  });

  it('also behind a byte order mark, carriage returns and text outside the basic plane', () => {
    const text = '\uFEFFa: 😀\r\n---\r\n# é\r\nb: *c\r\n';
    expect(read(text).found).toEqual([['unknown-anchor', '*c']]);
  });

  it('and the first of two equal keys is shown beside the second', () => {
    const [found] = read('a: 1\nb: 1\na: 2\n').diagnostics;
    expect(found?.notes).toMatchObject([{ message: 'first written here', span: { start: 0, end: 1 } }]);
  });
});

describe('what is clear in an intent', () => {
  it.each([
    'a: "y"',
    "a: 'on'",
    'a: !!str 012',
    'a: true',
    'a: 10',
    'a: -1.5',
    'a: 0x1f',
    'a: 2027-01-31',
    'a: |\n  on',
  ])('%j', (text) => {
    expect(read(text).found).toEqual([]);
  });
});

describe('manifests are read as kubectl reads them', () => {
  it('a repeated key is a warning, and its last value counts', () => {
    const { values, found, diagnostics } = read('a: {b: 1, b: 2}\na: {b: 3, b: 4}\n', 'manifest');
    expect(values).toEqual([{ a: { b: 4 } }]);
    expect(found.map(([name]) => name)).toEqual(['overwritten-key', 'overwritten-key', 'overwritten-key']);
    expect(hasErrors(diagnostics)).toBe(false);
  });

  it('the words of YAML 1.1 are no fault', () => {
    expect(read('on: y\nmode: 0644\n', 'manifest')).toMatchObject({ values: [{ true: true, mode: 420 }], found: [] });
  });

  it('aliases and merge keys are followed', () => {
    const text = 'base: &base {a: 1, b: 2}\nitem: {<<: *base, b: 3}\nlist: [*base, *base]\n';
    const base = { a: 1, b: 2 };
    expect(read(text, 'manifest')).toMatchObject({
      values: [{ base, item: { a: 1, b: 3 }, list: [base, base] }],
      found: [],
    });
  });
});

describe('no text is too large to be answered', () => {
  it.each(['intent', 'manifest'] as const)('a file that is too long for an %s', (strictness) => {
    const text = `a: 1\n#${' '.repeat(maximumLength[strictness])}`;
    expect(read(text, strictness)).toMatchObject({ values: [], found: [['file-too-large', '']] });
  });

  it('aliases that double at every step', () => {
    const steps = Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
    const { values, found } = read(['a0: &a0 x', ...steps].join('\n'));
    expect(values).toEqual([]);
    expect(found.map(([name]) => name)).toEqual(['excessive-aliases']);
  });

  it('aliases that are nested one level more at every step', () => {
    const steps = Array.from({ length: 5000 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]`);
    expect(read(['a0: &a0 x', ...steps].join('\n')).found.map(([name]) => name)).toEqual(['nested-too-deeply']);
  });

  it('merge keys that copy much many times', () => {
    const base = Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join(', ');
    const merges = Array.from({ length: 5000 }, () => '- <<: *base').join('\n');
    const { found } = read(`base: &base {${base}}\nlist:\n${merges}\n`, 'manifest');
    expect(found.map(([name]) => name)).toEqual(['excessive-aliases']);
  });

  it('a fault in every value', () => {
    const { found } = read(`a: [${'y,'.repeat(300_000)}]`);
    expect(found).toHaveLength(300_000);
  });

  it('brackets without end', () => {
    expect(read(`a: ${'['.repeat(100_000)}`).found.map(([name]) => name)).toEqual(['nested-too-deeply']);
    const nested = (depth: number) => `a: ${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(read(nested(maximumDepth - 5)).found).toEqual([]);
    expect(read(nested(maximumDepth + 1)).found.map(([name]) => name)).toEqual(['nested-too-deeply']);
  });
});

describe.runIf(hasKubectl)('kubectl refuses the same streams', () => {
  const head = 'apiVersion: example.com/v1\nkind: Probe\nmetadata: {name: a}\n';
  it.each([
    `${head}spec:\n- {}---\n# next\n${head}`,
    `${head}---- \n${head}`,
    `${head}--- text\n${head}`,
    `%YAML 1.2\n---\n${head}`,
    `# comment\n%YAML 1.1\n---\n${head}`,
    `${head}# \x07\n`,
  ])('%j', (text) => {
    expect(hasErrors(read(text, 'manifest').diagnostics)).toBe(true);
    expect(readWithKubectl(text)).toEqual(expect.any(String));
  });

  it('and silently drops what stands after the end of a document, which is refused here', () => {
    const text = `${head}spec: 1\n...\n${head}spec: 2\n`;
    expect(readWithKubectl(text)).toHaveLength(1);
    expect(read(text, 'manifest').found).toEqual([['text-after-end', 'apiVersion: example.com/v1']]);
  });
});
