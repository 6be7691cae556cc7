import { oncePer } from '../../util/once.js';
import type { Literal, Searcher } from './machine.js';
import { numbering } from './numbering.js';
import { type Automaton, automatonOf, reached } from './re2/automaton.js';
import { type Characters, fewOf, hasCharacter } from './re2/characters.js';

/** Where a text is in an expression: the steps that may be next. */
interface Place {
  readonly isStart: boolean;
  readonly at: readonly number[];
}

/** Looks for one regular expression over whole texts. */
export function regexMachine({ text, index }: Literal): Searcher {
  const automaton = automatonOf(text) ?? { steps: [], first: 0 };
  const places: Place[] = [];
  const stateOf = numbering(
    ({ isStart, at }: Place) => `${isStart} ${at.join()}`,
    (place) => places.push(place),
  );
  stateOf({ isStart: true, at: reached(automaton, [automaton.first], { isStart: true, isEnd: false }) });
  const placeAt = (state: number): Place => places[state] ?? { isStart: false, at: [] };
  const step = (state: number, character: string) => {
    const next = placeAt(state).at.flatMap((each) => over(automaton, each, character));
    return stateOf({ isStart: false, at: reached(automaton, next, { isStart: false, isEnd: false }) });
  };
  const stepsFrom = oncePer((state: number) => oncePer((character: string) => step(state, character)));
  const matches = oncePer((state: number) => {
    const { isStart, at } = placeAt(state);
    return reached(automaton, at, { isStart, isEnd: true }).some((each) => automaton.steps[each]?.kind === 'matched');
  });
  return {
    step: (state, character) => stepsFrom(state)(character),
    specials: oncePer((state: number) => placeAt(state).at.flatMap((each) => fewAt(automaton, each))),
    found: (state) => (matches(state) ? 1 : 0),
    matchers: (found) => (found === 1 ? [index] : []),
  };
}

/** The sets of characters by which an expression tells texts apart. */
export const setsOf = oncePer((pattern: string): readonly Characters[] =>
  (automatonOf(pattern)?.steps ?? []).flatMap((step) => (step.kind === 'over' ? [step.set] : [])),
);

function over({ steps }: Automaton, index: number, character: string): readonly number[] {
  const step = steps[index];
  return step?.kind === 'over' && hasCharacter(step.set, character) ? [step.to] : [];
}

function fewAt({ steps }: Automaton, index: number): readonly string[] {
  const step = steps[index];
  return step?.kind === 'over' ? (fewOf(step.set) ?? []) : [];
}
