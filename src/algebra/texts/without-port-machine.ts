import type { Searcher } from './machine.js';

/**
 * Looks in a host without its port for what another machine looks for: from the first colon on nothing counts. State 2n is
 * state n of the other machine, and 2n + 1 the same behind the colon.
 */
export function withoutPortMachine(inner: Searcher): Searcher {
  return {
    step: (state, character) => {
      if (state % 2 === 1) return state;
      return character === ':' ? state + 1 : 2 * inner.step(state / 2, character);
    },
    specials: (state) => (state % 2 === 1 ? [] : [':', ...inner.specials(state / 2)]),
    found: (state) => inner.found(Math.floor(state / 2)),
    matchers: (found) => inner.matchers(found),
  };
}
