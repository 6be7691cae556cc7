import type { SourceIntent } from '../../trace/source-intents.js';
import type { Copy, Trace } from '../../trace/trace.js';
import { printable } from '../display-width.js';
import { type Page, wrap } from '../layout.js';
import { brokenPhrase, planePhrase } from '../topology/phrases.js';
import { hopLines, pointNames } from './hop-lines.js';
import { fact, marks, paints, railLine, ruled, step } from './layout.js';
import { placeOf, type TraceReport } from './trace-report.js';

/** A trace for a person: the verdict, the way hop by hop, and the lines that decided. */
export function traceToText(report: TraceReport, page: Page): string {
  const lines = [
    ...headline(report, page),
    '',
    ...way(report, page),
    '',
    ...decidedBy(report, page),
    ...settings(report, page),
    ...remarks(report, page),
  ];
  return `${lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`;
}

const titles = { allowed: 'ALLOWED', denied: 'DENIED', 'not-modelled': 'UNDECIDED' } as const;

function headline({ trace }: TraceReport, { columns, pen }: Page): readonly string[] {
  const { verdict, from, to, what, seen, because, hops } = trace;
  const stop = hops.find(({ outcome }) => outcome === 'denied');
  const where = stop === undefined ? '' : `, at the ${pointNames[stop.kind]} ${stop.name}`;
  const paint = paints(pen)[verdict.kind];
  const title = `${paint.bold(`${marks[verdict.kind]} ${titles[verdict.kind]}`)}`;
  const request = wrap(printable(`${what}  ${from} → ${to}`), columns - 16);
  const answer = verdict.kind === 'not-modelled' ? undecided(trace) : `${seen}${where}: ${because}`;
  return [
    ...request.map((line, index) => (index === 0 ? `${title}  ${pen.bold(line)}` : `   ${pen.bold(line)}`)),
    ...wrap(printable(answer), columns - 2).map((line) => `  ${line}`),
  ];
}

/** What would decide it: a fact that whoever asks can give, or one that the model lacks. */
function undecided({ needsAddress, because }: Trace): string {
  return needsAddress ? `needs the caller's address: --from-ip (${because})` : `not modelled: ${because}`;
}

function way({ trace, displayPath }: TraceReport, page: Page): readonly string[] {
  const { caller, hops, missingWaypoint } = trace;
  return [
    ...step(marks.source, printable(trace.from), planeOf(trace), page),
    ...ruled(caller.principal ?? 'no certificate', page),
    ...ruled(caller.because ?? '', page),
    railLine(page),
    ...(missingWaypoint !== undefined
      ? [...ruled(`past waypoint ${brokenPhrase(missingWaypoint)}`, page, page.pen.yellow), railLine(page)]
      : []),
    ...hops.flatMap((hop, index) => hopLines(hop, index === hops.length - 1, displayPath, page)),
  ];
}

function planeOf({ caller: { plane } }: Trace): string {
  return plane === 'outside' ? 'outside the mesh' : planePhrase(plane);
}

/** The manifest lines that decided, each with the intents behind it. */
function decidedBy({ trace, sourceIntentsOf, displayPath }: TraceReport, page: Page): readonly string[] {
  return trace.responsible.flatMap((responsible) => {
    const { kind, namespace, name, span } = responsible;
    return [
      ...fact('decided by', `${kind} ${namespace}/${name}`, page, page.pen.bold),
      ...fact('', placeOf(span, displayPath), page),
      ...intentLines(sourceIntentsOf(responsible), displayPath, page),
    ];
  });
}

function intentLines(
  sourceIntents: readonly SourceIntent[],
  displayPath: TraceReport['displayPath'],
  page: Page,
): readonly string[] {
  const rest = sourceIntents.length - shownSourceIntents;
  const lines = sourceIntents.slice(0, shownSourceIntents).flatMap(({ id, reason, place }, index) => {
    const at = place === undefined ? '' : `  ${displayPath(place.file)}:${place.line}`;
    const why = reason === undefined ? [] : fact('', `“${reason}”`, page);
    return [...fact(index === 0 ? 'intent' : '', `${id}${at}`, page), ...why];
  });
  return rest > 0 ? [...lines, ...fact('', `and ${rest} more`, page)] : lines;
}

const shownSourceIntents = 4;

/** What holds for the request once it is let through, each with the line that says it. */
function settings({ trace, displayPath }: TraceReport, page: Page): readonly string[] {
  return trace.settings.flatMap(({ name, value, span }) =>
    fact(name, span === undefined ? value : `${value}  ${placeOf(span, displayPath)}`, page),
  );
}

const states = {
  'after-apply': 'the mesh as it will be once the compiled output is applied',
  refused: 'the mesh as it would be if the compiled output, which is refused, were applied',
  'as-written': 'the mesh as it will be once what the output directory holds is applied',
  'as-is': 'the mesh as its manifests are, without any intent',
} as const;

const fates = { allowed: 'let in', denied: 'refused', 'not-modelled': 'undecided' } as const;

function copyLine({ percent, to, verdict, because }: Copy): string {
  return `${percent}% to ${to}, ${fates[verdict]}: ${because}`;
}

function remarks(report: TraceReport, page: Page): readonly string[] {
  const { trace, mesh, faults, others, pods, assumedHost } = report;
  return [
    ...fact('evaluated', states[mesh], page),
    ...faults.flatMap((fault) => fact('under fault', fault, page)),
    ...(assumedHost === undefined || trace.hops.every(({ reads }) => reads !== 'requests')
      ? []
      : fact('assumed', `the request names host \`${assumedHost}\` (--host says otherwise)`, page)),
    ...trace.drawn.flatMap(({ percent, to }, index) => fact(index === 0 ? 'drawn' : '', `${percent}% ${to}`, page)),
    ...(trace.drawn.some(({ isExternal }) => isExternal)
      ? fact('', 'to start with: a rollout controller changes these shares', page)
      : []),
    ...trace.copies.flatMap((copy, index) => fact(index === 0 ? 'copied' : '', copyLine(copy), page)),
    ...(pods > 1 && others.length === 0
      ? fact('pods', `all ${pods} behind these names get the same answer`, page)
      : []),
    ...others.flatMap(({ from, pod, verdict, seen }, index) =>
      fact(
        index === 0 ? 'but' : '',
        `${marks[verdict]} ${from} → ${pod}: ${verdict}, ${seen}`,
        page,
        paints(page.pen)[verdict],
      ),
    ),
  ];
}
