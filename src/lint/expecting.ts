import { type Constants, mergeConstants } from '../algebra/constants.js';
import type { LintContext } from './context.js';

/**
 * The context in which requests are told apart by some constants from the start, as far as their attributes matter at all:
 * many comparisons that each bring one of them then share a space, and what was found in it before.
 */
export function expecting(context: LintContext, constants: Constants): LintContext {
  return {
    ...context,
    spaceOf: (given) => {
      const expected = [...given.keys()].map((attribute) => [attribute, constants.get(attribute) ?? []] as const);
      return context.spaceOf(mergeConstants([new Map(expected), given]));
    },
  };
}
