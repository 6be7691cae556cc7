import type { TextMatcher } from '../../mesh/policies/matcher.js';
import { segmentCharacter } from '../../mesh/policies/path-template.js';
import { compareText, groupBy } from '../../util/order.js';
import { atomLimit, stateLimit, TooLarge } from '../limits.js';
import { isPath, type Language, languageMachine } from './language-machine.js';
import { literalMachine } from './literal-machine.js';
import type { LanguageMachine, Literal, Searcher } from './machine.js';
import { suffixMachine } from './suffix-machine.js';
import { templateMachine } from './template-machine.js';

/** One text of a class, and the matchers that match all of its texts, by their index. */
export interface TextAtom {
  readonly text: string;
  readonly matched: readonly number[];
}

/**
 * One text of every class that the matchers can tell apart: two texts are of one class when exactly the same matchers
 * match them. One machine for the whole texts and beginnings, one for the endings and one for the templates run in
 * lockstep over all texts, shortest first, so each class shows its shortest text and no class is missed.
 */
export function textAtoms(matchers: readonly TextMatcher[], language: Language): readonly TextAtom[] {
  const machines = machinesOf(matchers, language);
  const charactersAt = charactersFor(machines, alphabet(matchers, language));
  const atoms = new Map<string, TextAtom>();
  const first: Run = { text: '', states: [0, 0, 0, 0] };
  const seen = new Set([first.states.join()]);
  const runs = [first];
  for (const run of runs) {
    if (machines.language.accepts(run.states[3])) {
      const found = foundIn(machines, run);
      const name = found.join();
      if (!atoms.has(name)) atoms.set(name, { text: run.text, matched: machines.matchers(found) });
    }
    for (const character of charactersAt(run.states)) {
      const states = step(machines, run.states, character);
      const name = states.join();
      if (seen.has(name)) continue;
      seen.add(name);
      runs.push({ text: run.text + character, states });
    }
    if (seen.size > stateLimit || atoms.size > atomLimit) throw new TooLarge();
  }
  return [...atoms.values()];
}

/** Of the literals, of the endings, of the templates, and of the language. */
type States = readonly [number, number, number, number];

interface Run {
  readonly text: string;
  readonly states: States;
}

interface Machines {
  readonly literals: Searcher;
  readonly suffixes: Searcher;
  readonly templates: Searcher;
  readonly language: LanguageMachine;
  /** Whether a class may be that of the empty text alone. */
  readonly tellsEmpty: boolean;
  readonly hasTemplates: boolean;
  matchers(found: readonly number[]): readonly number[];
}

function machinesOf(matchers: readonly TextMatcher[], language: Language): Machines {
  const of = (kind: TextMatcher['kind']): readonly Literal[] =>
    matchers.flatMap((matcher, index) =>
      matcher.kind === kind ? [{ text: 'value' in matcher ? folded(matcher) : '', index }] : [],
    );
  const literals = literalMachine(of('exact'), of('prefix'));
  const suffixes = suffixMachine(of('suffix'));
  const templates = templateMachine(of('template'));
  const [always, ifAny] = [of('present'), of('non-empty')].map((list) => list.map(({ index }) => index));
  return {
    literals,
    suffixes,
    templates,
    language: languageMachine(language),
    tellsEmpty: ifAny !== undefined && ifAny.length > 0,
    hasTemplates: of('template').length > 0,
    matchers: ([literal = 0, suffix = 0, template = 0, isEmpty]) => [
      ...literals.matchers(literal),
      ...suffixes.matchers(suffix),
      ...templates.matchers(template),
      ...(always ?? []),
      ...(isEmpty === 1 ? [] : (ifAny ?? [])),
    ],
  };
}

/** Texts are folded before where case does not count. */
function folded(matcher: Extract<TextMatcher, { readonly value: string }>): string {
  return 'ignoreCase' in matcher && matcher.ignoreCase ? matcher.value.toLowerCase() : matcher.value;
}

/** What a text matches, by numbers; the last is 1 for the empty text where that makes a difference. */
function foundIn({ literals, suffixes, templates, tellsEmpty }: Machines, { text, states }: Run): readonly number[] {
  const [literal, suffix, template] = states;
  const isEmpty = tellsEmpty && text === '';
  return [literals.found(literal), suffixes.found(suffix), templates.found(template), isEmpty ? 1 : 0];
}

function step({ literals, suffixes, templates, language }: Machines, states: States, character: string): States {
  const [literal, suffix, template, possible] = states;
  return [
    literals.step(literal, character),
    suffixes.step(suffix, character),
    templates.step(template, character),
    language.step(possible, character),
  ];
}

/**
 * The characters worth a step, in their order: those that a state tells from others, and of the others the first of each
 * kind. Only templates know kinds.
 */
function charactersFor(machines: Machines, characters: readonly string[]): (states: States) => readonly string[] {
  const { literals, suffixes, templates, language, hasTemplates } = machines;
  const kinds = groupBy(characters, (character) => hasTemplates && segmentCharacter.test(character));
  const places = new Map(characters.map((character, place) => [character, place]));
  return ([literal, suffix, template, possible]) => {
    const special = new Set([
      ...literals.specials(literal),
      ...suffixes.specials(suffix),
      ...templates.specials(template),
      ...language.specials(possible),
    ]);
    const others = [...kinds.values()].flatMap((kind) => kind.find((character) => !special.has(character)) ?? []);
    const worth = [...special, ...others].flatMap((character) => places.get(character) ?? []);
    return worth.sort((left, right) => left - right).flatMap((place) => characters[place] ?? []);
  };
}

/**
 * The characters that matter: those in the matchers' own texts, and one of each kind that is in none of them, which
 * stands for all others. Only templates tell unmentioned characters apart.
 */
function alphabet(matchers: readonly TextMatcher[], language: Language): readonly string[] {
  const texts = matchers.flatMap((matcher) => ('value' in matcher ? [folded(matcher)] : []));
  const mentioned = new Set(texts.join(''));
  const isUpperCase = language === 'method';
  const fresh = Array.from(isUpperCase ? 'XYZQWKJV' : 'xyz0123456789qwkjv').find((letter) => !mentioned.has(letter));
  const outside = Array.from('#[]\u00e9').find((letter) => !mentioned.has(letter));
  const hasTemplate = matchers.some(({ kind }) => kind === 'template');
  const structural = isPath(language) ? ['/', '.'] : [];
  const characters = [fresh ?? '\u0100', ...structural, ...[...mentioned].sort(compareText)];
  return [...new Set(hasTemplate && outside !== undefined ? [...characters, outside] : characters)];
}
