import { describe, expect, it } from 'vitest';
import { meetCallers } from '../../src/ir/inherit/meet-callers.js';
import { meetConditions } from '../../src/ir/inherit/meet-conditions.js';
import { isUnsayable } from '../../src/ir/inherit/meeting.js';
import { matchesText, textMatcher } from '../../src/mesh/policies/matcher.js';
import type { Condition } from '../../src/parse/ast.js';
import { isInNamespace } from '../../src/resolve/namespace-pattern.js';
import type { Caller } from '../../src/resolve/resolved.js';
import { commonBlocks, coversBlock } from '../../src/util/ip-blocks.js';
import { fc } from '../support/fast-check.js';

const span = { file: { path: 'intents.yaml', text: '' }, start: 0, end: 0 };

function paths(values: readonly string[], isNegated: boolean): Condition {
  return { key: 'paths', name: undefined, values: values.map((value) => ({ value, span })), isNegated, span };
}

function holds(conditions: readonly Condition[], path: string): boolean {
  return conditions.every(
    ({ values, isNegated }) => values.some(({ value }) => matchesText(textMatcher(value), path)) !== isNegated,
  );
}

const patterns = ['/a', '/a/b', '/a/*', '/*', '*/b', '*.css', '/b'];
const texts = ['/a', '/b', '/a/b', '/a/x.css', '/b/b', '/x.css', '/a/c', '/c'];
const condition = fc
  .tuple(fc.subarray(patterns, { minLength: 1 }), fc.boolean())
  .map(([values, not]) => paths(values, not));

describe('what two rules have in common', () => {
  it('is true of the requests of which both are, and of what is denied beside it', () => {
    const lists = fc
      .array(condition, { maxLength: 2 })
      .filter((each) => new Set(each.map(({ isNegated }) => isNegated)).size === each.length);
    fc.assert(
      fc.property(lists, lists, (left, right) => {
        const met = meetConditions(left, right);
        if (isUnsayable(met)) return;
        for (const path of texts) {
          const isMeant = met.some(
            ({ conditions, excess }) =>
              holds(conditions, path) && !(excess !== undefined && holds([excess.condition], path)),
          );
          expect(isMeant).toBe(holds(left, path) && holds(right, path));
        }
      }),
    );
  });

  it.each([
    ['team-*', 'team-a', ['team-a', 'team-a-b', 'other']],
    ['team-*', 'team-a*', ['team-a', 'team-b', 'other']],
    ['*-dev', '*a-dev', ['a-dev', 'b-dev']],
    ['team-*', 'shop*', ['team-a', 'shop-b']],
  ])('is the namespaces of both, %s and %s', (left, right, names) => {
    const of = (namespace: string): Caller => ({
      kind: 'namespace',
      namespace,
      members: [],
      except: [],
      label: namespace,
      span,
    });
    const met = meetCallers(of(left), of(right));
    expect(isUnsayable(met)).toBe(false);
    for (const name of names) {
      const isMeant =
        !isUnsayable(met) && met.some((each) => each.kind === 'namespace' && isInNamespace(each.namespace, `${name}/`));
      expect([name, isMeant]).toEqual([name, isInNamespace(left, `${name}/`) && isInNamespace(right, `${name}/`)]);
    }
  });

  it('is not said of a beginning and an end', () => {
    const of = (namespace: string): Caller => ({
      kind: 'namespace',
      namespace,
      members: [],
      except: [],
      label: namespace,
      span,
    });
    expect(meetCallers(of('team-*'), of('*-dev'))).toMatchObject({
      witness: 'a workload of namespace team--dev calls',
    });
  });

  it('is the narrower of two blocks of addresses', () => {
    expect(commonBlocks(['10.0.0.0/8', '192.168.1.1'], ['10.1.0.0/16', '192.168.0.0/16', '172.16.0.0/12'])).toEqual([
      '10.1.0.0/16',
      '192.168.1.1',
    ]);
    expect(coversBlock('2001:db8::/32', '2001:db8:1::1')).toBe(true);
    expect(coversBlock('2001:db8::/32', '2001:db9::1')).toBe(false);
    expect(coversBlock('0.0.0.0/0', '::1')).toBe(false);
    expect(coversBlock('::ffff:10.0.0.0/104', '::ffff:10.2.3.4')).toBe(true);
  });
});
