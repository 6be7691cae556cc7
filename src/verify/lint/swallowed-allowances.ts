import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { emptySet, includes, isEmpty, union } from '../algebra/request-set.js';
import { type LintContext, nameOf } from './context.js';
import { type Evidence, evidenceIn, proofOf } from './evidence.js';
import { type Door, doorsOf, matchedAt, type RuleAtDoor, rulesAt } from './rule-sets.js';

/** An ALLOW rule of which DENY policies leave nothing: denials are asked first (§1.2). */
export function swallowedAllowances(context: LintContext): readonly Diagnostic[] {
  const appearances = doorsOf(context)
    .flatMap((door) => rulesAt(door, 'ALLOW'))
    .filter(({ matched }) => !isEmpty(matched));
  return [...groupBy(appearances, ({ rule }) => rule.place)].flatMap(([place, group]) => {
    const [first] = group;
    if (first === undefined || !group.every(isSwallowed)) return [];
    const { policy } = first.policy;
    const evidence = refusalOf(context, first);
    const law = 'a request that a DENY policy matches is denied before ALLOW policies are asked (istio-security §1.2)';
    return diagnostic(
      'allowance-swallowed',
      { policy: nameOf(policy) },
      spanIn(policy.object, place),
      proofOf(evidence, law),
    );
  });
}

function isSwallowed({ door, matched }: RuleAtDoor): boolean {
  return includes(deniedAt(door), matched);
}

function deniedAt(door: Door) {
  const denials = door.gate.enforcement.policies.filter(({ action }) => action === 'DENY');
  return union(emptySet(door.space.shape), ...denials.map((policy) => matchedAt(door, policy)));
}

function refusalOf({ mesh }: LintContext, { door, matched }: RuleAtDoor): Evidence | undefined {
  return evidenceIn(mesh, door, matched, 'denied');
}
