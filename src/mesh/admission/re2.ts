const longest = 1024;
const mostRepetitions = 1000;

/** Why a regular expression is none that Istio takes for its proxies (RE2), or `undefined`. */
export function faultOfRegex(pattern: string): string | undefined {
  if (pattern === '') return 'the regular expression is empty';
  if (pattern.length > longest) return `the regular expression is longer than ${longest} characters`;
  let state: State = { depth: 0, before: 'nothing' };
  for (let position = 0; position < pattern.length; ) {
    const { text, is } = tokenAt(pattern, position);
    const next = is(text, state);
    if (typeof next === 'string') return next;
    state = next;
    position += text.length;
  }
  return state.depth > 0 ? 'a `(` is not closed' : undefined;
}

interface State {
  /** How many groups are open. */
  readonly depth: number;
  /** What a repetition would repeat: nothing, something, or what is repeated already. */
  readonly before: 'nothing' | 'something' | 'repetition';
}

/** What comes of a token: the state behind it, or a fault. */
type Meaning = (text: string, state: State) => State | string;

const escaped = String.raw`\\(?:x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{1,6}\}|0[0-7]{0,2}|[1-7][0-7]{1,2}|[pP](?:\{\^?\w+\}|[A-Z])|[ABbzdDsSwWafnrtv]|[!-/:-@[-${'`'}{-~ ])`;
const namedClasses = 'alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit';

const tokens: ReadonlyArray<readonly [RegExp, Meaning]> = [
  [/\\Q[\s\S]*?(?:\\E|$)/y, something],
  [new RegExp(escaped, 'y'), something],
  [/\\[1-9]/y, (text) => `\`${text}\` refers back to a group, which RE2 does not do`],
  [/\\[\s\S]/y, (text) => `RE2 knows no \`${text}\``],
  [/\\/y, () => 'it ends in a single `\\`'],
  [new RegExp(String.raw`\[\^?\]?(?:\[:\^?\w+:\]|${escaped}|[^\]\\])*\]`, 'y'), bracket],
  [/\[/y, () => 'a `[` is not closed'],
  [/\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)\)/y, (_, state) => state],
  [/\((?:\?(?:[imsU]*(?:-[imsU]+)?:|P?<\w+>))/y, open],
  [/\(\?<?[\s\S]?/y, (text) => `RE2 knows no \`${text}\`: it does not look around`],
  [/\(/y, open],
  [/\)/y, close],
  [/[*+?]\??/y, repetition],
  [/\{\d+(?:,\d*)?\}\??/y, counted],
  [/\|/y, (_, { depth }) => ({ depth, before: 'nothing' })],
  [/[\s\S]/y, something],
];

function tokenAt(pattern: string, position: number): { readonly text: string; readonly is: Meaning } {
  for (const [expression, is] of tokens) {
    expression.lastIndex = position;
    const text = expression.exec(pattern)?.[0];
    if (text !== undefined) return { text, is };
  }
  return { text: pattern.slice(position), is: something };
}

function something(_: string, { depth }: State): State {
  return { depth, before: 'something' };
}

function open(_: string, { depth }: State): State {
  return { depth: depth + 1, before: 'nothing' };
}

function close(_: string, { depth }: State): State | string {
  return depth === 0 ? 'a `)` closes nothing' : { depth: depth - 1, before: 'something' };
}

function repetition(text: string, { depth, before }: State): State | string {
  if (before === 'nothing') return `\`${text}\` repeats nothing`;
  return before === 'repetition' ? `\`${text}\` repeats a repetition` : { depth, before: 'repetition' };
}

function counted(text: string, state: State): State | string {
  const [least = 0, most = least] = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  if (least > most) return `\`${text}\` is the wrong way round`;
  return most > mostRepetitions ? `\`${text}\` repeats more than ${mostRepetitions} times` : repetition(text, state);
}

function bracket(text: string, state: State): State | string {
  const unknown = [...text.matchAll(/\[:\^?(\w+):\]/g)].find(
    ([, name = '']) => !namedClasses.split('|').includes(name),
  );
  if (unknown !== undefined) return `RE2 knows no class \`${unknown[0]}\``;
  const plain = text.slice(1, -1).replace(/\[:\^?\w+:\]|\\[\s\S]/g, ' ');
  const reversed = [...plain.matchAll(/(\S)-(\S)/g)].find(([, low = '', high = '']) => low > high);
  return reversed === undefined ? something(text, state) : `the range \`${reversed[0]}\` is the wrong way round`;
}
