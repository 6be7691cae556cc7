import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/parse/document.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { spanText } from '../support/marked-text.js';

function textAt(text: string, path: Path, part?: 'key' | 'value'): string | undefined {
  const [document] = readYaml({ path: 'a.yaml', text }, 'manifest').value;
  return document && spanText(document.spanOf(path, part));
}

describe('a value is found where it is written', () => {
  const places: ReadonlyArray<readonly [text: string, path: Path, written: string]> = [
    ['a: 1 # one\nb: 2', ['a'], '1'],
    ['a: 1\nb  :   two words   # two\n', ['b'], 'two words'],
    ['a:\n  # why\n  b: {c: [d, "e f"]}\n', ['a', 'b', 'c', 1], '"e f"'],
    ['a:\n  # why\n  b: {c: [d, "e f"]}  \n', ['a', 'b'], '{c: [d, "e f"]}'],
    ['a:\n- b: 1\n  c: 2\n- d\n', ['a', 0], 'b: 1\n  c: 2'],
    ['a:\n- b: 1\n  c: 2\n- d # four\n\n# end\n', ['a'], '- b: 1\n  c: 2\n- d'],
    ['a:\n- - b\n  - c\n- []\n', ['a', 0, 1], 'c'],
    ['a:\n- - b\n  - c\n- []\n', ['a', 1], '[]'],
    ['a:\n-\n- b\n- \n- c\n', ['a', 1], 'b'],
    ['a:\n-\n- b\n- \n- c\n', ['a', 3], 'c'],
    ['a: |\n  x\n  y\n\n# end\nb: 1\n', ['a'], '|\n  x\n  y'],
    ['a: >-\n  x\nb: 1\n', ['b'], '1'],
    ['a: &x !!str 012\nb: *x\n', ['a'], '&x !!str 012'],
    ['a: &x [1]\nb: *x # alias\n', ['b'], '*x'],
    ['a: &x {k: 1}\nb: {<<: *x, l: 2}\n', ['b', 'l'], '2'],
    ['a: &x\n  k: 1\n', ['a', 'k'], '1'],
    ['&x a: 1\n', ['a'], '1'],
    ['? a\n: 1\n? b\n: 2\n', ['b'], '2'],
    ['a: [b: 1, c]\n', ['a', 0, 'b'], '1'],
    ['a: [b: 1, c]\n', ['a', 1], 'c'],
    ['a: {b, c: 1}\n', ['a', 'c'], '1'],
    ['{"a.b": {"c": [null, true]}}', ['a.b', 'c', 1], 'true'],
    ['"a": "x\\n\\"y\\" 😀"\n', ['a'], '"x\\n\\"y\\" 😀"'],
    ["a: 'it''s'\n", ['a'], "'it''s'"],
    ['a: multi\n  line\n  text\nb: 1', ['a'], 'multi\n  line\n  text'],
    ['# head\na: 1\n---\n# second\nb: 2\n', [], 'a: 1'],
    ['on: {012: x}', ['true', '10'], 'x'],
    ['a: 1\na: 2\n', ['a'], '2'],
    ['  a: 1\n  b:\n  - 2\n', ['b', 0], '2'],
    ['a:\r\n- b\r\n- c: d\r\n', ['a', 1, 'c'], 'd'],
    ['\uFEFFa: b\n', ['a'], 'b'],
  ];

  it.each(places)('%j %j', (text, path, written) => {
    expect(textAt(text, path)).toBe(written);
  });
});

describe('a key is found where it is written', () => {
  it.each([
    ['a:\n  "b c" : 1\n', ['a', 'b c'], '"b c"'],
    ['{a: {b: 1}}', ['a', 'b'], 'b'],
    ['? a\n: 1\n', ['a'], 'a'],
    ['a:\n- b: 1\n', ['a', 0, 'b'], 'b'],
  ] as const)('%j %j', (text, path, written) => {
    expect(textAt(text, path, 'key')).toBe(written);
  });

  it('and stands for a value that is not written', () => {
    expect(textAt('a:\n  b:\n  c: 1\n', ['a', 'b'])).toBe('b');
    expect(textAt('a: {b}\n', ['a', 'b'])).toBe('b');
  });
});

describe('an absent field is answered with its nearest written ancestor', () => {
  it.each([
    [['a', 'x'], 'b: [c]'],
    [['a', 'x', 0, 'y'], 'b: [c]'],
    [['a', 'b', 7], '[c]'],
    [['a', 'b', 0, 'x'], 'c'],
    [['x'], 'a:\n  b: [c]'],
  ] as const)('%j', (path, written) => {
    expect(textAt('a:\n  b: [c]\n', path)).toBe(written);
    expect(textAt('a:\n  b: [c]\n', path, 'key')).toBe(written);
  });

  it('what an alias or a merge brings in is answered with the place that asks for it', () => {
    expect(textAt('a: &a {b: {c: 1}}\nd: *a\n', ['d', 'b', 'c'])).toBe('*a');
    expect(textAt('a: &a {b: 1}\nd: {<<: *a}\n', ['d', 'b'])).toBe('{<<: *a}');
  });
});

it('positions count from the start of the file', () => {
  const file = { path: 'a.yaml', text: 'a: 1\n---\nb:\n  c: 2\n' };
  const [, second] = readYaml(file, 'intent').value;
  expect(second?.spanOf(['b', 'c'])).toEqual({ file, start: 17, end: 18 });
  expect(second).toMatchObject({ start: 9, end: 19 });
});
