import type { Finding } from '../acceptances/finding.js';
import { printManifest } from '../emit/print-yaml.js';
import type { JsonObject } from '../parse/document.js';

/** What a person decides about a baseline, and writing it again leaves as it is. */
export interface BaselineHead {
  readonly name: string;
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
  readonly owner?: string | undefined;
}

const header = [
  'Findings that were there when this was written: `ambit verify --baseline` reports only others.',
  'Write it again with `ambit verify --write-baseline`; `until`, `reason` and `owner` are yours to add.',
];

/** A baseline as a document, the same bytes for the same findings. */
export function baselineToText({ name, until, reason, owner }: BaselineHead, findings: readonly Finding[]): string {
  const spec = {
    ...(until !== undefined && { until }),
    ...(reason !== undefined && { reason }),
    ...(owner !== undefined && { owner }),
    findings: findings.map(entryOf),
  };
  const object = { apiVersion: 'ambit.dev/v1alpha1', kind: 'Baseline', metadata: { name }, spec };
  return printManifest({ object, header, comments: [] });
}

function entryOf({ diagnostic: { code, message }, cluster, object, field, fingerprint }: Finding): JsonObject {
  const entry = {
    code,
    ...(cluster !== undefined && { cluster }),
    ...(object !== undefined && { object }),
    ...(field !== '' && { field }),
    message,
    fingerprint,
  };
  return Object.fromEntries(Object.entries(entry).map(([key, text]) => [key, printableInYaml(text)]));
}

/** Half of a surrogate pair is no character, and stands in no file. */
function printableInYaml(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
