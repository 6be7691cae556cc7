import type { Citation, DocumentName } from './citation.js';
import { documents } from './documents.js';
import type { Law, Source } from './law.js';

/** A law and where it stands. */
export interface FiledLaw {
  readonly document: DocumentName;
  readonly law: Law;
}

export const filedLaws: readonly FiledLaw[] = documents.flatMap(({ name, chapters }) =>
  chapters.flatMap(({ laws }) => laws.map((law) => ({ document: name, law }))),
);

/**
 * The laws that a citation means: the one of that id, those of a chapter that is cited as a whole (`§2`), or those that rest on
 * an issue (`istio#51445`). Without a document all are looked through.
 */
export function findLaws({ document, id }: Citation): FiledLaw[] {
  const inDocument = filedLaws.filter((filed) => document === undefined || filed.document === document);
  const exact = inDocument.filter(({ law }) => law.id === id || law.sources.some((source) => issueName(source) === id));
  return exact.length > 0 ? exact : inDocument.filter(({ law }) => law.id.startsWith(`${id}.`));
}

/** `istio#51445`, `istio.io#16586`; `undefined` for a file. */
export function issueName(source: Source): string | undefined {
  return 'issue' in source ? `${source.repository.replace(/^istio\//, '')}#${source.issue}` : undefined;
}
