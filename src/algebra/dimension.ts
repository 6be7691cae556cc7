import type { Condition } from '../mesh/policies/compiled.js';
import type { Matcher, TextMatcher } from '../mesh/policies/matcher.js';
import { type Attribute, seenMatches } from '../mesh/view.js';
import type { PathNormalization } from '../parse/mesh.js';
import { oncePerObject } from '../util/once.js';
import { addressAtoms } from './address-atoms.js';
import { all, type Bits, bitsOf } from './bits.js';
import type { ListElements } from './list-elements.js';
import { matcherKey } from './matcher-key.js';
import { principalAtoms } from './principal-atoms.js';
import type { Language } from './texts/language-machine.js';
import { type TextAtom, textAtoms } from './texts/text-atoms.js';

/** What requests are told apart by: the value of an attribute, or whether a list has an element of a kind. */
export type Dimension = ValueDimension | ElementDimension;

/** One attribute of requests, cut into the classes of values that the constants in play can tell apart. */
export interface ValueDimension {
  readonly kind: 'value';
  readonly attribute: Attribute;
  readonly matchers: readonly Matcher[];
  readonly atoms: readonly Atom[];
  /** The atoms for which a condition on the attribute holds. */
  holding(condition: Test): Holding;
}

/** A class of values, by one of them: a list, empty where the attribute is absent. Every member matches as it does. */
export interface Atom {
  readonly values: readonly string[];
  /** The matchers that match all members, by their index. */
  readonly matched: readonly number[];
}

/** Whether some element of a list passes a test, atom 1, or none does, atom 0. */
export interface ElementDimension {
  readonly kind: 'element';
  readonly attribute: Attribute;
  readonly elements: ListElements;
  /** Which of the tests of the list it is. */
  readonly test: number;
}

/** What is asked of one attribute. */
export type Test = Pick<Condition, 'attribute' | 'anyOf' | 'noneOf'>;

/** For which atoms something holds for certain, and for which it may. */
export interface Holding {
  readonly surely: Bits;
  readonly possibly: Bits;
}

/** Cuts one attribute of one value by its constants. */
export function valueDimension(
  attribute: Attribute,
  matchers: readonly Matcher[],
  paths: PathNormalization,
): ValueDimension {
  const atoms = atomsOf(attribute, matchers, paths);
  const matching = matcherIndex(matchers, atoms);
  const join = (wanted: readonly Matcher[], bound: 'surely' | 'possibly') =>
    bitsOf(wanted.flatMap((matcher) => matching(matcher)[bound]));
  const holding = oncePerObject(({ anyOf, noneOf }: Test): Holding => {
    const wanted = (bound: 'surely' | 'possibly') => (anyOf.length === 0 ? all(atoms.length) : join(anyOf, bound));
    return {
      surely: wanted('surely') & ~join(noneOf, 'possibly'),
      possibly: wanted('possibly') & ~join(noneOf, 'surely'),
    };
  });
  return { kind: 'value', attribute, matchers, atoms, holding };
}

/** Whether an attribute is a list of which every element is compared. */
export function isList(attribute: Attribute): boolean {
  return attribute === 'request.auth.audiences' || attribute.startsWith('request.auth.claims[');
}

export function languageOf(attribute: Attribute, paths: PathNormalization): Language {
  if (attribute === 'request.path') return `path ${paths}`;
  if (attribute === 'request.method') return 'method';
  if (attribute === 'request.auth.claims[scope]' || attribute === 'request.auth.claims[permission]') return 'word';
  return attribute === 'request.host' ? 'host' : 'any';
}

export function isText(matcher: Matcher): matcher is TextMatcher {
  return !['block', 'pattern', 'perhaps-pattern', 'issuer-and-subject', 'not-modelled'].includes(matcher.kind);
}

const absent: Atom = { values: [], matched: [] };

function atomsOf(attribute: Attribute, matchers: readonly Matcher[], paths: PathNormalization): readonly Atom[] {
  if (attribute === 'source.ip') return addressAtoms(matchers).map(present);
  if (attribute === 'request.auth.principal') return [absent, ...principalAtoms(matchers).map(present)];
  const texts = matchers.flatMap((matcher, index) => (isText(matcher) ? [{ matcher, index }] : []));
  const atoms = textAtoms(
    texts.map(({ matcher }) => matcher),
    languageOf(attribute, paths),
  ).map(({ text, matched }) => present({ text, matched: matched.flatMap((place) => texts[place]?.index ?? []) }));
  const isAlwaysThere = attribute === 'request.method' || attribute === 'request.path' || attribute === 'request.host';
  return isAlwaysThere ? atoms : [absent, ...atoms];
}

function present({ text, matched }: TextAtom): Atom {
  return { values: [text], matched };
}

interface Matched {
  readonly surely: readonly number[];
  readonly possibly: readonly number[];
}

/** By a matcher, the atoms that it matches. One that is no constant of the dimension is tried on each atom's one value. */
function matcherIndex(matchers: readonly Matcher[], atoms: readonly Atom[]): (matcher: Matcher) => Matched {
  const indexed = new Map<string, number[]>(matchers.filter(isIndexed).map((matcher) => [matcherKey(matcher), []]));
  for (const [atom, { matched }] of atoms.entries()) {
    for (const index of matched) {
      const matcher = matchers[index];
      if (matcher !== undefined) indexed.get(matcherKey(matcher))?.push(atom);
    }
  }
  const known = new Map(
    [...indexed].map(([key, found]): [string, Matched] => [key, { surely: found, possibly: found }]),
  );
  return (matcher) => {
    const key = matcherKey(matcher);
    const found = known.get(key) ?? tried(matcher, atoms);
    known.set(key, found);
    return found;
  };
}

/** What a machine looks for. Of the rest it is not always known what they match. */
function isIndexed(matcher: Matcher): boolean {
  return isText(matcher) || matcher.kind === 'issuer-and-subject' || matcher.kind === 'block';
}

function tried(matcher: Matcher, atoms: readonly Atom[]): Matched {
  const truths = atoms.map(({ values }) => seenMatches({ known: true, value: values }, matcher));
  const indexes = [...truths.keys()];
  return {
    surely: indexes.filter((index) => truths[index] === 'yes'),
    possibly: indexes.filter((index) => truths[index] !== 'no'),
  };
}
