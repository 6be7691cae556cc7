import { markdownToText } from '../../report/markdown/terminal.js';
import { pageOf } from '../colour.js';
import type { Session } from './session.js';

/** Prints a Markdown page as text that fits the terminal. */
export function showPage(session: Session, markdown: string): void {
  session.host.output.write(markdownToText(markdown, pageOf(session)));
}
