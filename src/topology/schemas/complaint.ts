import type { Path } from '../../parse/document.js';

/** What the API server or Istio's webhook has against an object, and where (§1.7). */
export interface Complaint {
  readonly place: Path;
  readonly why: string;
  /** What is wrong is the field itself, and not what is in it. */
  readonly isUnknownField?: boolean;
  readonly help?: string;
}

export function complaintWhen(refused: boolean, place: Path, why: string): readonly Complaint[] {
  return refused ? [{ place, why }] : [];
}
