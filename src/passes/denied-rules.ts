import { diagnostic } from '../diagnostics/create.js';
import type { Obligation, PolicyIr } from '../ir/policy-ir.js';
import type { Condition } from '../parse/ast.js';
import { comparedBy } from '../resolve/conditions.js';
import { isInNamespace } from '../resolve/namespace-pattern.js';
import type { Caller } from '../resolve/resolved.js';
import { coversText } from '../resolve/text-patterns.js';
import { groupBy } from '../util/order.js';
import type { Pass } from './pass.js';

/** Warns of allow rules of which nothing is left, because one denial takes all of it wherever the rule holds. */
export const deniedRules: Pass = {
  name: 'denied-rules',
  run: (ir) => ({ value: ir, diagnostics: contradictions(ir) }),
};

interface Allowed {
  readonly allow: Obligation;
  /** Who denies all of it. */
  readonly denial: Obligation | undefined;
}

function contradictions({ destinations }: PolicyIr) {
  const all = destinations.flatMap(({ obligations }): readonly Allowed[] => {
    const denials = obligations.filter(({ effect, authorizer }) => effect === 'Deny' && authorizer === undefined);
    return obligations
      .filter(({ effect }) => effect === 'Allow')
      .map((allow) => ({ allow, denial: denials.find((denial) => takesAll(denial, allow)) }));
  });
  return [...groupBy(all, ({ allow }) => allow.origin.id)].flatMap(([rule, parts]) => {
    const [first] = parts;
    if (first?.denial === undefined || parts.some(({ denial }) => denial === undefined)) return [];
    const { allow, denial } = first;
    const notes = [{ message: 'the rule that denies it', span: denial.origin.span }];
    return [diagnostic('allowed-and-denied', { rule, denial: denial.origin.id }, allow.origin.span, { notes })];
  });
}

/** Whether one rule means everything that another one means; `false` where that is not plain to see. */
function takesAll(denial: Obligation, allow: Obligation): boolean {
  const pods = (obligation: Obligation) => obligation.ports?.flatMap(({ pod }) => pod);
  const [denied, allowed] = [pods(denial), pods(allow)];
  const isEveryPort = denied === undefined || (allowed?.every((port) => denied.includes(port)) ?? false);
  return (
    denial.exceptPorts.length === 0 &&
    isEveryPort &&
    allow.callers.every((caller) => denial.callers.some((each) => isAmong(caller, each))) &&
    denial.conditions.every((condition) => isImplied(condition, allow.conditions))
  );
}

function isAmong(caller: Caller, wide: Caller): boolean {
  if (wide.except.length > 0 || (wide.kind === 'addresses' && wide.exceptBlocks.length > 0)) return false;
  if (wide.kind === 'anyone') return true;
  const isIdentified =
    caller.kind === 'identities' || caller.kind === 'namespace' || caller.kind === 'anyAuthenticated';
  if (wide.kind === 'anyAuthenticated') return isIdentified;
  if (caller.kind === 'identities') {
    return caller.serviceAccounts.every((account) =>
      wide.kind === 'namespace'
        ? isInNamespace(wide.namespace, account)
        : wide.kind === 'identities' && wide.serviceAccounts.includes(account),
    );
  }
  if (caller.kind === 'addresses')
    return wide.kind === 'addresses' && caller.ipBlocks.every((block) => wide.ipBlocks.includes(block));
  if (caller.kind === 'namespace') return wide.kind === 'namespace' && caller.namespace === wide.namespace;
  return caller.kind === 'unidentified' && wide.kind === 'unidentified' && !wide.isOne;
}

function isImplied(condition: Condition, conditions: readonly Condition[]): boolean {
  const { key, isNegated } = condition;
  const alike = conditions.filter((each) => each.isNegated === isNegated && comparedBy(each) === comparedBy(condition));
  const covers = (wide: Condition, narrow: Condition) =>
    narrow.values.every(({ value }) => wide.values.some((each) => coversText(key, each.value, value)));
  return alike.some((each) => (isNegated ? covers(each, condition) : covers(condition, each)));
}
