import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type Path, spanIn } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { emptySet, equals, includes, isEmpty, union } from '../algebra/request-set.js';
import { type LintContext, nameOf } from './context.js';
import { evidenceIn, inWords } from './evidence.js';
import { doorsOf, type RuleAtDoor, rulesAt } from './rule-sets.js';

/** A rule that matches nothing that other rules of its action do not match as well, wherever it is enforced (§1.2). */
export function redundantRules(context: LintContext): readonly Diagnostic[] {
  const doors = doorsOf(context);
  return (['ALLOW', 'DENY'] as const).flatMap((action) => {
    const appearances = doors.flatMap((door) => rulesAt(door, action)).filter(({ matched }) => !isEmpty(matched));
    return redundant(appearances).map((group) => finding(context, group));
  });
}

/**
 * From the last rule to the first, so that of two equal rules the first one stays. What two policies say in the same
 * words may be the concern of two teams, and is no finding.
 */
function redundant(appearances: readonly RuleAtDoor[]): readonly (readonly RuleAtDoor[])[] {
  const atDoor = groupBy(appearances, ({ door }) => door);
  const dropped = new Set<Path>();
  const groups = [...groupBy(appearances, ({ rule }) => rule.place).values()].reverse();
  const found = groups.filter((group) => {
    const isCovered = group.every(({ door, policy, rule, matched }) => {
      const others = (atDoor.get(door) ?? []).filter((other) => {
        if (other.rule.place === rule.place || dropped.has(other.rule.place)) return false;
        return other.policy.policy === policy.policy || !equals(other.matched, matched);
      });
      return includes(union(emptySet(door.space.shape), ...others.map((other) => other.matched)), matched);
    });
    const [first] = group;
    if (isCovered && first !== undefined) dropped.add(first.rule.place);
    return isCovered;
  });
  return found.reverse();
}

function finding({ mesh }: LintContext, group: readonly RuleAtDoor[]): Diagnostic {
  const [first] = group;
  const { policy } = first?.policy ?? {};
  const evidence =
    first &&
    (evidenceIn(mesh, first.door, first.matched, 'allowed') ?? evidenceIn(mesh, first.door, first.matched, 'denied'));
  const notes = [
    { message: 'rules of one action are alternatives, whichever policy they stand in (istio-security §1.2)' },
  ];
  const details = evidence === undefined ? { notes } : { witness: inWords(evidence), notes };
  const span = policy === undefined || first === undefined ? null : spanIn(policy.object, first.rule.place);
  return diagnostic('rule-redundant', { policy: policy === undefined ? '' : nameOf(policy) }, span, details);
}
