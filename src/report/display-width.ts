/** Characters that a terminal draws in two cells: East Asian wide and full-width forms, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Characters that a terminal draws over their neighbour. */
const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;

const tab = '    ';

/** How many terminal cells a text takes that `printable` returned. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/**
 * The text as it is safe and steady to print: a tab is four blanks, and a control character is its picture, so that
 * nobody's file or name can move the cursor or recolour the terminal.
 */
export function printable(text: string): string {
  return text.replace(/\t/g, tab).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, pictureOf);
}

/** What is drawn for a character that is not to be printed. */
export function pictureOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
