import type { MeshSettings } from '../parse/mesh.js';

/** Why something stays as it is, and what would change that, where anything does. */
export interface Reason {
  readonly because: string;
  readonly help?: string;
}

/** What the Mesh document ought to say, for whoever has one and for whoever has none. */
export function sayInMesh({ document }: MeshSettings, what: string): string {
  return document === undefined
    ? `write a Mesh document, as \`ambit init\` does, with ${what}`
    : `put ${what} into the Mesh document`;
}
