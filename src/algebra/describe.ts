import { describeMatcher } from '../mesh/policies/explain.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import { describeDestination } from '../mesh/request.js';
import type { Attribute } from '../mesh/view.js';
import { sortBy } from '../util/order.js';
import { all, type Bits, bit, indexesOf } from './bits.js';
import { type Box, coverOf } from './boxes.js';
import type { ValueDimension } from './dimension.js';
import type { Lane } from './lane.js';
import type { RequestSet } from './request-set.js';
import type { List, Space } from './space.js';

/** How many boxes of a set are counted one by one. */
const counted = 20;

/** A set of requests in one line: its first box in words, and how many more there are. */
export function describeSet(space: Space, lane: Lane, set: RequestSet): string {
  const { boxes, isWhole } = coverOf(set, set, counted);
  const [first, ...others] = boxes;
  if (first === undefined) return 'no request';
  const what = describeBox(space, first) || 'anything';
  const who = listed(indexesOf(first[0] ?? 0n), (index) => space.callers.classes[index]?.members[0] ?? '', ', ');
  const everyone = first[0] === all(space.callers.classes.length);
  const count = isWhole ? `${others.length}` : `${others.length} or`;
  const more = others.length === 0 ? '' : `, and ${count} more of the kind`;
  return `${what} from ${everyone ? 'anyone' : who} to ${describeDestination(lane.destination)}${more}`;
}

/** What the requests of a box have in common beside their callers, and how many values are told of each; empty where it is nothing. */
export function describeBox(space: Space, box: Box, most = 3): string {
  const attributes = new Set(sortBy(space.dimensions, ({ attribute }) => attribute).map(({ attribute }) => attribute));
  const parts = [...attributes].flatMap((attribute) => {
    const list = space.lists.get(attribute);
    const words = list === undefined ? valueInWords(space, attribute, box, most) : listInWords(list, box);
    return words === undefined ? [] : [`${nameOf(attribute)}${words}`];
  });
  return parts.join(' ');
}

/** The classes of one attribute that a box has; `undefined` where it has all. */
function valueInWords(
  { positions, dimensions }: Space,
  attribute: Attribute,
  box: Box,
  most: number,
): string | undefined {
  const position = positions.get(attribute) ?? 0;
  const dimension = dimensions[position - 1];
  const bits = box[position] ?? 0n;
  if (dimension?.kind !== 'value' || bits === all(dimension.atoms.length)) return undefined;
  const label = (atom: number) => labelOf(dimension, atom);
  const own = indexesOf(bits);
  const rest = indexesOf(all(dimension.atoms.length) & ~bits);
  if (own.some((atom) => isOther(dimension, atom))) return `any but ${listed(rest, label, ' or ', most)}`;
  const called = new Map(own.map((atom) => [atom, closestOf(dimension, atom)]));
  const within = (atom: number, wider: number) => {
    const closest = called.get(wider);
    return closest !== undefined && dimension.atoms[atom]?.matched.includes(closest) === true;
  };
  // What a class is called by may mean the values of others as well.
  const isFirst = (atom: number, other: number) => atom < other || !within(other, atom);
  const widest = own.filter(
    (atom) => !own.some((wider) => within(atom, wider) && isFirst(wider, atom) && wider !== atom),
  );
  const without = rest.filter((atom) => widest.some((wider) => within(atom, wider)));
  // A class within another may be called the same: then each is called by all that it matches.
  const shared = new Set(without.map(label).filter((text) => widest.some((atom) => label(atom) === text)));
  const isShared = (atom: number) => shared.has(label(atom));
  const unlike = (atom: number) => (isShared(atom) ? matchedInWords(dimension, atom) : label(atom));
  const excepted = without.filter((atom) =>
    widest.some((wider) => (isShared(wider) ? matchesAll(dimension, atom, wider) : within(atom, wider))),
  );
  const exceptions = excepted.length === 0 ? '' : ` but not ${listed(excepted, unlike, ' or ', most)}`;
  return `${listed(widest, unlike, ' or ', most)}${exceptions}`;
}

