import type { PrefixRewrite } from '../../mesh/policies/matcher.js';
import type { Searcher } from './machine.js';

/**
 * Looks in what texts become for what another machine looks for. It first passes `from`, then goes on as the other machine
 * does that has read `to` instead.
 */
export function rewrittenMachine({ from, to, alone }: PrefixRewrite, inner: Searcher): Searcher {
  const beginning = Array.from(from);
  const passed = beginning.length;
  const failed = passed + 1;
  const first = passed + 2;
  const run = (text: string) => Array.from(text).reduce((state, character) => inner.step(state, character), 0);
  const replaced = run(to);
  const last = run(alone);
  const innerState = (state: number) => (state === passed ? replaced : state - first);
  return {
    step: (state, character) => {
      if (state < passed) return beginning[state] === character ? state + 1 : failed;
      return state === failed ? failed : first + inner.step(innerState(state), character);
    },
    specials: (state) => {
      if (state < passed) return beginning.slice(state, state + 1);
      return state === failed ? [] : inner.specials(innerState(state));
    },
    found: (state) => {
      if (state < passed || state === failed) return 0;
      const found = inner.found(state === passed ? last : innerState(state));
      return inner.matchers(found).length === 0 ? 0 : 1 + found;
    },
    matchers: (found) => (found === 0 ? [] : inner.matchers(found - 1)),
  };
}
