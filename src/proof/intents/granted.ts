import { all, type Bits, bitsWhere } from '../../algebra/bits.js';
import type { CallerClass } from '../../algebra/callers.js';
import { boxSet, emptySet, type RequestSet, union } from '../../algebra/request-set.js';
import type { Space } from '../../algebra/space.js';
import type { Matcher } from '../../mesh/policies/matcher.js';
import type { Attribute } from '../../mesh/view.js';
import { seenMatches } from '../../mesh/view.js';
import type { Caller } from '../../resolve/resolved.js';
import { asBlock, comparisonsOf } from './conditions.js';
import type { Grant } from './demands.js';
import { type Extent, means } from './meant-callers.js';
import { callersWhere, type Situation, unseen } from './situation.js';

/** How a rule is read. */
export interface Reading {
  /** Whether a class of callers counts that is meant in part. */
  readonly extent: Extent;
  /** `ignored`: by callers and port alone, as a waiver has it. */
  readonly conditions: 'held' | 'ignored';
  /** Only these callers, by kind of rule caller and by class. */
  readonly where?: (each: CallerClass, caller: Caller) => boolean;
  /** Only these callers, whatever the rule says. */
  readonly within?: Bits;
}

/** The requests that a rule means, among those on one lane. Bytes that are no request satisfy no condition. */
export function grantedSet(situation: Situation, grant: Grant, reading: Reading): RequestSet {
  const { space, plan } = situation;
  const comparisons = reading.conditions === 'held' ? comparisonsOf(grant) : [];
  if (comparisons.length > 0 && plan.lane.payload === 'tcp') return emptySet(space.shape);
  const cuts = comparisons.map(({ attribute, matchers }) => cutOf(space, attribute, matchers));
  const boxes = grant.rule.callers.map((caller) => {
    const meant = callersWhere(
      situation,
      (each) => means(caller, each, grant.rule, reading.extent) && (reading.where?.(each, caller) ?? true),
    );
    const within = (reading.within ?? meant) & (caller.kind === 'unidentified' ? unseen(situation) : meant);
    const box = new Map<number, Bits>([[0, meant & within]]);
    const addresses = caller.kind === 'addresses' ? [cutOf(space, 'source.ip', caller.ipBlocks.map(asBlock))] : [];
    for (const { position, bits } of [...addresses, ...cuts]) {
      box.set(position, (box.get(position) ?? all(space.shape.sizes[position] ?? 0)) & bits);
    }
    return boxSet(space.shape, box);
  });
  return union(emptySet(space.shape), ...boxes);
}

interface Cut {
  readonly position: number;
  readonly bits: Bits;
}

function cutOf({ positions, dimensions }: Space, attribute: Attribute, matchers: readonly Matcher[]): Cut {
  const position = positions.get(attribute) ?? 0;
  const atoms = dimensions[position - 1]?.atoms ?? [];
  const bits = bitsWhere(atoms.length, (index) => {
    const value = atoms[index]?.values ?? [];
    return matchers.some((matcher) => seenMatches({ known: true, value }, matcher) === 'yes');
  });
  return { position, bits };
}
