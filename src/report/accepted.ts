import type { Accepted } from '../acceptances/settle.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import { type Acceptance, termOf } from '../parse/acceptance.js';
import { groupBy, sortBy } from '../util/order.js';
import { printable } from './display-width.js';
import { type Page, wrap } from './layout.js';
import { placeOf } from './trace/trace-report.js';

/** What a listing of acceptances is made from: all that is written, and what a run found of it. */
export interface AcceptanceReport {
  readonly acceptances: readonly Acceptance[];
  readonly accepted: readonly Accepted[];
  /** What the run said: which acceptances have ended, are faulty or unused. */
  readonly diagnostics: readonly Diagnostic[];
  readonly displayPath: (path: string) => string;
  readonly page: Page;
}

const shownFindings = 10;

/** Every acceptance for a person: what, until when, why, where it is written, and what it covers at present. */
export function acceptancesToText(report: AcceptanceReport): string {
  if (report.acceptances.length === 0) return 'nothing is accepted\n';
  const blocks = [...groupBy(inFileOrder(report.acceptances), entryOf).values()].map((entry) => block(entry, report));
  return `${[...blocks, summary(report)].join('\n\n')}\n`;
}

function inFileOrder(acceptances: readonly Acceptance[]): readonly Acceptance[] {
  return sortBy(
    acceptances,
    ({ span }) => span.file.path,
    ({ span }) => span.start,
  );
}

/** A baseline is one decision, however many findings it lists. */
function entryOf(acceptance: Acceptance): unknown {
  return acceptance.writtenIn === 'baseline' ? acceptance.span.file.path : acceptance;
}

function block(entry: readonly Acceptance[], report: AcceptanceReport): string {
  const [first] = entry;
  const { page } = report;
  if (first === undefined) return '';
  const owner = first.owner === undefined ? '' : ` (${first.owner})`;
  return [
    ...lines(`${titleOf(first, entry.length)}, ${termOf(first)}`, '', page).map((line) => page.pen.bold(line)),
    ...lines(`${first.reason}${owner}`, '  ', page),
    `  ${placesOf[first.writtenIn]}, ${placeOf(first.span, report.displayPath)}`,
    ...stateLines(entry, report),
  ].join('\n');
}

function titleOf({ what, where, writtenIn }: Acceptance, count: number): string {
  if (writtenIn === 'baseline') return `${count} ${count === 1 ? 'finding' : 'findings'} of a baseline`;
  if (where.kind !== 'objects') return what;
  if (where.object !== undefined) return `${what} in ${where.object}`;
  return where.namespace === undefined ? `${what} everywhere` : `${what} in namespace ${where.namespace}`;
}

const placesOf: Readonly<Record<Acceptance['writtenIn'], string>> = {
  intent: 'in an intent',
  comment: 'in a comment',
  project: 'in the project file',
  baseline: 'in a baseline',
};

function stateLines(entry: readonly Acceptance[], report: AcceptanceReport): readonly string[] {
  const covered = report.accepted.filter(({ acceptance }) => entry.includes(acceptance));
  if (covered.length === 0) return [`  ${stateOf(entry, report)}`];
  const rest = covered.length - shownFindings;
  return [
    `  covers ${covered.length} now`,
    ...covered.slice(0, shownFindings).flatMap((each) => findingLines(each, report)),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
  ];
}

/** Why it covers nothing. */
function stateOf(entry: readonly Acceptance[], { diagnostics }: AcceptanceReport): string {
  const isAbout = ({ span }: Diagnostic) => span !== null && entry.some((each) => isPartOf(span, each));
  const said = diagnostics.filter(isAbout).map(({ name }) => name);
  if (said.includes('acceptance-expired')) return 'has ended, and covers nothing';
  if (said.includes('acceptance-unused') || said.includes('baseline-outdated'))
    return 'covers nothing: it does not occur';
  const isFaulty = said.some((name) => ['unknown-code', 'not-acceptable', 'malformed-date', 'no-day'].includes(name));
  return isFaulty ? 'is faulty, and covers nothing' : 'is not asked about here: nothing looked for it';
}

/** Whether a place is that of an acceptance: its subject, or its last day. */
function isPartOf(span: Span, { span: subject, until }: Acceptance): boolean {
  return [subject, ...(until === undefined ? [] : [until.span])].some(
    ({ file, start }) => file.path === span.file.path && start === span.start,
  );
}

function findingLines(
  { diagnostic, acceptance }: Accepted,
  { displayPath, page }: AcceptanceReport,
): readonly string[] {
  const { code, message, span } = diagnostic;
  const isGap = diagnostic.name === 'accepted';
  const place = span === null || isGap ? '' : `${placeOf(span, displayPath)}: `;
  const subject = code === acceptance.what || isGap ? '' : `${code} `;
  return lines(`${subject}${place}${isGap ? message.replace(/^accepted .*?: /, '') : message}`, '    ', page);
}

function lines(text: string, indent: string, { columns }: Page): readonly string[] {
  return wrap(printable(text), columns - indent.length).map((line) => `${indent}${line}`);
}

function summary({ acceptances, accepted }: AcceptanceReport): string {
  const covered = `${accepted.length} ${accepted.length === 1 ? 'finding or gap' : 'findings and gaps'}`;
  return `${acceptances.length} ${acceptances.length === 1 ? 'acceptance' : 'acceptances'}, covering ${covered} now`;
}
