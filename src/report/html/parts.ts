import { type Html, html, joined } from './html.js';

export function section(id: string, title: string, body: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-head">
<h2 id="${id}-head">${title}</h2>
${body}
</section>`;
}

export function nothing(text: string): Html {
  return html`<p class="quiet">${text}</p>`;
}

export function table(
  label: string,
  columns: readonly string[],
  rows: ReadonlyArray<ReadonlyArray<Html | string>>,
): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${joined(columns.map((column) => html`<th scope="col">${column}</th>`))}</tr></thead><tbody>
${joined(rows.map((cells) => html`<tr>${joined(cells.map((cell, index) => html`<td data-column="${columns[index] ?? ''}">${cell}</td>`))}</tr>\n`))}</tbody></table></div>`;
}
