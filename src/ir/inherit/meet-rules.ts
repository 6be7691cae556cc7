import type { Acceptance } from '../../parse/acceptance.js';
import type { Target } from '../../resolve/resolved.js';
import type { InheritedRule } from './inherited-rule.js';
import { meetCallers } from './meet-callers.js';
import { withNegated } from './meet-conditions.js';
import { type CommonTarget, meetTargets } from './meet-targets.js';
import { isUnsayable, type Meeting, meetEach, type Unsayable } from './meeting.js';

/** The part of a rule that speaks of one destination. */
export interface Part {
  readonly rule: InheritedRule;
  readonly target: Target;
}

export interface CommonPart extends Part {
  /** What it allows too much, to be denied; `undefined` where it says just what is meant. */
  readonly denial: { readonly part: Part; readonly reason: Unsayable } | undefined;
}

/** What a rule allows of what one of a wider scope allows. */
export function meetRules({ rule, target }: Part, { rule: wide, target: wideTarget }: Part): Meeting<CommonPart> {
  const targets = meetTargets(target, wideTarget);
  if (!isUnsayable(targets) && targets.length === 0) return [];
  const callers = meetEach(rule.callers, wide.callers, meetCallers);
  if (isUnsayable(callers)) return callers;
  if (callers.length === 0) return [];
  if (isUnsayable(targets)) return targets;
  const accept = [...acceptedBy(rule, wide, wideTarget), ...acceptedBy(wide, rule, target)];
  const issuers = [...new Set([...rule.issuers, ...wide.issuers])];
  const within = [...rule.within, wide.origin, ...wide.within];
  const pin = rule.pin ?? wide.pin;
  const met = { ...rule, callers, issuers, accept, within, ...(pin && { pin }) };
  return targets.map((each) => ({ rule: met, target: each.target, denial: denialOf(met, each) }));
}

function denialOf(rule: InheritedRule, { target, excess }: CommonTarget): CommonPart['denial'] {
  if (excess === undefined) return undefined;
  const conditions = withNegated(target.conditions, excess.condition);
  const denying = { ...rule, effect: 'Deny' as const, mandate: undefined };
  return { part: { rule: denying, target: { ...target, conditions } }, reason: excess.reason };
}

/** What one rule accepts, as far as the other accepts it too or says nothing of requests. */
function acceptedBy({ accept }: InheritedRule, other: InheritedRule, { conditions }: Target): readonly Acceptance[] {
  const isShared = ({ what }: Acceptance) => other.accept.some((each) => each.what === what);
  return accept.filter((each) => conditions.length === 0 || isShared(each));
}
