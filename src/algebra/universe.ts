import { isInBlocks } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import { oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { bit } from './bits.js';
import { where } from './conditions.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, subtract, union } from './request-set.js';
import type { List, Space } from './space.js';

/**
 * The requests of a space that can exist: an outsider has its own addresses, without a token there are no claims, and a
 * list passes what its elements pass.
 */
export function realRequests(mesh: Mesh, space: Space): RequestSet {
  return known(mesh)(space);
}

const known = oncePerObject((mesh: Mesh) =>
  oncePerObject((space: Space) =>
    intersect(withOwnAddresses(mesh, space), withConsistentTokens(space), withPossibleLists(space)),
  ),
);

/** A caller from outside whose address blocks are known has no other address; anyone else may have any. */
function withOwnAddresses({ topology }: Mesh, space: Space): RequestSet {
  if (!space.positions.has('source.ip')) return fullSet(space.shape);
  const impossible = space.callers.classes.flatMap(({ source }, index) => {
    const blocks = source.kind === 'outside' ? blocksOf(topology, source.name) : [];
    if (blocks.length === 0) return [];
    const own = boxSet(space.shape, new Map([[0, bit(index)]]));
    return [
      intersect(
        own,
        where(space, 'source.ip', ([value]) => !isInBlocks(value ?? '', blocks)),
      ),
    ];
  });
  return subtract(fullSet(space.shape), union(emptySet(space.shape), ...impossible));
}

/** The addresses that the Mesh document gives to a caller from outside; none where it does not say. */
export function blocksOf({ mesh }: Mesh['topology'], name: string): readonly string[] {
  return mesh.callers.find((caller) => caller.name === name)?.ipBlocks ?? [];
}

/** A token without a subject is not modelled: whoever has claims has a principal. */
function withConsistentTokens(space: Space): RequestSet {
  const principal = 'request.auth.principal';
  if (!space.positions.has(principal)) return fullSet(space.shape);
  const lists = [...space.lists.values()].map((list) => withoutElements(space, list));
  const others = (['request.auth.presenter', 'request.auth.place'] as const).flatMap((attribute) =>
    space.positions.has(attribute) ? [where(space, attribute, (values) => values.length === 0)] : [],
  );
  const untold = intersect(fullSet(space.shape), ...lists, ...others);
  return union(
    where(space, principal, (values) => values.length > 0),
    untold,
  );
}

function withoutElements({ shape }: Space, { first, elements }: List): RequestSet {
  return boxSet(shape, new Map(elements.tests.map((_, index) => [first + index, bit(0)])));
}

/** Whatever a list passes some element of it passes, together with all else that this element passes. */
function withPossibleLists(space: Space): RequestSet {
  const lists = [...space.lists.values()];
  return intersect(fullSet(space.shape), ...lists.map((list) => possibleLists(space, list)));
}

function possibleLists({ shape }: Space, { first, elements: { tests, texts } }: List): RequestSet {
  const passing = (indexes: readonly number[]) =>
    boxSet(shape, new Map(indexes.map((index) => [first + index, bit(1)])));
  const byTest = groupBy(
    texts.flatMap(({ passes }) => passes.map((test) => ({ test, passes }))),
    ({ test }) => test,
  );
  const laws = [...tests.keys()].map((test) => {
    const ways = (byTest.get(test) ?? []).map(({ passes }) => passes);
    // An element that passes this test alone leaves everything else open.
    if (ways.some((passes) => passes.length === 1)) return fullSet(shape);
    return union(boxSet(shape, new Map([[first + test, bit(0)]])), ...ways.map(passing));
  });
  return intersect(fullSet(shape), ...laws);
}
