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

/** What the requests of a box have in common beside their callers; empty where it is nothing. */
export function describeBox(space: Space, box: Box): string {
  const attributes = new Set(sortBy(space.dimensions, ({ attribute }) => attribute).map(({ attribute }) => attribute));
  const parts = [...attributes].flatMap((attribute) => {
    const list = space.lists.get(attribute);
    const words = list === undefined ? valueInWords(space, attribute, box) : listInWords(list, box);
    return words === undefined ? [] : [`${nameOf(attribute)}${words}`];
  });
  return parts.join(' ');
}

/** The classes of one attribute that a box has; `undefined` where it has all. */
function valueInWords({ positions, dimensions }: Space, attribute: Attribute, box: Box): string | undefined {
  const position = positions.get(attribute) ?? 0;
  const dimension = dimensions[position - 1];
  const bits = box[position] ?? 0n;
  if (dimension?.kind !== 'value' || bits === all(dimension.atoms.length)) return undefined;
  const label = (atom: number) => labelOf(dimension, atom);
  const own = indexesOf(bits);
  if (!own.some((atom) => label(atom) === other)) return listed(own, label, ' or ');
  return `any but ${listed(indexesOf(all(dimension.atoms.length) & ~bits), label, ' or ')}`;
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

const other = 'other';

/** A class in words: the constant that its members match most closely, `other` where they match none. */
export function labelOf({ atoms, matchers }: ValueDimension, index: number): string {
  const atom = atoms[index];
  if (atom === undefined || atom.values.length === 0) return 'none';
  const matched = sortBy(atom.matched, (place) => place).flatMap((place) => matchers[place] ?? []);
  const exact = matched.find(({ kind }) => kind === 'exact');
  const [closest] = sortBy(
    matched.map(inWords),
    (text) => -text.length,
    (text) => text,
  );
  return exact === undefined ? (closest ?? other) : inWords(exact);
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

function listed(indexes: readonly number[], label: (index: number) => string, separator: string): string {
  const shown = indexes.slice(0, 3).map(label).join(separator);
  return indexes.length > 3 ? `${shown} and ${indexes.length - 3} more` : shown;
}
