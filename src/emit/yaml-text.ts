import { assert } from '../util/assert.js';

/** go-yaml gives up on a key without `?` whose colon is more than 1,024 characters away. */
const longestKey = 1000;

/** A mapping key. */
export function printKey(key: string): string {
  const printed = quoteText(key);
  assert(printed.length <= longestKey, `key ${key.slice(0, 50)}… is longer than YAML readers accept`);
  return printed;
}

/**
 * Text as every reader takes it: bare where it can be nothing else, a JSON string otherwise. YAML 1.1 readers take
 * `y` and `on` as booleans, and the invisible characters as line breaks, even between quotes.
 */
export function quoteText(text: string): string {
  if (plain.test(text) && !words.test(text)) return text;
  assert(!/\p{Surrogate}/u.test(text), 'text to print has no lone surrogate, which YAML cannot carry');
  return JSON.stringify(text).replace(invisible, escapeCharacter);
}

/** Whether text of several lines can be printed as it is, below a `|` that declares no indentation. */
export function isLiteral(text: string): boolean {
  return text.includes('\n') && /^\S/.test(text) && !text.endsWith('\n\n') && !unprintable.test(text);
}

const plain = /^[A-Za-z_/][\w./-]*$/;
const words = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const invisible = /[\x7F-\x9F]|[\u2028\u2029\uFEFF\uFFFE\uFFFF]/gu;
const unprintable = /[^\P{Cc}\n]|[\u2028\u2029\uFEFF\uFFFE\uFFFF]|\p{Surrogate}/u;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
