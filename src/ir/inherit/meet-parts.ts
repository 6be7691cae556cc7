import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { keyInMesh } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { meetRules, type Part } from './meet-rules.js';
import { isUnsayable, type Unsayable } from './meeting.js';

export type Report = (found: Diagnostic) => void;

/** What a rule allows too much of what it has in common with a wider one. */
export interface Excess {
  readonly denial: Part;
  readonly allowed: Part;
  readonly own: Part;
  readonly wide: Part;
  readonly reason: Unsayable;
}

/** What rules of a scope have in common with those of wider scopes; one that has nothing in common with any is told of. */
export function meetParts(
  own: readonly Part[],
  wider: readonly Part[],
  report: Report,
  excesses: Excess[],
): readonly Part[] {
  const around = partsAround(wider);
  const met = own.map((part) => {
    const found = around(part).map((other) => common(part, other, report, excesses));
    return { part, common: found.flatMap((each) => each ?? []), isUnsaid: found.includes(undefined) };
  });
  for (const group of groupBy(met, ({ part }) => `${part.rule.origin.id} ${part.target.span.start}`).values()) {
    const [first] = group;
    if (first === undefined || group.some(({ common, isUnsaid }) => isUnsaid || common.length > 0)) continue;
    const { rule, target } = first.part;
    report(diagnostic('allows-nothing', { rule: rule.origin.id }, target.span));
  }
  return met.flatMap(({ common }) => common);
}

/** The parts that speak of some of the same pods. */
function partsAround(parts: readonly Part[]): (part: Part) => readonly Part[] {
  const byWorkload = new Map<string, Part[]>();
  for (const part of parts) {
    for (const key of keysOf(part)) {
      const known = byWorkload.get(key);
      if (known === undefined) byWorkload.set(key, [part]);
      else known.push(part);
    }
  }
  return (part) => [...new Set(keysOf(part).flatMap((key) => byWorkload.get(key) ?? []))];
}

function keysOf({ target }: Part): readonly string[] {
  return target.destination.workloads.map(keyInMesh);
}

/** `undefined`: nothing says what it is. */
function common(own: Part, wide: Part, report: Report, excesses: Excess[]): readonly Part[] | undefined {
  const met = meetRules(own, wide);
  if (isUnsayable(met)) {
    reportUnsayable(own, wide, met, report);
    return undefined;
  }
  for (const { denial, ...allowed } of met)
    if (denial) excesses.push({ denial: denial.part, allowed, own, wide, reason: denial.reason });
  return met.map(({ rule, target }) => ({ rule, target }));
}

/** A denial of what is allowed too much, where it hits nothing that another rule allows in the end. */
export function denialsOf(excesses: readonly Excess[], parts: readonly Part[], report: Report): readonly Part[] {
  if (excesses.length === 0) return [];
  const around = partsAround(parts);
  return excesses.flatMap(({ denial, allowed, own, wide, reason }) => {
    const others = around(denial).filter(({ target }) => target !== allowed.target);
    const isApart = others.every((other) => {
      const hit = meetRules(denial, other);
      return !isUnsayable(hit) && hit.length === 0;
    });
    if (isApart) return [denial];
    reportUnsayable(own, wide, reason, report);
    return [];
  });
}

function reportUnsayable(own: Part, wide: Part, { because, witness }: Unsayable, report: Report): void {
  const parameters = { rule: own.rule.origin.id, wider: wide.rule.origin.id, because };
  const notes = [{ message: `what \`${wide.rule.origin.id}\` allows`, span: wide.target.span }];
  report(diagnostic('common-not-sayable', parameters, own.target.span, { witness, notes }));
}
