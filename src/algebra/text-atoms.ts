import type { TextMatcher } from '../mesh/policies/matcher.js';
import { compareText } from '../util/order.js';
import { type Language, languageMachine, type Machine, machineOf } from './text-machine.js';

/**
 * One text of every class that the matchers can tell apart: two texts are of one class when exactly the same matchers
 * match them. All machines run in lockstep over all texts, shortest first, so each class shows its shortest text and
 * no class is missed.
 */
export function textAtoms(matchers: readonly TextMatcher[], language: Language): readonly string[] {
  const machines = matchers.map(machineOf);
  const possible = languageMachine(language);
  const characters = alphabet(matchers, language);
  const atoms = new Map<string, string>();
  const first: Run = { text: '', states: [possible, ...machines].map(({ start }) => start) };
  const seen = new Set([first.states.join('\n')]);
  for (let runs = [first]; runs.length > 0; runs = advance(runs, [possible, ...machines], characters, seen)) {
    for (const { text, states } of runs) {
      if (!possible.accepts(states[0] ?? '')) continue;
      const signature = machines.map((machine, index) => Number(machine.accepts(states[index + 1] ?? ''))).join('');
      if (!atoms.has(signature)) atoms.set(signature, text);
    }
  }
  return [...atoms.values()];
}

interface Run {
  readonly text: string;
  readonly states: readonly string[];
}

function advance(
  runs: readonly Run[],
  machines: readonly Machine[],
  characters: readonly string[],
  seen: Set<string>,
): Run[] {
  const next: Run[] = [];
  for (const { text, states } of runs) {
    for (const character of characters) {
      const stepped = machines.map((machine, index) => machine.step(states[index] ?? '', character));
      const name = stepped.join('\n');
      if (seen.has(name)) continue;
      seen.add(name);
      next.push({ text: text + character, states: stepped });
    }
  }
  return next;
}

/**
 * The characters that matter: those in the matchers' own texts, and one of each kind that is in none of them, which
 * stands for all others. Only templates tell unmentioned characters apart.
 */
function alphabet(matchers: readonly TextMatcher[], language: Language): readonly string[] {
  const texts = matchers.flatMap((matcher) => {
    if (!('value' in matcher)) return [];
    return 'ignoreCase' in matcher && matcher.ignoreCase ? [matcher.value.toLowerCase()] : [matcher.value];
  });
  const mentioned = new Set(texts.join(''));
  const isUpperCase = language === 'method';
  const fresh = Array.from(isUpperCase ? 'XYZQWKJV' : 'xyz0123456789qwkjv').find((letter) => !mentioned.has(letter));
  const outside = Array.from('=*"<>^`|').find((letter) => !mentioned.has(letter));
  const hasTemplate = matchers.some(({ kind }) => kind === 'template');
  const structural = language === 'path' ? ['/', '.'] : [];
  const characters = [fresh ?? '\u0100', ...structural, ...[...mentioned].sort(compareText)];
  return [...new Set(hasTemplate && outside !== undefined ? [...characters, outside] : characters)];
}
