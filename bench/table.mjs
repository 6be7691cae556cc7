/** Lines up columns: the first to the left, the others to the right. */
export function formatTable(header, rows) {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column], column === 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(text, width, left) {
  return left ? text.padEnd(width) : text.padStart(width);
}

/** `median (low–high)`. */
export function spread({ median, low, high }, digits) {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
