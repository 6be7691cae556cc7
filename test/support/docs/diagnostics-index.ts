import { readFileSync } from 'node:fs';
import { adopting } from '../../../src/diagnostics/catalogue/adopting.js';
import { changes } from '../../../src/diagnostics/catalogue/changes.js';
import { emission } from '../../../src/diagnostics/catalogue/emission.js';
import { language } from '../../../src/diagnostics/catalogue/language.js';
import { migrating } from '../../../src/diagnostics/catalogue/migrating.js';
import { parsing } from '../../../src/diagnostics/catalogue/parsing.js';
import { placement } from '../../../src/diagnostics/catalogue/placement.js';
import { project } from '../../../src/diagnostics/catalogue/project.js';
import { resolution } from '../../../src/diagnostics/catalogue/resolution.js';
import { topology } from '../../../src/diagnostics/catalogue/topology.js';
import { verification } from '../../../src/diagnostics/catalogue/verification.js';
import type { CatalogueEntry } from '../../../src/diagnostics/entry.js';
import { citationsIn, citationText } from '../../../src/laws/citation.js';
import { findLaws } from '../../../src/laws/find-laws.js';

const parts: ReadonlyArray<readonly [title: string, entries: Readonly<Record<string, CatalogueEntry>>]> = [
  ['The project, its files and the command line', project],
  ['Reading documents', parsing],
  ['What documents say', language],
  ['Names in intents', resolution],
  ['Enrolment and waypoints', topology],
  ['Where a rule can be enforced', placement],
  ['Output', emission],
  ['Verification, and what policies do that nobody meant', verification],
  ['What means something else than before', changes],
  ['A mesh that was there before its intents', adopting],
  ['Moving to another data plane', migrating],
];

/** Every code with its severity, the title of its page, and the laws that the page builds on. */
export function diagnosticsIndex(): string {
  const tables = parts.map(([title, entries]) => [
    `## ${title}`,
    ['| Code | Severity | What | Laws |', '| --- | --- | --- | --- |', ...Object.values(entries).map(row)].join('\n'),
  ]);
  return `${[...introduction, ...tables.flat()].join('\n\n')}\n`;
}

const introduction = [
  '# Diagnostics',
  'Everything that Ambit can say, in the order of its codes. `ambit explain AMB3007` prints a page in the terminal. An error ' +
    'stops the run, a warning does not unless `--deny-warnings` is given, and a remark is for reading.',
];

const severities: Readonly<Record<CatalogueEntry['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  info: 'remark',
};

function row({ code, severity }: CatalogueEntry): string {
  const page = readFileSync(new URL(`../../../docs/diagnostics/${code}.md`, import.meta.url), 'utf8');
  const title = /^# AMB\d{4}: (.*)$/m.exec(page)?.[1] ?? '';
  return `| [${code}](${code}.md) | ${severities[severity]} | ${title.replaceAll('|', '\\|')} | ${lawsOf(page)} |`;
}

function lawsOf(page: string): string {
  const laws = citationsIn(page)
    .flatMap(findLaws)
    .map(({ document, law: { id } }) => (id.startsWith('§') ? citationText({ document, id }) : id));
  return [...new Set(laws)].join(', ');
}
