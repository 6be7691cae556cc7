import type { TextMatcher } from '../../mesh/policies/matcher.js';
import { segmentCharacter } from '../../mesh/policies/path-template.js';
import { compareText, groupBy } from '../../util/order.js';
import { atomLimit, stateLimit, TooLarge } from '../limits.js';
import { isPath, type Language, languageMachine } from './language-machine.js';
import type { LanguageMachine, Searcher } from './machine.js';
import { type Characters, fewOf, hasCharacter, oneOfEach } from './re2/characters.js';
import { setsOf } from './regex-machine.js';
import { folded, searchersFor } from './searchers.js';

/** One text of a class, and the matchers that match all of its texts, by their index. */
export interface TextAtom {
  readonly text: string;
  readonly matched: readonly number[];
}

/**
 * One text of every class that the matchers can tell apart: two texts are of one class when exactly the same matchers
 * match them. The machines that look for them run in lockstep over all texts, shortest first, so each class shows its
 * shortest text and no class is missed.
 */
export function textAtoms(matchers: readonly TextMatcher[], language: Language): readonly TextAtom[] {
  const machines = machinesOf(matchers, language);
  const charactersAt = charactersFor(machines, alphabet(matchers, machines, language));
  const atoms = new Map<string, TextAtom>();
  const first: Run = { text: '', states: machines.searchers.map(() => 0), possible: 0 };
  const seen = new Set([nameOf(first)]);
  const runs = [first];
  for (const run of runs) {
    if (machines.language.accepts(run.possible)) {
      const found = machines.searchers.map((searcher, place) => searcher.found(run.states[place] ?? 0));
      const name = found.join();
      if (!atoms.has(name)) atoms.set(name, { text: run.text, matched: matchedBy(machines, found) });
    }
    for (const character of charactersAt(run)) {
      const next = step(machines, run, character);
      const name = nameOf(next);
      if (seen.has(name)) continue;
      seen.add(name);
      runs.push(next);
    }
    if (seen.size > stateLimit || atoms.size > atomLimit) throw new TooLarge();
  }
  return [...atoms.values()];
}

/** A text, and where each machine is after it. */
interface Run {
  readonly text: string;
  readonly states: readonly number[];
  readonly possible: number;
}

interface Machines {
  readonly searchers: readonly Searcher[];
  readonly language: LanguageMachine;
  readonly hasTemplates: boolean;
  /** The sets of characters of regular expressions, as far as they have many. */
  readonly sets: readonly Characters[];
}

function machinesOf(matchers: readonly TextMatcher[], language: Language): Machines {
  return {
    searchers: searchersFor(matchers.map((matcher, index) => ({ matcher, index }))),
    language: languageMachine(language),
    hasTemplates: matchers.some(isTemplate),
    sets: distinctSets(matchers.flatMap(largeSets)),
  };
}

function distinctSets(sets: readonly Characters[]): readonly Characters[] {
  return [...new Map(sets.map((set) => [JSON.stringify(set), set])).values()];
}

/** Whether a matcher, or what it looks for in a part of texts or in what they become, is a template. */
function isTemplate(matcher: TextMatcher): boolean {
  return 'matcher' in matcher ? isTemplate(matcher.matcher) : matcher.kind === 'template';
}

function nameOf({ states, possible }: Run): string {
  return `${states.join()} ${possible}`;
}

function matchedBy({ searchers }: Machines, found: readonly number[]): readonly number[] {
  return searchers.flatMap((searcher, place) => searcher.matchers(found[place] ?? 0));
}

function step({ searchers, language }: Machines, { text, states, possible }: Run, character: string): Run {
  return {
    text: text + character,
    states: searchers.map((searcher, place) => searcher.step(states[place] ?? 0, character)),
    possible: language.step(possible, character),
  };
}

/**
 * The characters worth a step, in their order: those that a state tells from others, and of the others the first of each
 * kind. Only templates and the larger sets of regular expressions know kinds.
 */
function charactersFor(machines: Machines, characters: readonly string[]): (run: Run) => readonly string[] {
  const { searchers, language, hasTemplates, sets } = machines;
  const kinds = groupBy(characters, (character) =>
    [hasTemplates && segmentCharacter.test(character), ...sets.map((set) => hasCharacter(set, character))].join(),
  );
  const places = new Map(characters.map((character, place) => [character, place]));
  return ({ states, possible }) => {
    const special = new Set([
      ...searchers.flatMap((searcher, place) => searcher.specials(states[place] ?? 0)),
      ...language.specials(possible),
    ]);
    const others = [...kinds.values()].flatMap((kind) => kind.find((character) => !special.has(character)) ?? []);
    const worth = [...special, ...others].flatMap((character) => places.get(character) ?? []);
    return worth.sort((left, right) => left - right).flatMap((place) => characters[place] ?? []);
  };
}

/**
 * The characters that matter: those in the matchers' own texts, and one of each kind that is in none of them, which
 * stands for all others. Only templates and sets of characters tell unmentioned characters apart.
 */
function alphabet(matchers: readonly TextMatcher[], { sets, language: { has } }: Machines, language: Language) {
  const mentioned = new Set(matchers.map(mentionedBy).join(''));
  const isUpperCase = language === 'method';
  const fresh = Array.from(isUpperCase ? 'XYZQWKJV' : 'xyz0123456789qwkjv').find((letter) => !mentioned.has(letter));
  const outside = Array.from('#[]\u00e9').find((letter) => !mentioned.has(letter));
  const structural = isPath(language) ? ['/', '.'] : [];
  const characters = [fresh ?? '\u0100', ...structural, ...[...mentioned].sort(compareText)];
  const ofKinds = [
    ...(matchers.some(isTemplate) && outside !== undefined ? [outside] : []),
    ...(sets.length === 0 ? [] : oneOfEach(sets, (letter) => has(letter) && !mentioned.has(letter))),
  ];
  return [...new Set([...characters, ...ofKinds])];
}

function mentionedBy(matcher: TextMatcher): string {
  if (matcher.kind === 'rewritten') return matcher.rewrite.from + mentionedBy(matcher.matcher);
  if (matcher.kind === 'without-port') return `:${mentionedBy(matcher.matcher)}`;
  if (matcher.kind === 'regex')
    return setsOf(matcher.value)
      .flatMap((set) => fewOf(set) ?? [])
      .join('');
  return 'value' in matcher ? folded(matcher) : '';
}

/** The sets of characters whose members no state lists. */
function largeSets(matcher: TextMatcher): readonly Characters[] {
  if ('matcher' in matcher) return largeSets(matcher.matcher);
  return matcher.kind === 'regex' ? setsOf(matcher.value).filter((set) => fewOf(set) === undefined) : [];
}
