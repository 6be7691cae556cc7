import { oncePer } from '../../../util/once.js';
import { type Truth, truthOf } from '../../truth.js';

/** Whether a regular expression of RE2 matches a whole text; `unknown` where it means something else here, or nothing. */
export function matchesWhole(pattern: string, text: string): Truth {
  const expression = compiled(pattern);
  return expression.known === undefined ? 'unknown' : truthOf(expression.known.test(text));
}

const compiled = oncePer((pattern: string): { readonly known: RegExp | undefined } => {
  const [, flags = '', rest = pattern] = /^\(\?([is]+)\)(.*)$/s.exec(pattern) ?? [];
  if (foreign.test(rest)) return { known: undefined };
  try {
    return { known: new RegExp(`^(?:${rest})$`, flags) };
  } catch {
    return { known: undefined };
  }
});

/** What RE2 lacks (lookaround, back references) or writes in another way (flags in the middle, `\A`, `\z`, `\Q`, POSIX classes, `\pN`). */
const foreign = /\(\?(?!:)|\\[1-9AzQEpPCk]|\[\[:/;
