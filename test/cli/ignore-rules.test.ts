import { describe, expect, it } from 'vitest';
import { isLeftOut, parseIgnoreFile } from '../../src/cli/files/ignore-rules.js';

function leavesOut(text: string, path: string, isDirectory = false): boolean {
  return isLeftOut(parseIgnoreFile(text, '/work'), `/work/${path}`, isDirectory);
}

describe('a line of an ignore file, as Git reads it', () => {
  it.each([
    ['a.yaml', 'a.yaml', true],
    ['a.yaml', 'deep/down/a.yaml', true],
    ['/a.yaml', 'deep/a.yaml', false],
    ['deep/a.yaml', 'deep/a.yaml', true],
    ['deep/a.yaml', 'more/deep/a.yaml', false],
    ['*.json', 'package.json', true],
    ['*.json', 'package.json.yaml', false],
    ['d*p/*.yaml', 'deep/a.yaml', true],
    ['d*/a.yaml', 'd/e/a.yaml', false],
    ['**/deep/a.yaml', 'x/y/deep/a.yaml', true],
    ['**/deep/a.yaml', 'deep/a.yaml', true],
    ['deep/**', 'deep/x/y.yaml', true],
    ['deep/**/y.yaml', 'deep/y.yaml', true],
    ['deep/**/y.yaml', 'deep/a/b/y.yaml', true],
    ['?.yaml', 'a.yaml', true],
    ['?.yaml', 'ab.yaml', false],
    ['[a-c].yaml', 'b.yaml', true],
    ['[!a-c].yaml', 'b.yaml', false],
    ['[!a-c].yaml', 'd.yaml', true],
    ['a.yaml   ', 'a.yaml', true],
    ['# a comment', '# a comment', false],
    ['\\#a.yaml', '#a.yaml', true],
    ['\\!a.yaml', '!a.yaml', true],
    ['a.b', 'axb', false],
    ['a+(b).yaml', 'a+(b).yaml', true],
    ['[z-a].yaml', 'b.yaml', false],
    ['[a.yaml', '[a.yaml', true],
    ['', 'a.yaml', false],
    ['*.yaml\n!keep.yaml', 'keep.yaml', false],
    ['!keep.yaml\n*.yaml', 'keep.yaml', true],
    ['*.yaml\r\nb\r\n', 'a.yaml', true],
  ])('%j, %s: %s', (text, path, expected) => {
    expect(leavesOut(text, path)).toBe(expected);
  });

  it('that ends in a slash is for directories alone', () => {
    expect(leavesOut('charts/', 'charts', true)).toBe(true);
    expect(leavesOut('charts/', 'charts', false)).toBe(false);
  });

  it('says nothing of what lies outside its directory', () => {
    expect(isLeftOut(parseIgnoreFile('*.yaml', '/work/deep'), '/work/a.yaml', false)).toBe(false);
  });
});
