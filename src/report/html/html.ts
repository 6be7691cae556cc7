import { printable } from '../display-width.js';

/** Text that is markup already. */
export interface Html {
  readonly text: string;
}

/** Markup from a template: every text in it is escaped, and only what is markup already is not. */
export function html(parts: TemplateStringsArray, ...values: ReadonlyArray<Html | string | number>): Html {
  const texts = values.map((value) => (typeof value === 'object' ? value.text : escapeHtml(String(value))));
  return { text: parts.map((part, index) => part + (texts[index] ?? '')).join('') };
}

export function joined(parts: readonly Html[]): Html {
  return { text: parts.map(({ text }) => text).join('') };
}

/** Style and script of the page itself. */
export function verbatim(text: string): Html {
  return { text };
}

/** JSON within a script element, which no text of it can end. */
export function inScript(json: string): Html {
  return {
    text: json.replace(
      /[<\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  };
}

function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
