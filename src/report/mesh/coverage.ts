import type { CompileResult } from '../../pipeline.js';
import type { TestOutcome } from '../../policy-tests/outcome.js';
import { keyInMesh } from '../../topology/model.js';
import type { Responsible } from '../../trace/responsible.js';
import { groupBy, sortedUnique } from '../../util/order.js';
import { sourceIntentsOf } from '../trace/origins.js';

/**
 * By the id of a rule: the tests that pass because of it. What closes the ways around a waypoint says nothing of the rules
 * behind it, and a request that no rule lets through tests the default alone.
 */
export function testsByRule(
  tests: readonly TestOutcome[],
  { placed, ir }: Pick<CompileResult, 'placed' | 'ir'>,
): ReadonlyMap<string, readonly string[]> {
  if (placed === undefined || ir === undefined) return new Map();
  const defaults = new Set(ir.destinations.flatMap((each) => each.default?.origin.id ?? []));
  const guards = new Set(placed.policies.filter(({ role }) => role === 'guard').map(keyInMesh));
  const sourceIntents = sourceIntentsOf(placed);
  const idsBehind = (each: Responsible): readonly string[] => {
    const ids = sourceIntents(each).map(({ id }) => id);
    if (each.role === 'admits others') return ids.filter((id) => defaults.has(id));
    return guards.has(keyInMesh(each)) ? [] : ids;
  };
  const found = tests
    .filter(({ status }) => status === 'passed')
    .flatMap((test) => {
      const responsible = (test.example?.hops ?? []).flatMap(({ decidedBy }) => decidedBy);
      return sortedUnique(responsible.flatMap(idsBehind)).map((id) => ({ id, test: nameOfTest(test) }));
    });
  return new Map([...groupBy(found, ({ id }) => id)].map(([id, own]) => [id, own.map(({ test }) => test)]));
}

export function nameOfTest({ document, name }: Pick<TestOutcome, 'document' | 'name'>): string {
  return `${document}/${name}`;
}
