import { describe, expect, it } from 'vitest';
import { faultOfRegex } from '../../../src/mesh/admission/re2.js';

describe('a regular expression that RE2 takes', () => {
  it.each([
    '.*',
    '/v[0-9]+/items(/.*)?',
    '^(?i)abc$',
    '(?:a|b)*?c{2,}',
    '(?P<id>\\d+)',
    '(?<id>\\d+)',
    '[^]a]',
    '[[:alpha:]_-]+',
    '\\pL\\p{Greek}\\x{10FFFF}\\x41',
    '\\Qa(b\\E+',
    'a{1000}',
    'a{,3}',
    'x{a}',
    '|',
    '\\bword\\b\\z',
    '\\123',
    '[]]',
  ])('%s', (pattern) => {
    expect(faultOfRegex(pattern)).toBeUndefined();
  });
});

describe('a regular expression that RE2 does not take', () => {
  it.each([
    ['', 'is empty'],
    ['*', '`*` repeats nothing'],
    ['a|*b', '`*` repeats nothing'],
    ['a**', '`*` repeats a repetition'],
    ['a{2}{3}', '`{3}` repeats a repetition'],
    ['(a', 'a `(` is not closed'],
    ['a)', 'a `)` closes nothing'],
    ['[a', 'a `[` is not closed'],
    ['[z-a]', 'the range `z-a` is the wrong way round'],
    ['[[:letter:]]', 'RE2 knows no class `[:letter:]`'],
    ['a\\', 'it ends in a single `\\`'],
    ['(a)\\1', '`\\1` refers back to a group'],
    ['(?!x)a', 'it does not look around'],
    ['(?=x)a', 'it does not look around'],
    ['(?<!x)a', 'it does not look around'],
    ['\\y', 'RE2 knows no `\\y`'],
    ['a{3,2}', '`{3,2}` is the wrong way round'],
    ['a{1001}', 'repeats more than 1000 times'],
    ['a'.repeat(1025), 'is longer than 1024 characters'],
  ])('%s', (pattern, why) => {
    expect(faultOfRegex(pattern)).toContain(why);
  });
});
