import { describeDestination } from '../mesh/request.js';
import type { Attribute } from '../mesh/view.js';
import { all, type Bits, indexesOf } from './bits.js';
import type { Lane } from './lane.js';
import type { Box, RequestSet } from './request-set.js';
import type { Space } from './space.js';

/** A set of requests in one line: its first box in words, and how many more there are. */
export function describeSet(space: Space, lane: Lane, { boxes: [first, ...others] }: RequestSet): string {
  if (first === undefined) return 'no request';
  const what = describeBox(space, first) || 'anything';
  const who = list(first[0] ?? 0n, (index) => space.callers.classes[index]?.members[0] ?? '', ', ');
  const everyone = first[0] === all(space.callers.classes.length);
  const more = others.length === 0 ? '' : `, and ${others.length} more of the kind`;
  return `${what} from ${everyone ? 'anyone' : who} to ${describeDestination(lane.destination)}${more}`;
}

/** What the requests of a box have in common beside their callers; empty where it is nothing. */
export function describeBox(space: Space, box: Box): string {
  const parts = space.dimensions.flatMap(({ attribute, atoms }, index) => {
    const bits = box[index + 1] ?? 0n;
    if (bits === all(atoms.length)) return [];
    const label = (atom: number) => atoms[atom]?.label ?? '';
    const other = indexesOf(bits).some((atom) => label(atom) === 'other');
    const words = other ? `any but ${list(all(atoms.length) & ~bits, label, ' or ')}` : list(bits, label, ' or ');
    return [`${nameOf(attribute)}${words}`];
  });
  return parts.join(' ');
}

/** Methods and paths speak for themselves. */
function nameOf(attribute: Attribute): string {
  if (attribute === 'request.method' || attribute === 'request.path') return '';
  return `${attribute.replace('request.', '')} `;
}

function list(bits: Bits, label: (index: number) => string, separator: string): string {
  const indexes = indexesOf(bits);
  const shown = indexes.slice(0, 3).map(label).join(separator);
  return indexes.length > 3 ? `${shown} and ${indexes.length - 3} more` : shown;
}
