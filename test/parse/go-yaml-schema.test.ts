import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { documentWithSpec, hasKubectl, readWithKubectl } from '../support/kubectl.js';

const words: ReadonlyArray<readonly [text: string, value: unknown]> = [
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['~', 'null', 'Null', 'NULL', ''].map((word) => [word, null] as const),
  ...['yEs', 'oN', 'tRUE', 'nULL', 'nan', 'inf', 'Infinity', '.iNf', '=', '<<'].map((word) => [word, word] as const),
];

const numbers: ReadonlyArray<readonly [text: string, value: unknown]> = [
  ['0', 0],
  ['-0', 0],
  ['+012', 10],
  ['012', 10],
  ['-012', -10],
  ['08', 8],
  ['-09', -9],
  ['0o17', 15],
  ['0O17', 15],
  ['-0o17', -15],
  ['0o8', '0o8'],
  ['0b11', 3],
  ['-0B11', -3],
  ['0b12', '0b12'],
  ['0x1f', 31],
  ['0X1F', 31],
  ['+0x1F', 31],
  ['0xg', '0xg'],
  ['0x_1f', 31],
  ['1_000', 1000],
  ['1__0', 10],
  ['1_', 1],
  ['_1', '_1'],
  ['-_1', -1],
  ['0_7', 7],
  ['1e3', 1000],
  ['1E-3', 0.001],
  ['1_e3', 1000],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['.5e3', 500],
  ['.5_0', 0.5],
  ['._5', '._5'],
  ['685_230.15', 685230.15],
  ['1e400', '1e400'],
  ['1e-400', 0],
  ['99999999999999999999', 1e20],
  ['1:30', '1:30'],
  ['190:20:30', '190:20:30'],
  ['2001-01-01', '2001-01-01'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
  ['1.2.3', '1.2.3'],
  ['1,000', '1,000'],
  ['1e', '1e'],
  ['e3', 'e3'],
  ['.', '.'],
];

const values: ReadonlyArray<readonly [text: string, value: unknown]> = [
  ['a#b', 'a#b'],
  ['a #b', 'a'],
  ['a\tb', 'a\tb'],
  ['"\\u0041\\x41\\e\\0\\_\\L"', 'AA\x1b\0\xa0\u2028'],
  ['"a\\\n  b"', 'ab'],
  ['a\n  b\n\n  c', 'a b\nc'],
  ['|\n  a\n  b', 'a\nb\n'],
  ['>-\n  a\n  b\n\n  c', 'a b\nc'],
  ['|+\n  a\n', 'a\n\n'],
  ['|1\n   a', '  a\n'],
  ['[a, b: c]', ['a', { b: 'c' }]],
  ['[a: ]', [{ a: null }]],
  ['{a, b: c}', { a: null, b: 'c' }],
  ['{"a":1}', { a: 1 }],
  ['{a:1}', { 'a:1': null }],
  ['[\n  a,\n]', ['a']],
  ['!!str 012', '012'],
  ['!!int "12"', 12],
  ['!!float 3', 3],
  ['!!bool yes', true],
  ['"yes"', 'yes'],
  ['&anchor 12', 12],
  ['{<<: {a: 1, b: 1}, b: 2}', { a: 1, b: 2 }],
  ['{<<: [{a: 1}, {a: 2, b: 3}]}', { a: 1, b: 3 }],
  [
    '{on: 1, No: 2, 012: 3, 1.50: 4, 0x1F: 5, 1e3: 6, -0: 7}',
    { true: 1, false: 2, 10: 3, 1.5: 4, 31: 5, 1000: 6, 0: 7 },
  ],
  ['{k: 1, k: 2}', { k: 2 }],
];

const table = [...words, ...numbers, ...values];

/** What kubectl refuses, and what it reads otherwise than every reader of YAML 1.2. */
const refused = [
  '.inf',
  '-.INF',
  '.nan',
  '{null: 1}',
  '{[a]: 1}',
  '{{ name }}',
  '&a [*a]',
  '[::1]',
  '[/a?b]',
  '{a: b?c}',
  '*unknown',
  '{k: 1',
  '@a',
  '`a`',
  '%a',
  'a: b',
  '"\\q"',
  'a\x7fb',
  '\n\ta: 1',
];

describe('plain scalars and small values read as kubectl reads them', () => {
  it.each(table)('%j', (text, value) => {
    const { value: documents, diagnostics } = readYaml({ path: 'a.yaml', text: documentWithSpec(text) }, 'manifest');
    expect(hasErrors(diagnostics)).toBe(false);
    expect(documents.map((document) => document.value)).toEqual([expect.objectContaining({ spec: value })]);
  });

  it.runIf(hasKubectl)('kubectl agrees', () => {
    const read = readWithKubectl(table.map(([text]) => documentWithSpec(text)).join('---\n'));
    expect(typeof read === 'string' ? read : read.map(({ spec = null }) => spec)).toEqual(
      table.map(([, value]) => value),
    );
  });
});

describe('what kubectl refuses is an error', () => {
  it.each(refused)('%j', (text) => {
    const { diagnostics } = readYaml({ path: 'a.yaml', text: documentWithSpec(text) }, 'manifest');
    expect(hasErrors(diagnostics)).toBe(true);
  });

  it.runIf(hasKubectl).each(refused)('kubectl agrees on %j', (text) => {
    expect(readWithKubectl(documentWithSpec(text))).toEqual(expect.any(String));
  });
});

describe('what kubectl reads and other readers take differently is an error', () => {
  it.each(['[fd00::/8, fe80::]', '{a:, b: c}', '[?a]', '{k: 1, <<: {k: 2}}', '{<<: {k: 1}, <<: {k: 2}}'])(
    '%j',
    (text) => {
      const { diagnostics } = readYaml({ path: 'a.yaml', text: documentWithSpec(text) }, 'manifest');
      expect(hasErrors(diagnostics)).toBe(true);
    },
  );
});
