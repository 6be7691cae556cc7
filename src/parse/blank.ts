/** The first offset at or after `start` that is neither white space nor part of a comment; `end` if there is none. */
export function skipBlank(text: string, start: number, end: number = text.length): number {
  let position = start;
  while (position < end) {
    const character = text.charAt(position);
    if (character === '#') position = endOfLine(text, position, end);
    else if (isSpace(character)) position++;
    else break;
  }
  return position;
}

/** The end of `text[start, end)` without the white space at its end. */
export function trimEnd(text: string, start: number, end: number): number {
  let position = end;
  while (position > start && isSpace(text.charAt(position - 1))) position--;
  return position;
}

/** Where the line of `position` ends: before its line feed. */
export function endOfLine(text: string, position: number, end: number = text.length): number {
  const lineFeed = text.indexOf('\n', position);
  return lineFeed === -1 || lineFeed > end ? end : lineFeed;
}

/** Where the line of `position` begins. */
export function startOfLine(text: string, position: number): number {
  return position === 0 ? 0 : text.lastIndexOf('\n', position - 1) + 1;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}
