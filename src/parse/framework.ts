import type { Located } from '../diagnostics/diagnostic.js';
import type { Cursor } from './cursor.js';

/** The questions that are evidence for a control; the schema says what each asks. */
export type EvidenceQuery =
  | 'EveryCallEncrypted'
  | 'EveryCallAuthenticated'
  | 'DefaultDeny'
  | 'CallsListed'
  | 'EntriesListed'
  | 'CallsOutListed'
  | 'CallsOutClosed'
  | 'CallsOutEncrypted'
  | 'IntentsProved'
  | 'GuardrailsHold'
  | 'RulesTested'
  | 'RulesOwned'
  | 'GapsListed';

/** What somebody is audited by: controls, each with what is evidence for it. */
export interface Framework {
  readonly name: string;
  readonly title: string;
  readonly controls: readonly Control[];
}

export interface Control {
  readonly id: Located<string>;
  readonly says: string;
  /** None where Ambit knows nothing of it. */
  readonly evidence: readonly Evidence[];
}

export interface Evidence {
  readonly query: EvidenceQuery;
  /** Of whose workloads it is asked; all where there is none. */
  readonly namespaces: readonly string[];
}

export function readFramework(document: Cursor): Framework {
  const spec = document.field('spec');
  return {
    name: document.field('metadata').field('name').text().value,
    title: spec.field('title').text().value,
    controls: spec
      .field('controls')
      .items()
      .map((control) => ({
        id: control.field('id').text(),
        says: control.field('says').text().value,
        evidence: control.optional('evidence', (list) => list.items().map(readEvidence)) ?? [],
      })),
  };
}

function readEvidence(item: Cursor): Evidence {
  return {
    query: item.field('query').text().value as EvidenceQuery,
    namespaces: item.optional('namespaces', (list) => list.items().map((name) => name.text().value)) ?? [],
  };
}
