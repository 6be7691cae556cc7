import { markdownToText } from '../../report/markdown/terminal.js';
import { pen } from '../colour.js';
import type { Session } from './session.js';

/** Where the pages of diagnostics lie, below the package. */
export const pagesDirectory = 'docs/diagnostics';

/** Longer lines are hard to read, however wide the terminal is. */
const widest = 100;
const withoutTerminal = 80;

/** Prints a Markdown page as text that fits the terminal. */
export function showPage(session: Session, markdown: string): void {
  const { output } = session.host;
  const width = Math.min(output.columns ?? withoutTerminal, widest);
  output.write(markdownToText(markdown, { chalk: pen(session), width }));
}
