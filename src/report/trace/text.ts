import type { ChalkInstance } from 'chalk';
import type { Asker } from '../../trace/askers.js';
import type { Trace } from '../../trace/trace.js';
import { printable } from '../display-width.js';
import { width, wrap } from '../topology/layout.js';
import { brokenPhrase, planePhrase } from '../topology/phrases.js';
import { hopLines, pointNames } from './hop-lines.js';
import { fact, marks, paints, railLine, ruled, twoSides } from './layout.js';
import { placeOf, type TraceReport } from './trace-report.js';

/** A trace for a person: the verdict, the way hop by hop, and the lines that decided; 100 columns. */
export function traceToText(report: TraceReport, pen: ChalkInstance): string {
  const lines = [
    ...headline(report, pen),
    '',
    ...way(report, pen),
    '',
    ...decidedBy(report, pen),
    ...remarks(report, pen),
  ];
  return `${lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`;
}

const titles = { allowed: 'ALLOWED', denied: 'DENIED', 'not-modelled': 'NOT MODELLED' } as const;

function headline({ trace }: TraceReport, pen: ChalkInstance): readonly string[] {
  const { verdict, from, to, what, seen, because, hops } = trace;
  const stop = hops.find(({ outcome }) => outcome === 'denied');
  const where = stop === undefined ? '' : `, at the ${pointNames[stop.kind]} ${stop.name}`;
  const paint = paints(pen)[verdict.kind];
  const title = `${paint.bold(`${marks[verdict.kind]} ${titles[verdict.kind]}`)}`;
  const request = wrap(printable(`${what}  ${from} → ${to}`), width - 16);
  const answer = verdict.kind === 'not-modelled' ? because : `${seen}${where}: ${because}`;
  return [
    ...request.map((line, index) => (index === 0 ? `${title}  ${pen.bold(line)}` : `   ${pen.bold(line)}`)),
    ...wrap(printable(answer), width - 2).map((line) => `  ${line}`),
  ];
}

function way({ trace, displayPath }: TraceReport, pen: ChalkInstance): readonly string[] {
  const { caller, hops, missingWaypoint } = trace;
  return [
    twoSides(marks.source, printable(trace.from), planeOf(trace), pen),
    ...ruled(caller.principal ?? 'no certificate', pen),
    ...ruled(caller.because ?? '', pen),
    railLine(pen),
    ...(missingWaypoint !== undefined
      ? [...ruled(`past waypoint ${brokenPhrase(missingWaypoint)}`, pen, pen.yellow), railLine(pen)]
      : []),
    ...hops.flatMap((hop, index) => hopLines(hop, index === hops.length - 1, displayPath, pen)),
  ];
}

function planeOf({ caller: { plane } }: Trace): string {
  return plane === 'outside' ? 'outside the mesh' : planePhrase(plane);
}

/** The manifest lines that decided, each with the intents that asked for it. */
function decidedBy({ trace, askersOf, displayPath }: TraceReport, pen: ChalkInstance): readonly string[] {
  return trace.responsible.flatMap((responsible) => {
    const { kind, namespace, name, span } = responsible;
    return [
      ...fact('decided by', pen.bold(printable(`${kind} ${namespace}/${name}`)), pen),
      ...fact('', placeOf(span, displayPath), pen),
      ...askedBy(askersOf(responsible), displayPath, pen),
    ];
  });
}

function askedBy(
  askers: readonly Asker[],
  displayPath: TraceReport['displayPath'],
  pen: ChalkInstance,
): readonly string[] {
  const rest = askers.length - shownAskers;
  const lines = askers.slice(0, shownAskers).flatMap(({ id, reason, place }, index) => {
    const at = place === undefined ? '' : `  ${printable(`${displayPath(place.file)}:${place.line}`)}`;
    const why = reason === undefined ? [] : fact('', `“${printable(reason)}”`, pen);
    return [...fact(index === 0 ? 'asked by' : '', `${pen.bold(printable(id))}${at}`, pen), ...why];
  });
  return rest > 0 ? [...lines, ...fact('', `and ${rest} more`, pen)] : lines;
}

const shownAskers = 4;

const judgedAs = {
  'after-apply': 'the mesh as it will be once the compiled output is applied',
  refused: 'the mesh as it would be if the compiled output, which is refused, were applied',
  'as-written': 'the mesh as it will be once what the output directory holds is applied',
  'as-is': 'the mesh as its manifests are, without any intent',
} as const;

function remarks(report: TraceReport, pen: ChalkInstance): readonly string[] {
  const { trace, mesh, faults, others, pods, assumedHost } = report;
  return [
    ...fact('judged', judgedAs[mesh], pen),
    ...faults.flatMap((fault) => fact('under fault', fault, pen)),
    ...(assumedHost === undefined || trace.hops.every(({ reads }) => reads !== 'requests')
      ? []
      : fact('assumed', printable(`the request names host \`${assumedHost}\` (--host says otherwise)`), pen)),
    ...(pods > 1 && others.length === 0 ? fact('pods', `all ${pods} behind these names get the same answer`, pen) : []),
    ...others.flatMap(({ from, pod, verdict, seen }, index) =>
      fact(
        index === 0 ? 'but' : '',
        paints(pen)[verdict](printable(`${marks[verdict]} ${from} → ${pod}: ${verdict}, ${seen}`)),
        pen,
      ),
    ),
  ];
}
