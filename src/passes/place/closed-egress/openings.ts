import type { Condition } from '../../../parse/ast.js';
import { groupBy } from '../../../util/order.js';
import type { Opening } from './closed-scopes.js';

/** What is opened to somebody of a scope at all hosts of an entry: everything, nothing, or requests that look like one of these. */
export type Opened = 'everything' | 'nothing' | ReadonlyArray<readonly Condition[]>;

/** `undefined` for whoever comes later. */
export function opened(hosts: ReadonlyArray<readonly Opening[]>, scope: string, account: string | undefined): Opened {
  const found = hosts.map((openings): Opened => {
    const own = openings.filter((each) => speaksOf(each, scope, account));
    if (own.some(({ conditions }) => conditions.length === 0)) return 'everything';
    return own.length === 0 ? 'nothing' : own.map(({ conditions }) => conditions);
  });
  const [first = 'nothing', ...others] = found;
  return others.every((each) => keyOfOpened(each) === keyOfOpened(first)) ? first : 'nothing';
}

function speaksOf({ scope, named, accounts }: Opening, own: string, account: string | undefined): boolean {
  if (named === undefined && scope === own) return true;
  return account !== undefined && accounts.includes(account);
}

export function keyOfOpened(found: Opened): string {
  return typeof found === 'string' ? found : JSON.stringify(found.map(textsOf));
}

/** How many rules it takes to say what is not opened. */
export function rulesBeyond(found: Opened): number {
  return typeof found === 'string' ? 1 : found.reduce((product, conditions) => product * conditions.length, 1);
}

/** What is not opened, each part by its conditions: of every way to be opened one thing does not hold. */
export function beyond(found: Opened): ReadonlyArray<readonly Condition[]> {
  if (found === 'everything') return [];
  if (found === 'nothing') return [[]];
  const parts = found.reduce<ReadonlyArray<readonly Condition[]>>(
    (all, conditions) => all.flatMap((part) => conditions.map((condition) => without(part, condition))),
    [[]],
  );
  return [...groupBy(parts, (part) => JSON.stringify(textsOf(part))).values()].flatMap((same) => same.slice(0, 1));
}

/** A part of the requests, without those for which a condition holds. */
function without(part: readonly Condition[], condition: Condition): readonly Condition[] {
  const same = part.find(({ key, name }) => key === condition.key && name === condition.name);
  const values = uniqueValues([...(same?.values ?? []), ...condition.values]);
  return [...part.filter((each) => each !== same), { ...condition, values, isNegated: true }];
}

function uniqueValues(values: Condition['values']): Condition['values'] {
  return [...groupBy(values, ({ value }) => value).values()].flatMap((same) => same.slice(0, 1));
}

/** The same texts, the same conditions. */
export function textsOf(conditions: readonly Condition[]): unknown {
  return conditions.map(({ key, name, values }) => [key, name, values.map(({ value }) => value)]);
}
