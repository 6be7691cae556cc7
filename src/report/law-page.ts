import { citationText } from '../laws/citation.js';
import { documents, type LawDocument } from '../laws/documents.js';
import { type FiledLaw, issueName } from '../laws/find-laws.js';
import { type Confirmation, confirmations, type Law, type Source } from '../laws/law.js';

/** One law by itself, as Markdown, with the codes whose pages build on it. */
export function lawPage({ document, law }: FiledLaw, citedBy: readonly string[]): string {
  const users = citedBy.length === 0 ? [] : [`**Diagnostics that build on it:** ${citedBy.join(', ')}`];
  return `${[`# ${citationText({ document, id: law.id })}: ${law.title}`, ...body(law), ...users].join('\n\n')}\n`;
}

/** All laws of a document, as one page of Markdown. */
export function lawDocumentPage({ name, about, chapters }: LawDocument): string {
  const parts = chapters.flatMap(({ title, laws }) => [
    `## ${title}`,
    ...laws.flatMap((law) => [`### ${law.id}: ${law.title}`, ...body(law)]),
  ]);
  return `${[`# ${name}`, `${about}. How to read this: [the laws](README.md).`, ...parts].join('\n\n')}\n`;
}

/** What the documents hold, and what the words in them mean. */
export function lawIndexPage(): string {
  const contents = documents.flatMap((document) => [
    `## ${document.name}`,
    `${document.about}: [all of it](${document.name}.md).`,
    titles(document),
  ]);
  return `${[...indexIntroduction, list(Object.values(confirmations)), ...contents].join('\n\n')}\n`;
}

/** What one document holds. */
export function lawContentsPage(document: LawDocument): string {
  return `${[`# ${document.name}`, `${document.about}.`, titles(document)].join('\n\n')}\n`;
}

function titles({ chapters }: LawDocument): string {
  return list(chapters.flatMap(({ laws }) => laws.map((law) => `**${law.id}** ${law.title}`)));
}

const indexIntroduction = [
  '# The laws',
  'What Ambit knows of Istio, and builds on. Messages and pages cite these laws, as `istio-security §2.3` or `I-02`; a bare `§2.3` ' +
    'is one of istio-security. `ambit explain I-02` prints one in the terminal.',
  'Each says for which versions it is known, where Istio does it, and how it was confirmed, from the strongest ground to the weakest:',
];

function body({ statements: [first, ...rest], versions, sources, confirmed }: Law): string[] {
  return [
    first,
    ...(rest.length === 0 ? [] : [list(rest)]),
    `**Versions:** ${versions}`,
    field('Confirmed', confirmed.map(confirmationText)),
    field('Sources', sources.map(sourceText)),
  ];
}

/** Several values stand below the name of their field. */
function field(name: string, values: readonly string[]): string {
  return values.length === 1 ? `**${name}:** ${values[0]}` : `**${name}:**\n\n${list(values)}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function confirmationText({ how, what }: Confirmation): string {
  return what === undefined ? confirmations[how] : `${confirmations[how]}: ${what}`;
}

function sourceText(source: Source): string {
  const issue = issueName(source);
  if (!('path' in source)) return `[${issue}](https://github.com/${source.repository}/issues/${source.issue})`;
  const symbols = source.symbols.map((symbol) => `\`${symbol}\``).join(', ');
  const address = addressOf(source);
  const name = source.repository === website ? address.replace('https://', '') : `${source.repository} ${source.path}`;
  return `[${name}](${address})${symbols === '' ? '' : `: ${symbols}`}`;
}

/** Its pages are read where they are shown. */
const website = 'istio/istio.io';

/** The branch or tag of each repository that was read. */
const references: Readonly<Record<string, string>> = {
  'istio/istio': 'release-1.31',
  'istio/ztunnel': 'release-1.31',
  'istio/api': 'release-1.31',
  'kubernetes-sigs/gateway-api': 'v1.4.1',
};

function addressOf({ repository, path }: { readonly repository: string; readonly path: string }): string {
  if (repository === website) {
    return `https://istio.io/latest/${path.replace('content/en/', '').replace(/(?:_?index)?\.md$/, '')}`;
  }
  return `https://github.com/${repository}/blob/${references[repository] ?? 'main'}/${path}`;
}
