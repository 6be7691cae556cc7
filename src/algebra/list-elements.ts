import { type Matcher, matchesText, type TextMatcher } from '../mesh/policies/matcher.js';
import { sortBy } from '../util/order.js';
import { matcherKey } from './matcher-key.js';
import type { Language } from './texts/language-machine.js';
import { textAtoms } from './texts/text-atoms.js';

/** How the elements of a list are read: each as it is, or each as a list of words. */
export type Reading = 'texts' | 'words';

/** What is asked of a list: whether some element matches, read in one way; or whether some element has spaces. */
export interface ElementTest {
  readonly matcher: TextMatcher | 'spaces';
  readonly reading: Reading;
}

/**
 * A list, by what its elements can be. It passes the tests that any of its elements passes, so there is a list for every
 * union of what single texts pass, and for nothing else.
 */
export interface ListElements {
  readonly tests: readonly ElementTest[];
  /** One text of each class, the shortest first. */
  readonly texts: readonly Element[];
  /** The test for a matcher, by its index. */
  testOf(matcher: Matcher | 'spaces', reading: Reading): number | undefined;
}

interface Element {
  readonly text: string;
  /** The tests that it passes, by their index, in ascending order. */
  readonly passes: readonly number[];
}

/**
 * The elements that some constants tell apart. As long as nothing is compared with a text that has spaces, nobody can
 * tell such a text from the list of its words, and both readings are one. Tests of texts that begin alike are neighbours;
 * the first in the order of texts comes last, so that of several elements that would do the first one is shown.
 */
export function listElements(matchers: readonly TextMatcher[], language: Language): ListElements {
  const atoms = textAtoms(matchers, language);
  const readings: readonly Reading[] = atoms.some(({ text }) => hasSpaces(text)) ? ['texts', 'words'] : ['texts'];
  const ordered = sortBy(matchers, (matcher) => ('value' in matcher ? matcher.value : '')).reverse();
  const tests: readonly ElementTest[] = [
    ...(readings.length > 1 ? [{ matcher: 'spaces', reading: 'texts' } as const] : []),
    ...ordered.flatMap((matcher) => readings.map((reading) => ({ matcher, reading }))),
  ];
  const texts = atoms.map(({ text, matched }) => {
    const matching = new Set(matched.map((index) => matchers[index]));
    const passes = [...tests.keys()].filter((index) => passesTest(text, matching, tests[index]));
    return { text, passes };
  });
  const byKey = new Map(tests.map(({ matcher, reading }, index) => [testKey(matcher, reading), index]));
  const only = readings.length > 1 ? undefined : 'texts';
  return { tests, texts, testOf: (matcher, reading) => byKey.get(testKey(matcher, only ?? reading)) };
}

function testKey(matcher: Matcher | 'spaces', reading: Reading): string {
  return matcher === 'spaces' ? matcher : `${reading} ${matcherKey(matcher)}`;
}

function passesTest(
  text: string,
  matching: ReadonlySet<TextMatcher | undefined>,
  test: ElementTest | undefined,
): boolean {
  if (test === undefined || test.matcher === 'spaces') return hasSpaces(text);
  const { matcher, reading } = test;
  if (reading === 'texts' || !hasSpaces(text)) return matching.has(matcher);
  return text.split(' ').some((word) => matchesText(matcher, word));
}

function hasSpaces(text: string): boolean {
  return text.includes(' ');
}

/** Texts that together pass some tests and no others, none of them without need. */
export function elementsPassing({ texts }: ListElements, wanted: ReadonlySet<number>): readonly string[] {
  const allowed = texts.filter(({ passes }) => passes.length > 0 && passes.every((test) => wanted.has(test)));
  const added: Element[] = [];
  for (const each of allowed) if (!isCovered(each, added)) added.push(each);
  return added
    .reduce<readonly Element[]>((kept, each) => {
      const others = kept.filter((other) => other !== each);
      return isCovered(each, others) ? others : kept;
    }, added)
    .map(({ text }) => text);
}

function isCovered({ passes }: Element, others: readonly Element[]): boolean {
  const covered = new Set(others.flatMap((other) => other.passes));
  return passes.every((test) => covered.has(test));
}
