import { describe, expect, it } from 'vitest';
import { automatonOf } from '../../src/algebra/texts/re2/automaton.js';
import { regexMachine } from '../../src/algebra/texts/regex-machine.js';
import { textAtoms } from '../../src/algebra/texts/text-atoms.js';
import { matchesText, type TextMatcher } from '../../src/mesh/policies/matcher.js';
import { matchesWhole } from '../../src/mesh/routes/follow/re2.js';
import { fc } from '../support/fast-check.js';

function machineMatches(pattern: string, text: string): boolean {
  const machine = regexMachine({ text: pattern, index: 0 });
  const state = Array.from(text).reduce((at, character) => machine.step(at, character), 0);
  return machine.matchers(machine.found(state)).length > 0;
}

const characters = fc.constantFrom('a', 'b', 'B', '/', '.', '-', '1', '_');
const one = fc.oneof(
  fc.constantFrom('a', 'b', 'B', '/', '-', '1', '\\.', '\\/', '\\-', '.', '\\d', '\\w', '\\W', '\\s', '\\x61'),
  fc.constantFrom('[ab]', '[^/]', '[a-z]', '[^a-z/]', '[A-Za-z0-9_-]', '[.]', '[\\d.]', '[-a]', '^', '$'),
);
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '{0}');
const expressions = fc.letrec<{ whole: string; part: string }>((tie) => ({
  whole: fc
    .tuple(fc.constantFrom('|', '', ''), fc.array(tie('part'), { minLength: 1, maxLength: 3 }))
    .map(([between, parts]) => parts.join(between)),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(one, quantifier).map(([text, times]) => (text === '^' || text === '$' ? text : text + times)),
    fc
      .tuple(fc.constantFrom('(', '(?:'), tie('whole'), quantifier)
      .map(([open, inner, times]) => `${open}${inner})${times}`),
  ),
})).whole;
const patterns = fc.tuple(fc.constantFrom('', '', '(?i)', '(?s)', '(?is)'), expressions).map((parts) => parts.join(''));
const texts = fc.string({ unit: characters, maxLength: 6 });

it('matches in sets what it matches in single requests', () => {
  let followed = 0;
  fc.assert(
    fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 12 }), (pattern, all) => {
      const single = all.map((text) => matchesWhole(pattern, text));
      if (automatonOf(pattern) === undefined || single.includes('unknown')) return;
      followed++;
      expect(all.map((text) => (machineMatches(pattern, text) ? 'yes' : 'no'))).toEqual(single);
    }),
    { numRuns: 3000 },
  );
  expect(followed).toBeGreaterThan(2500);
});

it('finds every class of texts that expressions and other matchers tell apart', () => {
  let last = [''];
  const candidates = [''];
  for (let length = 1; length <= 5; length++) {
    last = last.flatMap((text) => Array.from('abB/1-').map((letter) => text + letter));
    candidates.push(...last);
  }
  const small = fc.constantFrom(
    'a+',
    '[^/]+',
    'a.*',
    '.*b',
    'ab|/a',
    '[a-z]{2}',
    '(?i)ab',
    '\\d*',
    'a(b|/)?',
    '[a-z]*[B1]',
  );
  const plain = fc.tuple(fc.constantFrom('exact', 'prefix', 'suffix'), fc.constantFrom('a', 'ab', '/a', '1'));
  const matcher = fc.oneof(
    small.map((value): TextMatcher => ({ kind: 'regex', value })),
    plain.map(([kind, value]): TextMatcher => ({ kind, value, ignoreCase: false })),
  );
  const signature = (all: readonly TextMatcher[], text: string) => all.map((each) => Number(matchesText(each, text)));
  fc.assert(
    fc.property(fc.array(matcher, { minLength: 1, maxLength: 3 }), (all) => {
      const atoms = textAtoms(all, 'any');
      for (const { text, matched } of atoms) {
        expect(signature(all, text)).toEqual(all.map((_, index) => Number(matched.includes(index))));
      }
      const found = new Set(atoms.map(({ text }) => `${signature(all, text)}`));
      expect(candidates.map((text) => `${signature(all, text)}`).filter((each) => !found.has(each))).toEqual([]);
      expect(found.size).toBe(atoms.length);
    }),
    { numRuns: 150 },
  );
});

describe('what is not followed', () => {
  it.each([
    'a\\b',
    '[[:alpha:]]',
    '\\pL',
    '(?i:a)',
    '(?P<n>a)',
    '[]a]',
    'a**',
    '*',
    '{2}',
    'a(b',
    'a)',
    'x{2,1}',
    '(a{900}){900}',
  ])('knows nothing of `%s`', (pattern) => {
    expect(automatonOf(pattern)).toBeUndefined();
  });
});
