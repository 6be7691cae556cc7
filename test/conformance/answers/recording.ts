import type { JsonObject } from '../../../src/parse/document.js';
import { groupBy } from '../../../src/util/order.js';
import type { Questions } from '../ask/questions.js';
import type { Standing } from '../cases/standing.js';
import type { JudgeAnswer } from '../contract.js';
import type { Compared } from './compare.js';
import { letterOf, noAnswer } from './letters.js';
import { readDestination, readPayload, readSource, spellDestination, spellPayload, spellSource } from './spelling.js';

/** One cluster of which something was asked, and by what it was judged. */
export interface RecordedCluster {
  readonly name: string;
  readonly istio: JudgeAnswer['istio'];
  readonly envoy: string;
  readonly cluster: string;
  readonly mesh: JsonObject;
  readonly objects: readonly JsonObject[];
}

/** What was asked of one cluster, and what Istio answered. */
export interface Recording extends RecordedCluster {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly payloads: ReadonlyArray<object | string>;
  /** `destination payload,payload letters`: a letter for each source, the same for each of the payloads. */
  readonly rows: readonly string[];
}

export function recordingOf(
  { name, cluster, mesh, objects }: Standing,
  questions: Questions,
  { istio, envoy }: JudgeAnswer,
  compared: readonly Compared[],
): Recording {
  const rows = someOf(answeredRows(questions, compared), questions.sources.length);
  const [destinations, payloads] = [used(rows, 'destination'), used(rows, 'payload')];
  return {
    name,
    istio,
    envoy,
    cluster,
    mesh,
    objects,
    sources: questions.sources.map(spellSource),
    destinations: destinations.flatMap((index) => questions.destinations[index] ?? []).map(spellDestination),
    payloads: payloads.flatMap((index) => questions.payloads[index] ?? []).map(spellPayload),
    rows: [...groupBy(rows, ({ destination, letters }) => `${destination} ${letters}`).values()].map((group) => {
      const [{ destination, letters }] = group as [AnsweredRow];
      const alike = group.map(({ payload }) => payloads.indexOf(payload));
      return `${destinations.indexOf(destination)} ${alike.join()} ${letters}`;
    }),
  };
}

interface AnsweredRow {
  readonly destination: number;
  readonly payload: number;
  readonly letters: string;
}

/** Contradictions are left out: who is right is not settled, or it is a fault of Istio's, and no law. */
function answeredRows({ rows, sources }: Questions, compared: readonly Compared[]): readonly AnsweredRow[] {
  return rows
    .map((row, index) => {
      const answers = compared.slice(index * sources.length, (index + 1) * sources.length);
      const letters = answers.map(({ judge, relation }) => (relation === 'contradiction' ? noAnswer : letterOf(judge)));
      return { ...row, letters: letters.join('') };
    })
    .filter(({ letters }) => letters.replaceAll(noAnswer, '') !== '');
}

const recordedRequests = 240;
const recordedPayloads = 12;

/** Recordings are small, so that there can be many: some rows, as evenly as they come. */
function someOf(rows: readonly AnsweredRow[], width: number): readonly AnsweredRow[] {
  const few = rows.filter(({ payload }) => payload < recordedPayloads);
  const step = Math.max(1, Math.ceil((few.length * width) / recordedRequests));
  return few.filter((_, index) => index % step === 0);
}

function used(rows: readonly AnsweredRow[], part: 'destination' | 'payload'): readonly number[] {
  return [...new Set(rows.map((row) => row[part]))];
}

/** What a recording asks, and the letters of the answers in the order of the requests. */
export function questionsIn(recording: Recording): { readonly questions: Questions; readonly letters: string } {
  const { cluster } = recording;
  const rows = recording.rows.flatMap((row) => {
    const [destination, alike = '', letters = ''] = row.split(' ');
    return alike.split(',').map((payload) => ({ destination: Number(destination), payload: Number(payload), letters }));
  });
  const questions = {
    sources: recording.sources.map((text) => readSource(text, cluster)),
    destinations: recording.destinations.map((text) => readDestination(text, cluster)),
    payloads: recording.payloads.map(readPayload),
    rows,
  };
  return { questions, letters: rows.map(({ letters }) => letters).join('') };
}

/** JSON with one item a line, so that a difference between two recordings can be read. */
export function textOf(recording: Recording): string {
  const fields = Object.entries(recording).map(([key, value]) => `${JSON.stringify(key)}: ${linesOf(value)}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}

function linesOf(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.length === 0 ? '[]' : `[\n${value.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}
