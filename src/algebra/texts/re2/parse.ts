import { oncePer } from '../../../util/once.js';
import { allBut, anyCharacter, type Characters, charactersOf, inBothCases, joined } from './characters.js';

/** A regular expression of RE2, as far as sets know them. */
export type Expression =
  | { readonly kind: 'characters'; readonly set: Characters }
  | { readonly kind: 'sequence' | 'alternatives'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'repeated';
      readonly part: Expression;
      readonly atLeast: number;
      /** `undefined`: as often as one likes. */
      readonly atMost: number | undefined;
    }
  /** The places where a text begins and ends. */
  | { readonly kind: 'start' | 'end' };

/**
 * Reads what RE2 and the model's reading of single requests understand alike; `undefined` of all else: word boundaries,
 * classes by name, flags in the middle, and what is no expression at all.
 */
export function parseExpression(pattern: string): Expression | undefined {
  return parsed(pattern).expression;
}

const parsed = oncePer((pattern: string): { readonly expression: Expression | undefined } => {
  const [, flags = '', rest = pattern] = /^\(\?([is]+)\)(.*)$/s.exec(pattern) ?? [];
  const ignoresCase = flags.includes('i');
  // Of such letters it is not known what the other case is, and of others whether they are one character.
  if ((ignoresCase ? /[^\0-\x7f]/ : /[\ud800-\udfff]/).test(rest)) return { expression: undefined };
  try {
    return { expression: new Reader(rest, ignoresCase).whole() };
  } catch (error) {
    if (error instanceof Foreign) return { expression: undefined };
    throw error;
  }
});

/** Thrown at what is not understood, through everything in between. */
class Foreign extends Error {}

const digits = charactersOf([['0', '9']]);
const wordCharacters = charactersOf([
  ['0', '9'],
  ['A', 'Z'],
  ['_', '_'],
  ['a', 'z'],
]);
const blanks = charactersOf([
  ['\t', '\n'],
  ['\f', '\r'],
  [' ', ' '],
]);
const classes: Readonly<Record<string, Characters>> = {
  d: digits,
  D: allBut(digits),
  w: wordCharacters,
  W: allBut(wordCharacters),
  s: blanks,
  S: allBut(blanks),
};
const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

/** The most repetitions that RE2 takes. */
const mostRepetitions = 1000;

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly ignoresCase: boolean,
  ) {}

  whole(): Expression {
    const expression = this.alternatives();
    if (this.at < this.text.length) throw new Foreign();
    return expression;
  }

  private alternatives(): Expression {
    const parts = [this.sequence()];
    while (this.takes('|')) parts.push(this.sequence());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'alternatives', parts };
  }

  private sequence(): Expression {
    const parts: Expression[] = [];
    while (this.at < this.text.length && !this.sees('|') && !this.sees(')')) parts.push(this.repeated());
    return { kind: 'sequence', parts };
  }

  private repeated(): Expression {
    const part = this.single();
    const bounds = this.bounds();
    if (bounds === undefined) return part;
    this.takes('?');
    const isTwice = this.bounds() !== undefined;
    if (isTwice || part.kind === 'start' || part.kind === 'end') throw new Foreign();
    return { kind: 'repeated', part, ...bounds };
  }

  private bounds(): { readonly atLeast: number; readonly atMost: number | undefined } | undefined {
    if (this.takes('*')) return { atLeast: 0, atMost: undefined };
    if (this.takes('+')) return { atLeast: 1, atMost: undefined };
    if (this.takes('?')) return { atLeast: 0, atMost: 1 };
    const counted = /^\{(\d+)(,?)(\d*)\}/.exec(this.text.slice(this.at));
    if (counted === null) return undefined;
    const [written, from = '', comma, to = ''] = counted;
    this.at += written.length;
    const atLeast = Number(from);
    const atMost = comma === '' ? atLeast : to === '' ? undefined : Number(to);
    if ((atMost ?? atLeast) < atLeast || (atMost ?? atLeast) > mostRepetitions) throw new Foreign();
    return { atLeast, atMost };
  }

  private single(): Expression {
    const character = this.next();
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.characters(this.listed());
      case '.':
        return { kind: 'characters', set: anyCharacter };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return this.characters(this.escaped());
      case '*':
      case '+':
      case '?':
        throw new Foreign();
      default:
        if (character === '{' && /^\d+(,\d*)?\}/.test(this.text.slice(this.at))) throw new Foreign();
        return this.characters(only(character));
    }
  }

  private group(): Expression {
    if (this.takes('?') && !this.takes(':')) throw new Foreign();
    const inner = this.alternatives();
    if (!this.takes(')')) throw new Foreign();
    return inner;
  }

  private listed(): Characters {
    const isNegated = this.takes('^');
    // What a bracket means that comes first is not the same everywhere.
    if (this.sees(']') || this.sees('[:')) throw new Foreign();
    const found: Array<readonly [number, number]> = [];
    while (!this.takes(']')) found.push(...this.listedItem());
    const set = joined(found);
    return isNegated ? allBut(this.ignoresCase ? inBothCases(set) : set) : set;
  }

  private listedItem(): Characters {
    const first = this.listedCharacters();
    if (!this.sees('-') || this.sees('-]')) return first;
    this.at++;
    const last = this.listedCharacters();
    const [from, to] = [codeOf(first), codeOf(last)];
    if (from === undefined || to === undefined || from > to) throw new Foreign();
    return [[from, to]];
  }

  private listedCharacters(): Characters {
    if (this.sees('[:')) throw new Foreign();
    const character = this.next();
    return character === '\\' ? this.escaped() : only(character);
  }

  private escaped(): Characters {
    const character = this.next();
    const known = classes[character];
    if (known !== undefined) return known;
    if (character === 'x') {
      const code = /^[0-9a-fA-F]{2}/.exec(this.text.slice(this.at))?.[0];
      if (code === undefined) throw new Foreign();
      this.at += code.length;
      return only(String.fromCharCode(Number.parseInt(code, 16)));
    }
    const control = controls[character];
    if (control !== undefined) return only(control);
    if (/[\w\u0080-\uffff]/.test(character)) throw new Foreign();
    return only(character);
  }

  private characters(set: Characters): Expression {
    return { kind: 'characters', set: this.ignoresCase ? inBothCases(set) : set };
  }

  private next(): string {
    const character = this.text[this.at];
    if (character === undefined) throw new Foreign();
    this.at++;
    return character;
  }

  private sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  private takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }
}

function only(character: string): Characters {
  return charactersOf([[character, character]]);
}

/** Of a set that is one character. */
function codeOf(characters: Characters): number | undefined {
  const [[first, last] = [0, 1], ...others] = characters;
  return others.length === 0 && first === last ? first : undefined;
}
