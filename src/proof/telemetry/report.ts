import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Member, Note } from '../../diagnostics/diagnostic.js';
import { ofMembers } from '../../diagnostics/members.js';
import type { TelemetryObject } from '../../mesh/telemetry/telemetry-object.js';
import { spanIn } from '../../parse/document.js';
import { groupBy, sortedUnique } from '../../util/order.js';
import { manifestLine } from '../manifest-line.js';
import type { Surroundings } from '../report.js';
import type { DeviatingRecords, OpenRecords, TelemetryProof } from './prove-telemetry.js';
import type { Recorder } from './recorders.js';

/** What a person is told of it: nothing, if every proxy records what the intents say. */
export function telemetryDiagnostics({ deviating, open }: TelemetryProof, surroundings: Surroundings): Diagnostic[] {
  const alike = groupBy(deviating, (each) => [settingsOf(each.recorder).id, saidOf(each)].join('\n'));
  const facts = groupBy(open, ({ fact }) => fact);
  return [
    ...[...alike.values()].map((group) => deviatingDiagnostic(group, surroundings)),
    ...[...facts.values()].map(openDiagnostic),
  ].flat();
}

function settingsOf({ settings }: Recorder) {
  const nearest = settings.at(-1);
  return { id: nearest?.origin.id ?? '', span: nearest?.origin.span ?? null };
}

function saidOf({ deviations }: DeviatingRecords): string {
  const said = deviations.map(({ field, meant, found }) => `\`${field}\` is ${found}, not ${meant}`);
  return sortedUnique(said).join('; ');
}

function deviatingDiagnostic(group: readonly DeviatingRecords[], { isEmitted }: Surroundings): Diagnostic[] {
  const [first] = group;
  if (first === undefined) return [];
  const { recorder, layers } = first;
  const sections = new Set(first.deviations.map(({ section }) => section));
  const decisive = layers.findLast((layer) => [...sections].some((section) => layer[section].length > 0));
  const { id: settings, span } = settingsOf(recorder);
  const notes = decisive === undefined ? [] : [noteOn(decisive, isEmitted)];
  const found = diagnostic('telemetry-otherwise', { subjects: '', settings, said: saidOf(first) }, span, { notes });
  return [ofMembers(found, 'subjects', subjectsOf(group))];
}

function noteOn({ object }: TelemetryObject, isEmitted: Surroundings['isEmitted']): Note {
  if (isEmitted(object)) return { message: `what decides last: ${manifestLine(object, ['spec'])}` };
  return { message: 'what decides last', span: spanIn(object, ['metadata', 'name']) };
}

function openDiagnostic(group: readonly OpenRecords[]): Diagnostic[] {
  const [first] = group;
  if (first === undefined) return [];
  const { id: settings, span } = settingsOf(first.recorder);
  const found = diagnostic('telemetry-not-proved', { subjects: '', settings, fact: first.fact }, span);
  return [ofMembers(found, 'subjects', subjectsOf(group))];
}

function subjectsOf(group: ReadonlyArray<{ readonly recorder: Recorder }>): readonly Member[] {
  const names = group.map(({ recorder: { point, subject } }) => `the ${point.kind} of \`${subject}\``);
  return sortedUnique(names).map((name) => ({ name }));
}
