import { diagnostic } from '../diagnostics/create.js';
import type { Located } from '../diagnostics/diagnostic.js';
import type { Condition, Exception, TargetReference } from '../parse/ast.js';
import { groupBy } from '../util/order.js';
import { comparedBy } from './conditions.js';
import type { BindContext } from './context.js';
import { areApart, coversText } from './text-patterns.js';

/** One of the ways in which a request can be meant, although something is excepted. */
export interface Alternative {
  readonly conditions: readonly Condition[];
  readonly exceptPorts: readonly Located<string | number>[];
}

const most = 64;

/**
 * What is left of a target without its exceptions, as alternatives without any: a request is outside an exception as soon
 * as it fails one thing that the exception asks for. Exceptions that leave nothing or take nothing away are reported.
 */
export function alternativesOf(context: BindContext, target: TargetReference): readonly Alternative[] {
  const { conditions, except } = target;
  const whole: Alternative = { conditions, exceptPorts: [] };
  if (except.length === 0) return [whole];
  for (const each of except)
    if (takesNothing(target, each)) context.report(diagnostic('exception-without-effect', {}, each.span));
  const count = except.reduce((product, each) => product * waysOutside(each).length, 1);
  if (count > most) {
    context.report(diagnostic('too-many-exceptions', { count, most }, except[0]?.span ?? target.span));
    return [];
  }
  const ways = except.reduce<readonly Alternative[]>(
    (found, each) => found.flatMap((way) => waysOutside(each).map((outside) => join(way, outside))),
    [whole],
  );
  const left = ways.map(withListsJoined).flatMap(reduced);
  if (left.length === 0) context.report(diagnostic('nothing-left', {}, except[0]?.span ?? target.span));
  return left;
}

function waysOutside({ port, conditions }: Exception): Alternative[] {
  return [
    ...conditions.map((condition) => ({ conditions: [{ ...condition, isNegated: true }], exceptPorts: [] })),
    ...(port ? [{ conditions: [], exceptPorts: [port] }] : []),
  ];
}

function join(left: Alternative, right: Alternative): Alternative {
  return {
    conditions: [...left.conditions, ...right.conditions],
    exceptPorts: [...left.exceptPorts, ...right.exceptPorts],
  };
}

/** What may not match is one list for each thing that is compared. */
function withListsJoined({ conditions, exceptPorts }: Alternative): Alternative {
  const negated = groupBy(
    conditions.filter(({ isNegated }) => isNegated),
    comparedBy,
  );
  const joined = [...negated.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, values: [first, ...others].flatMap(({ values }) => values) }] : [],
  );
  return { conditions: [...conditions.filter(({ isNegated }) => !isNegated), ...joined], exceptPorts };
}

/** The same without what says nothing beside the rest; nothing at all where all that must match is among what may not. */
function reduced({ conditions, exceptPorts }: Alternative): Alternative[] {
  const wanted = conditions.filter(({ isNegated }) => !isNegated);
  const unwanted = conditions.filter(({ isNegated }) => isNegated);
  const left = wanted.map((each) => ({
    ...each,
    values: each.values.filter(({ value }) => !isCovered(each, value, unwanted)),
  }));
  const isEmpty = left.some(({ values }) => values.length === 0) || unwanted.some(coversAnyPath);
  if (isEmpty) return [];
  const felt = unwanted
    .map((each) => ({ ...each, values: each.values.filter(({ value }) => !isOutOfReach(each, value, left)) }))
    .filter(({ values }) => values.length > 0);
  return [{ conditions: [...left, ...felt], exceptPorts }];
}

function isCovered(condition: Condition, value: string, unwanted: readonly Condition[]): boolean {
  return unwanted.some((each) => isAlike(each, condition) && each.values.some((not) => covers(each, not.value, value)));
}

/** Issuers are compared whole: one may begin like another. */
function covers({ key, name }: Condition, pattern: string, value: string): boolean {
  return key === 'token' && name === 'principal' ? pattern === value : coversText(key, pattern, value);
}

function coversAnyPath({ key, values }: Condition): boolean {
  return key === 'paths' && values.some(({ value }) => coversText(key, value, '/*'));
}

/**
 * Whether none of the values that must match is one that a value matches. What a token says may be a list, of which one
 * element matches this and another one that.
 */
function isOutOfReach(condition: Condition, value: string, wanted: readonly Condition[]): boolean {
  if (condition.key === 'token' && condition.name !== 'principal') return false;
  return wanted.some(
    (each) => isAlike(each, condition) && each.values.every((one) => areApart(each.key, one.value, value)),
  );
}

/** Whether the target means nothing of an exception anyhow. */
function takesNothing({ conditions }: TargetReference, except: Exception): boolean {
  return except.conditions.some((each) => each.values.every(({ value }) => isOutOfReach(each, value, conditions)));
}

/** Whether two conditions compare the same thing. */
function isAlike(left: Condition, right: Condition): boolean {
  return comparedBy(left) === comparedBy(right);
}
