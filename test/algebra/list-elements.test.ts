import { describe, expect, it } from 'vitest';
import { callersOf } from '../../src/algebra/callers.js';
import { satisfying } from '../../src/algebra/conditions.js';
import { elementsPassing, type ListElements, type Reading } from '../../src/algebra/list-elements.js';
import { contains } from '../../src/algebra/request-set.js';
import { type Space, spaces } from '../../src/algebra/space.js';
import { realRequests } from '../../src/algebra/universe.js';
import { matchesText, type TextMatcher } from '../../src/mesh/policies/matcher.js';
import { meshOf, threeNamespaces } from '../mesh/support/mesh.js';
import { fc } from '../support/fast-check.js';

const mesh = meshOf(threeNamespaces);
const makeSpace = spaces(mesh, callersOf(mesh));
const claim = 'request.auth.claims[groups]';

/** All texts over a small alphabet, up to a length that shows every class. */
const texts = [
  '',
  'a',
  'b',
  'x',
  ' ',
  'aa',
  'ab',
  'ba',
  'bb',
  'ax',
  'xa',
  'xb',
  'bx',
  'a ',
  ' a',
  ' b',
  'b ',
  'aab',
  'aba',
].concat(['abb', 'baa', 'bab', 'bba', 'axa', 'axb', 'bxa', 'bxb', 'a b', 'b a', 'a a', 'b b', 'x b', 'a x']);

function passes(list: ListElements, test: number, text: string): boolean {
  const { matcher, reading } = list.tests[test] ?? { matcher: 'spaces', reading: 'texts' };
  if (matcher === 'spaces') return text.includes(' ');
  return reading === 'texts' ? matchesText(matcher, text) : text.split(' ').some((word) => matchesText(matcher, word));
}

function spaceFor(matchers: readonly TextMatcher[]): { space: Space; list: ListElements; first: number } {
  const space = makeSpace(new Map([[claim, matchers]]));
  const { elements, first } = space.lists.get(claim) ?? {
    elements: { tests: [], texts: [], testOf: () => 0 },
    first: 0,
  };
  return { space, list: elements, first };
}

/** A request whose list passes exactly these tests, with a token or without. */
function memberOf(
  { dimensions, positions }: Space,
  first: number,
  passed: ReadonlySet<number>,
  hasToken = true,
): number[] {
  const member = [0, ...dimensions.map(() => 0)];
  member[positions.get('request.auth.principal') ?? 0] = hasToken ? 1 : 0;
  for (const test of passed) member[first + test] = 1;
  return member;
}

const literal = fc.constantFrom('a', 'b', 'ab', 'a b');
const matcher = fc.oneof(
  fc
    .tuple(fc.constantFrom('exact', 'prefix', 'suffix'), literal)
    .map(([kind, value]): TextMatcher => ({ kind, value, ignoreCase: false })),
  fc.constant<TextMatcher>({ kind: 'non-empty' }),
);
const matchers = fc.uniqueArray(matcher, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each) });

describe('what a list can pass', () => {
  it('is the union of what some texts pass, and nothing else', () => {
    fc.assert(
      fc.property(matchers, (constants) => {
        const { space, list, first } = spaceFor(constants);
        const real = realRequests(mesh, space);
        const every = Array.from({ length: 2 ** list.tests.length }, (_, bits) => {
          return new Set([...list.tests.keys()].filter((test) => (bits >> test) & 1));
        });
        for (const passed of every) {
          // The elements that pass no other test: together they pass all that is wanted, or no list does.
          const allowed = list.texts
            .map(({ text }) => text)
            .filter((text) => {
              return [...list.tests.keys()].every((test) => passed.has(test) || !passes(list, test, text));
            });
          const isPossible = [...passed].every((test) => allowed.some((text) => passes(list, test, text)));
          expect(contains(real, memberOf(space, first, passed))).toBe(isPossible);
          if (!isPossible) continue;
          const shown = elementsPassing(list, passed);
          const shownToPass = [...list.tests.keys()].filter((test) => shown.some((text) => passes(list, test, text)));
          expect(new Set(shownToPass)).toEqual(passed);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has a text of every class there is, read as texts', () => {
    fc.assert(
      fc.property(matchers, (constants) => {
        const { list } = spaceFor(constants);
        const ofTexts = [...list.tests.keys()].filter((test) => list.tests[test]?.reading === 'texts');
        const classOf = (text: string) => ofTexts.filter((test) => passes(list, test, text)).join();
        const known = new Set(list.texts.map(({ text }) => classOf(text)));
        for (const text of texts) if (!text.includes(' ')) expect(known).toContain(classOf(text));
      }),
      { numRuns: 100 },
    );
  });
});

it('is empty without a token', () => {
  const { space, first } = spaceFor([{ kind: 'exact', value: 'a', ignoreCase: false }]);
  const real = realRequests(mesh, space);
  expect(contains(real, memberOf(space, first, new Set(), false))).toBe(true);
  expect(contains(real, memberOf(space, first, new Set([0]), false))).toBe(false);
});

it('takes one dimension for each exact value, and no law between them', () => {
  const values = Array.from({ length: 200 }, (_, index): TextMatcher => {
    return { kind: 'exact', value: `group-${index}`, ignoreCase: false };
  });
  const { space, list } = spaceFor(values);
  expect(list.tests).toHaveLength(200);
  realRequests(mesh, space);
  expect(space.shape.diagrams.size()).toBeLessThan(2000);
});

it.each<[Reading, readonly string[], boolean]>([
  ['texts', ['a b'], false],
  ['words', ['a b'], true],
  ['texts', ['a'], true],
])('reads elements as %s: %j has `a` is %s', (reading, elements, expected) => {
  const exact = (value: string): TextMatcher => ({ kind: 'exact', value, ignoreCase: false });
  const [a, both] = [exact('a'), exact('a b')];
  const { space, list, first } = spaceFor([a, both]);
  const passed = new Set([...list.tests.keys()].filter((test) => elements.some((text) => passes(list, test, text))));
  const set = satisfying(space, { attribute: claim, anyOf: [a], noneOf: [] }, 'surely', reading);
  expect(contains(set, memberOf(space, first, passed))).toBe(expected);
});
