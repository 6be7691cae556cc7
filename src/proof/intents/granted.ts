import { type Bits, bitsOf, none } from '../../algebra/bits.js';
import type { CallerClass, Callers } from '../../algebra/callers.js';
import { satisfying } from '../../algebra/conditions.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, union } from '../../algebra/request-set.js';
import { asSent, isAsSent, type Rewritten, satisfyingAfter } from '../../algebra/routes/rewritten.js';
import type { Space } from '../../algebra/space.js';
import type { Caller } from '../../resolve/resolved.js';
import { asBlock, comparisonsOf } from './conditions.js';
import type { Grant } from './grant.js';
import { type Extent, means } from './meant-callers.js';
import { type Situation, unseen } from './situation.js';
import { tokenSet } from './tokens.js';

/** How a rule is read. */
export interface Reading {
  /** Whether a class of callers counts that is meant in part. */
  readonly extent: Extent;
  /** `ignored`: by callers and port alone, as an acceptance has it. */
  readonly conditions: 'held' | 'ignored';
  /** Only these callers, by kind of rule caller and by class. */
  readonly where?: (each: CallerClass, caller: Caller) => boolean;
  /** Only these callers, whatever the rule says. */
  readonly within?: Bits;
}

/** The requests that a rule means, among those on one lane. Bytes that are no request satisfy no condition. */
export function grantedSet(situation: Situation, grant: Grant, reading: Reading): RequestSet {
  const { space, plan } = situation;
  const isHeld = reading.conditions === 'held' && grant.target.conditions.length > 0;
  if (isHeld && plan.lane.payload === 'tcp') return emptySet(space.shape);
  const comparisons = isHeld ? comparisonsOf(grant) : [];
  const held = union(
    emptySet(space.shape),
    ...readAs(situation, grant).map((rewritten) =>
      intersect(
        fullSet(space.shape),
        ...comparisons.map((comparison) => satisfyingAfter(rewritten, space, comparison, 'surely')),
      ),
    ),
  );
  const named = grant.rule.callers.map((caller) =>
    caller.kind === 'addresses' ? none : meant(situation, caller, grant, reading),
  );
  const addressed = grant.rule.callers.flatMap((caller) =>
    caller.kind === 'addresses'
      ? [intersect(ofCallers(space, meant(situation, caller, grant, reading)), withAddresses(space, caller))]
      : [],
  );
  const anyhow = named.reduce((bits, own) => bits | own, none);
  const tokens = isHeld ? [tokenSet(space, grant)] : [];
  return intersect(union(ofCallers(space, anyhow), ...addressed), held, ...tokens);
}

/**
 * An allow rule speaks of requests as they are addressed to its destination, a denial also of what they have become. What
 * another Service's route leads to the destination is for both what it then is.
 */
function readAs({ address, arriving }: Situation, { rule }: Grant): readonly Rewritten[] {
  if (isAsSent(arriving)) return [asSent];
  if (address.kind === 'service' && address.isLed === true) return [arriving];
  return rule.effect === 'Deny' ? [asSent, arriving] : [asSent];
}

/** The callers that one caller of a rule means. */
function meant(situation: Situation, caller: Caller, { rule }: Grant, { extent, where, within }: Reading): Bits {
  const { classes } = situation.space.callers;
  const isMeant = (each: CallerClass | undefined) =>
    each !== undefined && means(caller, each, rule, extent) && (where?.(each, caller) ?? true);
  const bits = bitsOf(candidates(situation.space.callers, caller).filter((index) => isMeant(classes[index])));
  return bits & (within ?? bits) & (caller.kind === 'unidentified' ? unseen(situation) : bits);
}

/** Those among whom they are: most rules name a few callers of many. */
function candidates({ classes, byAccount, byNamespace }: Callers, caller: Caller): readonly number[] {
  if (caller.kind === 'identities') return caller.serviceAccounts.flatMap(byAccount);
  const isOneNamespace = caller.kind === 'namespace' && !caller.namespace.includes('*');
  return isOneNamespace ? byNamespace(caller.namespace) : [...classes.keys()];
}

function ofCallers({ shape }: Space, callers: Bits): RequestSet {
  return boxSet(shape, new Map([[0, callers]]));
}

function withAddresses(space: Space, { ipBlocks, exceptBlocks }: Extract<Caller, { kind: 'addresses' }>): RequestSet {
  const [anyOf, noneOf] = [ipBlocks.map(asBlock), exceptBlocks.map(asBlock)];
  return satisfying(space, { attribute: 'source.ip', anyOf, noneOf }, 'surely');
}
