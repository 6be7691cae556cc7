import { joinedRequests } from './joined-requests.js';
import type { Caller, LiftedRule, Requests } from './lifted.js';

/** Rules of one policy that differ in their callers alone, or in their requests alone, are one rule to a reader. */
export function withoutRepeats(rules: readonly LiftedRule[]): readonly LiftedRule[] {
  const joined: LiftedRule[] = [];
  for (const rule of rules) {
    const at = joined.findIndex((other) => isAlike(other, rule));
    const other = joined[at];
    if (other === undefined) joined.push(rule);
    else joined[at] = join(other, rule);
  }
  return joined;
}

function isAlike(one: LiftedRule, other: LiftedRule): boolean {
  const isSame = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
  if (!isSame(one.remarks, other.remarks) && Object.keys(other.remarks).length > 0) return false;
  if (!isSame(one.token, other.token)) return false;
  const both = one.from !== undefined && other.from !== undefined;
  const asked = one.requests.length > 0 && other.requests.length > 0;
  return (isSame(one.from, other.from) && asked) || (both && isSame(one.requests, other.requests));
}

function join(one: LiftedRule, other: LiftedRule): LiftedRule {
  return {
    ...one,
    from: one.from && other.from && unique([...one.from, ...other.from]),
    requests: joinedRequests(unique([...one.requests, ...other.requests])),
    count: one.count + other.count,
  };
}

export function unique<T extends Caller | Requests>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
