import type { Effect } from '../../parse/ast.js';
import type { Setting } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { nearness, scopeLevels } from '../../resolve/scopes.js';
import { keyInMesh, type Workload } from '../../topology/model.js';
import type { InheritedRule } from './inherited-rule.js';
import { denialsOf, type Excess, meetParts, type Report } from './meet-parts.js';
import type { Part } from './meet-rules.js';
import { type SettingsAround, settingsAround } from './settings-around.js';
import { withPods } from './with-pods.js';

/**
 * Where a scope is stricter, each of its allow rules becomes what it has in common with each of the rules that wider scopes
 * have there, level by level. Denials, and mandates of wider scopes, stay as they are. `settled`: the defaults that decide.
 */
export function stricterRules(
  rules: readonly InheritedRule[],
  { inheritances, defaults }: Pick<Resolved, 'inheritances' | 'defaults'>,
  settled: ReadonlyArray<Setting<Effect>>,
  report: Report,
): readonly InheritedRule[] {
  const stricter = settingsAround(inheritances.filter(({ value }) => value === 'Stricter'));
  const [given, wide] = [settingsAround(defaults), settingsAround(settled)];
  const [allows, others] = [rules.filter(isAllow), rules.filter((rule) => !isAllow(rule))];
  const excesses: Excess[] = [];
  const parts = scopeLevels.reduce<readonly Part[]>((wider, kind) => {
    const own = allows.filter(({ scope }) => scope.kind === kind).flatMap(partsOf);
    const ruled = new Set(own.flatMap(({ target }) => target.destination.workloads.map(keyInMesh)));
    const isOpen = (workload: Workload) => !isClosed(nearestOf(wide(workload), (level) => level < nearness[kind]));
    const level: Level = {
      stricter: (workload) => stricter(workload).filter(({ scope }) => scope.kind === kind),
      isOpen,
      closes: (workload) => {
        const values = nearestOf(given(workload), (level) => level === nearness[kind]);
        return values.length === 0 ? ruled.has(keyInMesh(workload)) && !isOpen(workload) : isClosed(values);
      },
    };
    return takeOver(level, wider, own, report, excesses);
  }, []);
  const denials = denialsOf(excesses, parts, report);
  return [...others, ...[...parts, ...denials].map(({ rule, target }) => ({ ...rule, targets: [target] }))];
}

function isAllow({ effect }: InheritedRule): boolean {
  return effect === 'Allow';
}

function partsOf(rule: InheritedRule): readonly Part[] {
  return rule.targets.map((target) => ({ rule, target }));
}

/** The values that the nearest of some kinds of scopes give. */
function nearestOf(settings: ReadonlyArray<Setting<Effect>>, isMeant: (level: number) => boolean): readonly Effect[] {
  const meant = settings.filter(({ scope }) => isMeant(nearness[scope.kind]));
  const nearest = meant[meant.length - 1]?.scope.kind;
  return meant.filter(({ scope }) => scope.kind === nearest).map(({ value }) => value);
}

/** Pods are closed only where each of their Services is. */
function isClosed(values: readonly Effect[]): boolean {
  return values.length > 0 && values.every((value) => value === 'Deny');
}

/** What becomes of rules where scopes of one kind take over from wider ones. */
interface Level {
  /** The stricter scopes of the kind around a workload. */
  readonly stricter: SettingsAround<unknown>;
  /** Whether wider scopes allow what no rule speaks of. */
  isOpen(workload: Workload): boolean;
  /** Whether scopes of the kind allow only what their own rules do. */
  closes(workload: Workload): boolean;
}

function takeOver(
  level: Level,
  wider: readonly Part[],
  own: readonly Part[],
  report: Report,
  excesses: Excess[],
): readonly Part[] {
  const isStricter = (workload: Workload) => level.stricter(workload).length > 0;
  const isMet = (workload: Workload) => isStricter(workload) && level.closes(workload) && !level.isOpen(workload);
  const keep = (parts: readonly Part[], isKept: (workload: Workload) => boolean) =>
    parts.flatMap((part) => kept(level, part, isKept, report));
  return [
    ...keep(
      wider.filter(({ rule }) => rule.mandate === undefined),
      (workload) => !isStricter(workload) || !level.closes(workload),
    ),
    ...wider.filter(({ rule }) => rule.mandate !== undefined),
    ...keep(own, (workload) => !isStricter(workload) || level.isOpen(workload)),
    ...meetParts(keep(own, isMet), wider, report, excesses),
  ];
}

/** A part for those of its pods that are meant. */
function kept(
  { stricter }: Level,
  { rule, target }: Part,
  isKept: (workload: Workload) => boolean,
  report: Report,
): readonly Part[] {
  const { workloads } = target.destination;
  const left = workloads.filter(isKept);
  if (left.length === workloads.length) return [{ rule, target }];
  const [cause] = workloads.flatMap(stricter);
  return withPods(rule, target, left, cause, report).map((each) => ({ rule, target: each }));
}
