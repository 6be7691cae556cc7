/** The widest line of a report that is read on a terminal. */
export const width = 100;

const nameWidth = 10;
const indent = 4;

/** One named fact of a block, wrapped at the width with its text kept in one column. */
export function field(name: string, text: string): readonly string[] {
  const room = width - indent - nameWidth;
  return wrap(text, room).map(
    (line, index) => `${' '.repeat(indent)}${pad(index === 0 ? name : '', nameWidth)}${line}`,
  );
}

/** A named fact of several rows, in columns as wide as their widest cell. */
export function table(name: string, rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  ');
    return `${' '.repeat(indent)}${pad(index === 0 ? name : '', nameWidth)}${cells}`.trimEnd();
  });
}

/** The heading of a block: what it is on the left, its state on the right edge. */
export function heading(left: string, right: string): string {
  const gap = Math.max(2, width - 2 - [...left].length - [...right].length);
  return `  ${left}${' '.repeat(gap)}${right}`.trimEnd();
}

/** Pads by code points, so that an arrow or a dot is as wide as a letter. */
export function pad(text: string, size: number): string {
  return text + ' '.repeat(Math.max(0, size - [...text].length));
}

/** Breaks between words only: a name that is longer than the line stays whole. */
export function wrap(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && [...longer].length > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
