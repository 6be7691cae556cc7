import type { Answer, ControlReport, FrameworkReport } from '../mesh/mesh-report.js';
import { type Html, html, joined } from './html.js';
import { nothing, section } from './parts.js';

/** Each control of each framework, with what is evidence for it. */
export function compliance(frameworks: readonly FrameworkReport[]): Html {
  const note = html`<p>Evidence, and no certificate: each control is answered by what this report proves, and what Ambit cannot know is said. The sentences are those of the file that names the controls.</p>`;
  const body = frameworks.map(
    ({ title, controls }) => html`<h3>${title}</h3>
${joined(controls.map(control))}`,
  );
  return section(
    'compliance',
    'Compliance',
    frameworks.length === 0 ? nothing('No framework was asked for.') : html`${note}${joined(body)}`,
  );
}

function control({ id, says, status, answers }: ControlReport): Html {
  return html`<div class="control"><h4>${id}</h4><p>${says}</p><span class="status ${controlTones[status]}">${controlWords[status]}</span></div>
${joined(answers.map(answerLine))}
`;
}

const controlWords = {
  holds: 'holds',
  fails: 'does not hold',
  undecided: 'undecided',
  listed: 'listed',
  'not-evidenced': 'not evidenced by this tool',
} as const;
const controlTones = {
  holds: 'good',
  fails: 'bad',
  undecided: 'open',
  listed: 'good',
  'not-evidenced': 'quiet',
} as const;

function answerLine({ query, namespaces, status, says, evidence, count }: Answer): Html {
  const of = namespaces.length === 0 ? '' : ` of ${namespaces.join(', ')}`;
  const head = html`<code>${query}</code>${of}: <span class="status ${controlTones[status]}">${controlWords[status]}</span>, ${says}`;
  if (evidence.length === 0) return html`<p>${head}</p>`;
  const rest = count - evidence.length;
  const items = evidence.map((each) => html`<li>${each}</li>`);
  return html`<details><summary>${head}</summary><ul class="evidence">${joined(items)}${rest > 0 ? html`<li>and ${rest} more</li>` : ''}</ul></details>`;
}
