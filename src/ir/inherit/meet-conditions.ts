import type { Condition } from '../../parse/ast.js';
import { comparedBy } from '../../resolve/conditions.js';
import { areApart, coversText } from '../../resolve/text-patterns.js';
import { groupBy } from '../../util/order.js';
import { isUnsayable, type Meeting, meetEach, type Unsayable } from './meeting.js';

/** What a request must look like for two rules. */
export interface CommonConditions {
  readonly conditions: readonly Condition[];
  /** What the conditions take in too much, because no value says what two lists have in common. */
  readonly excess?: Excess;
}

/** Requests that look as the conditions say and as this says besides are not meant. */
export interface Excess {
  readonly condition: Condition;
  readonly reason: Unsayable;
}

/** What a request must look like for two rules, as one list of conditions; nothing where no request looks so. */
export function meetConditions(left: readonly Condition[], right: readonly Condition[]): Meeting<CommonConditions> {
  const groups = groupBy([...left, ...right], comparedBy);
  const negated = [...groups.values()].flatMap((group) => joined(group.filter(({ isNegated }) => isNegated)));
  const wanted: Condition[] = [];
  const excesses: Excess[] = [];
  for (const group of groups.values()) {
    const [first, second, ...others] = group.filter(({ isNegated }) => !isNegated);
    const meeting = first && second ? meetWanted(first, second) : first ? [first] : [];
    if (!isUnsayable(meeting)) {
      if (meeting.some((condition) => isTakenAway(condition, negated))) return [];
      if (meeting.length === 0 && first !== undefined) return [];
      wanted.push(...meeting, ...others);
    } else if (first?.key !== 'paths') {
      return meeting;
    } else if (second) {
      wanted.push(first);
      excesses.push({ condition: { ...second, isNegated: true }, reason: meeting });
    }
  }
  const [excess, another] = excesses;
  if (another !== undefined) return another.reason;
  return [{ conditions: [...wanted, ...negated], ...(excess && { excess }) }];
}

/** The same conditions with another one that must not match. */
export function withNegated(conditions: readonly Condition[], another: Condition): readonly Condition[] {
  const isAlike = (each: Condition) => each.isNegated && comparedBy(each) === comparedBy(another);
  return [...conditions.filter((each) => !isAlike(each)), ...joined([...conditions.filter(isAlike), another])];
}

/** A list in a header or a claim may satisfy two conditions by two of its values: these stand beside each other. */
function meetWanted(first: Condition, second: Condition): Meeting<Condition> {
  if (first.key === 'headers' || (first.key === 'token' && first.name !== 'principal')) return [first, second];
  const values = meetEach(first.values, second.values, (left, right) => meetValues(first.key, left, right));
  if (isUnsayable(values)) return values;
  return values.length === 0 ? [] : [{ ...first, values }];
}

type Value = Condition['values'][number];

function meetValues(key: Condition['key'], left: Value, right: Value): Meeting<Value> {
  const [isWider, isNarrower] = [coversText(key, left.value, right.value), coversText(key, right.value, left.value)];
  if (key === 'hosts' && isWider !== isNarrower && isSuffix(left) !== isSuffix(right)) {
    const [suffix, other] = isSuffix(left) ? [left.value, right.value] : [right.value, left.value];
    const because = `\`${suffix}\` means the ports of the Service alone behind a host, and \`${other}\` any port`;
    return { because, witness: `a request with Host: ${other.replace('*', '')}:9999` };
  }
  if (isNarrower) return [left];
  if (isWider) return [{ ...right, span: left.span }];
  if (areApart(key, left.value, right.value)) return [];
  const because = `no value says what matches both \`${left.value}\` and \`${right.value}\``;
  return { because, witness: `a request whose ${key} match both` };
}

function isSuffix({ value }: Value): boolean {
  return value.startsWith('*') && value !== '*';
}

/** None of several lists of values may match. */
function joined(conditions: readonly Condition[]): readonly Condition[] {
  const [first] = conditions;
  return first === undefined ? [] : [{ ...first, values: conditions.flatMap(({ values }) => values) }];
}

function isTakenAway(condition: Condition, negated: readonly Condition[]): boolean {
  const not = negated.filter((each) => comparedBy(each) === comparedBy(condition)).flatMap(({ values }) => values);
  return condition.values.every(({ value }) => not.some((each) => coversText(condition.key, each.value, value)));
}
