/** A command of Ambit for somebody to paste: every word as a shell takes it for one. */
export function ambitCommand(...words: readonly string[]): string {
  return ['ambit', ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
