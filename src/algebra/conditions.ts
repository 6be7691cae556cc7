import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { assert } from '../util/assert.js';
import { once, oncePerObject } from '../util/once.js';
import { bit, bitsWhere } from './bits.js';
import type { Test } from './dimension.js';
import type { Reading } from './list-elements.js';
import { boxSet, emptySet, fullSet, type RequestSet, subtract, union } from './request-set.js';
import type { List, Space } from './space.js';

/** Which of two bounds a set is: the requests for which something surely holds, or those for which it may. */
export type Bound = 'surely' | 'possibly';

export function opposite(bound: Bound): Bound {
  return bound === 'surely' ? 'possibly' : 'surely';
}

/** Whether requests of a space are told apart by an attribute. */
export function isTold({ positions, lists }: Space, attribute: Attribute): boolean {
  return positions.has(attribute) || lists.has(attribute);
}

/** The requests of which one attribute satisfies a condition. Without a dimension it is absent. */
export function satisfying(space: Space, test: Test, bound: Bound, reading: Reading = 'texts'): RequestSet {
  return known(space)(test)[`${bound} ${reading}`]();
}

/** One gate after another asks about the same conditions. */
const known = oncePerObject((space: Space) =>
  oncePerObject((test: Test) => {
    const set = (bound: Bound, reading: Reading) => once(() => setOf(space, test, bound, reading));
    return {
      'surely texts': set('surely', 'texts'),
      'possibly texts': set('possibly', 'texts'),
      'surely words': set('surely', 'words'),
      'possibly words': set('possibly', 'words'),
    };
  }),
);

function setOf(space: Space, test: Test, bound: Bound, reading: Reading): RequestSet {
  const position = space.positions.get(test.attribute);
  const list = space.lists.get(test.attribute);
  if (list !== undefined) return listSatisfying(space, list, test, reading);
  const dimension = position === undefined ? undefined : space.dimensions[position - 1];
  if (position === undefined || dimension?.kind !== 'value') {
    return test.anyOf.length === 0 ? fullSet(space.shape) : emptySet(space.shape);
  }
  return boxSet(space.shape, new Map([[position, dimension.holding(test)[bound]]]));
}

/** What lists are compared with is always known. */
function listSatisfying(space: Space, list: List, { anyOf, noneOf }: Test, reading: Reading): RequestSet {
  const nothing = emptySet(space.shape);
  const passing = (matchers: readonly Matcher[]) =>
    union(nothing, ...matchers.map((matcher) => passingTest(space, list, matcher, reading)));
  const wanted = anyOf.length === 0 ? fullSet(space.shape) : passing(anyOf);
  return subtract(wanted, passing(noneOf));
}

function passingTest({ shape }: Space, { elements, first }: List, matcher: Matcher, reading: Reading): RequestSet {
  const test = elements.testOf(matcher, reading);
  assert(test !== undefined, 'a list is compared with its constants only');
  return boxSet(shape, new Map([[first + test, bit(1)]]));
}

/** The requests of which one attribute has some values; none of an attribute without a dimension. */
export function where(
  { shape, positions, dimensions }: Space,
  attribute: Attribute,
  holds: (values: readonly string[]) => boolean,
): RequestSet {
  const position = positions.get(attribute);
  const dimension = position === undefined ? undefined : dimensions[position - 1];
  if (position === undefined || dimension?.kind !== 'value') return emptySet(shape);
  const { atoms } = dimension;
  const bits = bitsWhere(atoms.length, (index) => holds(atoms[index]?.values ?? []));
  return boxSet(shape, new Map([[position, bits]]));
}

/** The requests of which some element of a list has spaces. */
export function withSpaces(space: Space, attribute: Attribute): RequestSet {
  const list = space.lists.get(attribute);
  const test = list?.elements.testOf('spaces', 'texts');
  if (list === undefined || test === undefined) return emptySet(space.shape);
  return boxSet(space.shape, new Map([[list.first + test, bit(1)]]));
}
