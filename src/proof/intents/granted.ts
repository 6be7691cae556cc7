import type { Bits } from '../../algebra/bits.js';
import type { CallerClass } from '../../algebra/callers.js';
import { satisfying } from '../../algebra/conditions.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, union } from '../../algebra/request-set.js';
import type { Space } from '../../algebra/space.js';
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
  const held = intersect(
    fullSet(space.shape),
    ...comparisons.map((comparison) => satisfying(space, comparison, 'surely')),
  );
  const callers = grant.rule.callers.map((caller) => {
    const meant = callersWhere(
      situation,
      (each) => means(caller, each, grant.rule, reading.extent) && (reading.where?.(each, caller) ?? true),
    );
    const within = (reading.within ?? meant) & (caller.kind === 'unidentified' ? unseen(situation) : meant);
    const own = boxSet(space.shape, new Map([[0, meant & within]]));
    return caller.kind === 'addresses' ? intersect(own, withAddresses(space, caller.ipBlocks)) : own;
  });
  return intersect(union(emptySet(space.shape), ...callers), held);
}

function withAddresses(space: Space, blocks: readonly string[]): RequestSet {
  return satisfying(space, { attribute: 'source.ip', anyOf: blocks.map(asBlock), noneOf: [] }, 'surely');
}
