import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import type { IstioVersion } from '../../parse/mesh.js';
import type { Labels } from '../../topology/model.js';
import type { Complaint } from '../../topology/schemas/complaint.js';
import { asArray } from '../json.js';

/** What the API server or Istio's webhook has against an object of routing, where, and the law that says so. */
export interface Refusal extends Complaint {
  readonly law: string;
}

/** An object as it is judged: by what it says, and by where it lives. */
export interface Judged {
  readonly apiVersion: string;
  readonly spec: JsonObject;
  readonly namespace: string;
  readonly labels: Labels;
  readonly version: IstioVersion;
}

/** Judges a part of an object that stands at a place. */
export type Check<T extends JsonValue = JsonValue> = (value: T, place: Path) => readonly Complaint[];

export function by(law: string, ...complaints: ReadonlyArray<readonly Complaint[]>): readonly Refusal[] {
  return complaints.flat().map((complaint) => ({ ...complaint, law }));
}

/** Each item of a list, at its place. */
export function each<T>(
  list: JsonValue | undefined,
  place: Path,
  check: (item: JsonValue, place: Path) => readonly T[],
): readonly T[] {
  return asArray(list).flatMap((item, index) => check(item, [...place, index]));
}

/** What is written: a field that is null counts as absent. */
export function isWritten(value: JsonValue | undefined): boolean {
  return (value ?? null) !== null;
}

/** The names of some fields that are written. */
export function writtenOf(fields: JsonObject, names: readonly string[]): readonly string[] {
  return names.filter((name) => isWritten(fields[name]));
}
