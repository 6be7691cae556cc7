import type { Accepted } from '../../acceptances/settle.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Aside } from '../aside.js';
import type { Proved } from '../proved.js';

/** All that one run found, and what a program needs in order to show it. */
export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  /** Findings that somebody takes responsibility for. */
  readonly accepted: readonly Accepted[];
  readonly aside: Aside;
  readonly proved?: Proved | undefined;
  /** How a source's path is shown to a reader who stands somewhere else than the project. */
  readonly displayPath: (path: string) => string;
  /** The page of a code, in Markdown. */
  readonly pageOf: (code: string) => string;
  readonly version: string;
}

/** What a finding says besides its message, a line each: the request, the facts, and what to do. */
export function detailLines({ witness, notes, help, code }: Diagnostic): readonly string[] {
  return [
    ...(witness === undefined ? [] : [`witness: ${witness}`]),
    ...notes.map(({ message }) => `note: ${message}`),
    ...(help === undefined ? [] : [`help: ${help}`]),
    `docs: ambit explain ${code}`,
  ];
}
