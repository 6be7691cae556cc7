import { bit } from '../../algebra/bits.js';
import { type Box, complement, emptySet, includes, type RequestSet, union } from '../../algebra/request-set.js';

/**
 * The same requests in few and wide boxes, so that they can be told in few words: what nobody can send may be counted
 * in, and no box is kept of which the others have everything.
 */
export function widest(set: RequestSet, real: RequestSet): RequestSet {
  const unreal = complement(real);
  const room = union(set, unreal);
  const { shape } = set;
  const grown = union(emptySet(shape), ...set.boxes.map((box) => ({ shape, boxes: [grow(box, room)] })));
  return grown.boxes.reduce((kept, box) => {
    const others = { shape, boxes: kept.boxes.filter((other) => other !== box) };
    return includes(union(others, unreal), { shape, boxes: [box] }) ? others : kept;
  }, grown);
}

/** A box with every atom that leaves it within the room, one dimension after the other. */
function grow(box: Box, room: RequestSet): Box {
  const { shape } = room;
  return shape.sizes.reduce<Box>((wide, size, dimension) => {
    return Array.from({ length: size }, (_, index) => bit(index)).reduce<Box>((current, atom) => {
      const candidate = current.with(dimension, (current[dimension] ?? 0n) | atom);
      return includes(room, { shape, boxes: [candidate] }) ? candidate : current;
    }, wide);
  }, box);
}