function matchesAll({ atoms }: ValueDimension, index: number, other: number): boolean {
  const matched = atoms[index]?.matched ?? [];
  return (atoms[other]?.matched ?? []).every((place) => matched.includes(place));
}

/** What every class matches says nothing of one. */
function matchedInWords({ atoms, matchers }: ValueDimension, index: number): string {
  const isTelling = (place: number) =>
    !atoms.every(({ values, matched }) => values.length === 0 || matched.includes(place));
  const words = (atoms[index]?.matched ?? []).filter(isTelling).flatMap((place) => matchers[place] ?? []);
  return [...new Set(words.map(inWords))].sort().join(' and ');
}

/** What a list must and must not have, in the order of texts. */
function listInWords({ elements: { tests }, first }: List, box: Box): string | undefined {
  const having = (bits: Bits) => [...tests.keys()].reverse().filter((test) => box[first + test] === bits);
  const label = (test: number) => {
    const { matcher, reading } = tests[test] ?? { matcher: 'spaces', reading: 'texts' };
    if (matcher === 'spaces') return 'a text with spaces';
    return reading === 'words' ? `the word ${inWords(matcher)}` : inWords(matcher);
  };
  const [wanted, unwanted] = [having(bit(1)), having(bit(0))];
  if (wanted.length + unwanted.length === 0) return undefined;
  if (wanted.length === 0) return `any but ${listed(unwanted, label, ' or ')}`;
  const without = unwanted.length === 0 ? '' : ` without ${listed(unwanted, label, ' or ')}`;
  return `${listed(wanted, label, ' and ')}${without}`;
}

/** A class in words: the constant that its members match most closely. */
function labelOf(dimension: ValueDimension, index: number): string {
  if (isAbsent(dimension, index)) return 'none';
  const matcher = matcherOf(dimension, index);
  return matcher === undefined ? 'other' : inWords(matcher);
}

/** Whether a class has the values that match no constant, whatever these say. */
function isOther(dimension: ValueDimension, index: number): boolean {
  return !isAbsent(dimension, index) && matcherOf(dimension, index) === undefined;
}

function isAbsent({ atoms }: ValueDimension, index: number): boolean {
  return (atoms[index]?.values.length ?? 0) === 0;
}

function matcherOf(dimension: ValueDimension, index: number): Matcher | undefined {
  const closest = closestOf(dimension, index);
  return closest === undefined ? undefined : dimension.matchers[closest];
}

/** The matcher that the members of a class match most closely, by its index: of two that are as long the one with fewer classes. */
function closestOf({ atoms, matchers }: Pick<ValueDimension, 'atoms' | 'matchers'>, index: number): number | undefined {
  const matched = sortBy(atoms[index]?.matched ?? [], (place) => place);
  const exact = matched.find((place) => matchers[place]?.kind === 'exact');
  if (exact !== undefined) return exact;
  const words = (place: number) => (matchers[place] === undefined ? '' : inWords(matchers[place]));
  const most = Math.max(...matched.map((place) => words(place).length));
  const [closest] = sortBy(
    matched.filter((place) => words(place).length === most),
    (place) => atoms.filter((atom) => atom.matched.includes(place)).length,
    words,
  );
  return closest;
}

/** Without the quotes of a sentence. */
function inWords(matcher: Matcher): string {
  return describeMatcher(matcher).replaceAll('`', '');
}

/** Methods and paths speak for themselves. */
function nameOf(attribute: Attribute): string {
  if (attribute === 'request.method' || attribute === 'request.path') return '';
  return `${attribute.replace('request.', '')} `;
}

/** Classes may be called the same. */
function listed(indexes: readonly number[], label: (index: number) => string, separator: string, most = 3): string {
  const labels = [...new Set(indexes.map(label))];
  const shown = labels.slice(0, most).join(separator);
  return labels.length > most ? `${shown} and ${labels.length - most} more` : shown;
}
