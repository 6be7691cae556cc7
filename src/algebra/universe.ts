import { isTokenAttribute } from '../mesh/fields.js';
import { contains, parseAddress, parseBlock } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Bits, bit, bitsWhere } from './bits.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, subtract, union } from './request-set.js';
import type { Space } from './space.js';

/** The requests of a space that can exist: an outsider has its own addresses, and without a token there are no claims. */
export function realRequests(mesh: Mesh, space: Space): RequestSet {
  return intersect(withOwnAddresses(mesh, space), withConsistentTokens(space));
}

/** A caller from outside whose address blocks are known has no other address; anyone else may have any. */
function withOwnAddresses({ topology }: Mesh, space: Space): RequestSet {
  const position = space.positions.get('source.ip');
  if (position === undefined) return fullSet(space.shape);
  const atoms = space.dimensions[position - 1]?.atoms ?? [];
  const impossible = space.callers.classes.flatMap(({ source }, index) => {
    const blocks = source.kind === 'outside' ? blocksOf(topology.mesh.callers, source.name) : [];
    if (blocks.length === 0) return [];
    const foreign = bitsWhere(atoms.length, (atom) => !isWithin(atoms[atom]?.values[0] ?? '', blocks));
    return [
      boxSet(
        space.shape,
        new Map<number, Bits>([
          [0, bit(index)],
          [position, foreign],
        ]),
      ),
    ];
  });
  return subtract(fullSet(space.shape), union(emptySet(space.shape), ...impossible));
}

function blocksOf(callers: Mesh['topology']['mesh']['callers'], name: string): readonly string[] {
  return callers.find((caller) => caller.name === name)?.ipBlocks ?? [];
}

function isWithin(value: string, blocks: readonly string[]): boolean {
  const address = parseAddress(value);
  return blocks.some((block) => {
    const range = parseBlock(block);
    return range !== undefined && address !== undefined && contains(range, address);
  });
}

/** A token without a subject is not modelled: whoever has claims has a principal. */
function withConsistentTokens(space: Space): RequestSet {
  const position = space.positions.get('request.auth.principal');
  if (position === undefined) return fullSet(space.shape);
  const absent = (at: number) => {
    const atoms = space.dimensions[at - 1]?.atoms ?? [];
    return bitsWhere(atoms.length, (index) => atoms[index]?.values.length === 0);
  };
  const present = (at: number) => {
    const atoms = space.dimensions[at - 1]?.atoms ?? [];
    return bitsWhere(atoms.length, (index) => atoms[index]?.values.length !== 0);
  };
  const claims = [...space.positions].filter(
    ([attribute]) => isTokenAttribute(attribute) && attribute !== 'request.auth.principal',
  );
  const impossible = claims.map(([, at]) =>
    boxSet(
      space.shape,
      new Map([
        [position, absent(position)],
        [at, present(at)],
      ]),
    ),
  );
  return subtract(fullSet(space.shape), union(emptySet(space.shape), ...impossible));
}
