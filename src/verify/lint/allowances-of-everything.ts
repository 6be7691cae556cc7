import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { includes, isEmpty, subtract } from '../algebra/request-set.js';
import type { CompiledPolicy } from '../compiled.js';
import { firstOf, type LintContext, nameOf } from './context.js';
import { type Evidence, evidenceIn, proofOf } from './evidence.js';
import { type Door, doorsOf, matchedAt } from './rule-sets.js';

/** An ALLOW that admits whatever comes: it is as wide as no policy, and undoes every other ALLOW beside it (§1.2). */
export function allowancesOfEverything(context: LintContext): readonly Diagnostic[] {
  const held = doorsOf(context)
    .filter(({ arriving }) => !isEmpty(arriving))
    .flatMap((door) => door.gate.enforcement.policies.map((policy) => ({ door, policy })))
    .filter(({ policy }) => policy.action === 'ALLOW');
  return [...groupBy(held, ({ policy }) => policy.policy)].flatMap(([policy, doors]) => {
    if (!doors.every(({ door, policy: compiled }) => includes(matchedAt(door, compiled), door.arriving))) return [];
    const evidence = firstOf(doors, ({ door, policy: compiled }) => undoneAt(context, door, compiled));
    const law = 'every ALLOW policy of every scope is part of one union (istio-security §1.2)';
    const span = spanIn(policy.object, ['spec', 'rules'], 'key');
    return diagnostic('allowance-of-everything', { policy: nameOf(policy) }, span, proofOf(evidence, law));
  });
}

/** A request that gets in, best one that no other ALLOW there admits. */
function undoneAt({ mesh }: LintContext, door: Door, everything: CompiledPolicy): Evidence | undefined {
  const others = door.gate.enforcement.policies.filter(({ action, policy }) => {
    return action === 'ALLOW' && policy !== everything.policy;
  });
  const alone = others.reduce((set, policy) => subtract(set, matchedAt(door, policy)), door.arriving);
  return evidenceIn(mesh, door, alone, 'allowed') ?? evidenceIn(mesh, door, door.arriving, 'allowed');
}
