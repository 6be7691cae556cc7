import { Chalk } from 'chalk';
import type { Page } from '../../src/report/layout.js';

/** What a file gets: 100 columns and no colour. */
export const plainPage: Page = { columns: 100, pen: new Chalk({ level: 0 }) };

/** A text as it was before it was wrapped, for a test that is about its words. */
export function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ');
}
