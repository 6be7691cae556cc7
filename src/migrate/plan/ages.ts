import type { Span } from '../../diagnostics/diagnostic.js';
import type { OutputFile } from '../../emit/output-files.js';
import { oncePerObject } from '../../util/once.js';
import { subjectOf } from './commands.js';

/**
 * Of objects that route, the older one counts in many places: what was there before the way began is older than what came on it.
 * Kinds of which all count alike have no age.
 */
export function withAges(applied: readonly OutputFile[], before: readonly OutputFile[]): readonly OutputFile[] {
  const old = new Set(before.map(({ path }) => path));
  return applied.map((file) => (old.has(file.path) ? asOld(file) : asNew(file)));
}

/** Where something stands in a file as it is applied, without the line of its age. */
export function asWritten(span: Span): Span {
  const { path, text } = span.file;
  const found = age.exec(text);
  if (found === null) return span;
  const placeOf = (offset: number) => (offset > found.index ? offset - found[0].length : offset);
  return { file: { path, text: text.replace(age, '') }, start: placeOf(span.start), end: placeOf(span.end) };
}

const asOld = oncePerObject((file: OutputFile) => createdAt('2000-01-01T00:00:00Z', file));
const asNew = oncePerObject((file: OutputFile) => createdAt('2001-01-01T00:00:00Z', file));

function createdAt(day: string, file: OutputFile): OutputFile {
  const { path, text } = file;
  if (ageless.has(subjectOf(path).kind)) return file;
  return { path, text: text.replace(/^metadata:$/m, `metadata:\n  creationTimestamp: "${day}"`) };
}

/** The line that a file is given, and no file of Ambit's has by itself. */
const age = /\n {2}creationTimestamp: "200[01]-01-01T00:00:00Z"$/m;

/** Kinds of which the model asks no age. */
const ageless: ReadonlySet<string> = new Set([
  'authorizationpolicy',
  'requestauthentication',
  'networkpolicy',
  'configmap',
  'service',
]);
