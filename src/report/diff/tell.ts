import type { CallersInWords, Cause, Change, ObjectChange, Side, Undecided, Witness } from '../../changes/change.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import type { Request } from '../../mesh/request.js';
import { describeRequest, describeToken, usualHost } from '../../mesh/request.js';
import { traceCommand } from '../../trace/trace-command.js';
import { lineOf } from '../trace/line-of.js';
import { counted, shortList } from '../words.js';
import {
  type ComparedSide,
  type DiffReport,
  type ShownPlace,
  sideOf,
  type ToldAnswer,
  type ToldCause,
  type ToldChange,
} from './diff-report.js';
import { lawsBetween } from './laws.js';

/** Every change in words, in order. */
export function toldChanges(report: DiffReport): readonly ToldChange[] {
  const isOneOfMany = new Set(report.changes.changes.map(({ cluster }) => cluster)).size > 1;
  return report.changes.changes.map((change) => {
    const causes = change.causes.map((cause) => toldCause(report, cause));
    const witness = change.witness && toldWitness(report, change.witness, isOneOfMany ? change.cluster : undefined);
    return { change, causes, witness, laws: lawsBetween(change), diagnostic: diagnosticOf(change, causes, witness) };
  });
}

function diagnosticOf(change: Change, causes: readonly ToldCause[], witness: ToldChange['witness']): Diagnostic {
  const parameters = {
    place: change.place.name,
    who: change.callers === undefined ? '' : callersInWords(change.callers),
    requests: change.requests ?? '',
    authorizer: change.is ?? '',
    was: change.was ?? '',
    is: change.is ?? '',
  };
  const [first, ...rest] = causes;
  const notes = [...causes.slice(0, 1), ...rest].map(({ text, span }) => ({ message: text, ...(span && { span }) }));
  const otherNotes = [...refusalInWords({ change, witness }), ...othersInWords(change)];
  return diagnostic(change.kind, parameters, first?.span ?? null, {
    notes: [...notes, ...otherNotes.map((message) => ({ message }))],
    ...(witness && { witness: `${witness.request}: ${witness.before.verdict} before, ${witness.after.verdict} after` }),
  });
}

const shownCallers = 3;
const shownOthers = 5;

export function callersInWords({ names, isEveryone, isOfMany }: CallersInWords): string {
  if (isEveryone) return 'anyone';
  const listed = shortList(names, shownCallers);
  return isOfMany ? `${listed} and whoever no policy tells from them` : listed;
}

/** To how many more the same happens. */
export function othersInWords({ others }: Change): readonly string[] {
  if (others.length === 0) return [];
  const names = shortList(
    others.map(({ name }) => name),
    shownOthers,
  );
  return [`the same happens to ${counted(others.length, 'more place')}: ${names}`];
}

/** A route changes for whoever is let through: where the request that is shown is not, in either state, that is said. */
export function refusalInWords({ change, witness }: Pick<ToldChange, 'change' | 'witness'>): readonly string[] {
  const answers = witness === undefined ? [] : [witness.before, witness.after];
  const isRefused = answers.length > 0 && answers.every(({ verdict }) => verdict === 'denied');
  if (change.kind !== 'routed-anew' || !isRefused) return [];
  return ['this request is refused before and after: the change matters to others like it, if any are let through'];
}

/** An object that differs as text, with its cluster where some of several clusters differ. */
export function toldObject(report: DiffReport, { cluster, cause }: ObjectChange): ToldCause {
  const told = toldCause(report, cause);
  const isOneOfMany = report.changes.texts.objects.some((other) => other.cluster !== cluster);
  return isOneOfMany ? { ...told, text: `${told.text}, in cluster ${cluster}` } : told;
}

/** By the intent where one asked for it, else by the line of the object. */
export function toldCause(report: DiffReport, { side, change, what, span, intents }: Cause): ToldCause {
  const from = sideOf(report, side);
  const [intent] = intents.filter(({ place }) => place !== undefined);
  const text = `${change}: ${what}${intent === undefined ? '' : `, for ${intent.id}`}`;
  if (intent?.place === undefined) return { text, side, span, place: shownSpan(from, span) };
  return { text, side, span: from.lineAt(intent.place) ?? span, place: shownPlace(from, intent.place) };
}

function shownPlace({ displayPath }: ComparedSide, { file, line }: ShownPlace): ShownPlace {
  return { file: displayPath(file), line };
}

function shownSpan(side: ComparedSide, span: Span | null): ShownPlace | undefined {
  return span === null ? undefined : shownPlace(side, { file: span.file.path, line: lineOf(span) });
}

function toldWitness(
  sides: Pick<DiffReport, Side>,
  witness: Witness,
  cluster: string | undefined,
): ToldChange['witness'] {
  const answer = (side: Side): ToldAnswer => {
    const { request, trace, workload } = witness[side];
    const verdict = trace.verdict.kind === 'not-modelled' ? 'undecided' : trace.verdict.kind;
    const { inputs } = sideOf(sides, side);
    const command = inputs && traceCommand(request, { inputs, cluster, workload });
    return { verdict, because: trace.because, command };
  };
  return { request: requestInWords(witness.after.request), before: answer('before'), after: answer('after') };
}

function requestInWords(request: Request): string {
  const { source, destination, payload } = request;
  const address = source.ip === undefined ? [] : [`address ${source.ip}`];
  const isOfHost = destination.kind === 'gateway' && destination.onward === undefined && payload.kind === 'http';
  const host = isOfHost && payload.host !== usualHost(destination) ? [`host ${payload.host}`] : [];
  const headers =
    payload.kind === 'tcp' ? [] : Object.entries(payload.headers).map(([name, value]) => `header ${name}: ${value}`);
  const token = payload.kind === 'tcp' || payload.token === undefined ? [] : [describeToken(payload.token)];
  const details = [...address, ...host, ...headers, ...token];
  return `${describeRequest(request)}${details.length === 0 ? '' : `, with ${details.join(', ')}`}`;
}

/** In how many places something is not known; nothing where it is about no place. */
export function whereOf(places: Undecided['places']): string {
  return places.length === 0 ? '' : ` (${counted(places.length, 'place')})`;
}

export function answerInWords({ verdict, because }: ToldAnswer): string {
  return because === '' ? verdict : `${verdict} (${because})`;
}
