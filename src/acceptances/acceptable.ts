import { catalogue, type DiagnosticName } from '../diagnostics/catalogue.js';
import type { Severity } from '../diagnostics/entry.js';

/** What is said of acceptances themselves, and of a run that left out the proof: nobody can accept these away. */
const never: ReadonlySet<string> = new Set<DiagnosticName>([
  'accepted',
  'acceptance-unused',
  'baseline-outdated',
  'not-verified',
]);

/** Warnings and remarks can be accepted. An error says that the input is wrong or that a promise does not hold. */
export function isAcceptable({ name, severity }: { readonly name: string; readonly severity: Severity }): boolean {
  return severity !== 'error' && !never.has(name);
}

const entries = Object.entries(catalogue).map(([name, { code, severity }]) => ({ name, code, severity }));

/** Every code, and whether it can be accepted. */
export const acceptableCodes: ReadonlyMap<string, boolean> = new Map(
  entries.map((entry) => [entry.code, isAcceptable(entry)] as const),
);
