import { join } from 'node:path';
import { type Citation, citationsIn, citationText, type DocumentName } from '../../laws/citation.js';
import { documents } from '../../laws/documents.js';
import { type FiledLaw, filedLaws, findLaws } from '../../laws/find-laws.js';
import { lawContentsPage, lawPage } from '../../report/law-page.js';
import { suggest } from '../../util/suggest.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { showPage } from './page.js';
import { pagesDirectory, type Session } from './session.js';
import { reportUnknownSubject } from './unknown-subject.js';

/** Prints the laws that are cited, each with the diagnostics whose pages build on it. */
export function runExplainLaw(session: Session, citations: readonly Citation[]): ExitCode {
  const unknown = citations.find((citation) => findLaws(citation).length === 0);
  if (unknown !== undefined) return reportUnknownSubject(session, citationText(unknown), nearLaws(unknown));
  const laws = new Set(citations.flatMap(findLaws));
  const users = usersOfLaws(session.host);
  showPage(session, [...laws].map((filed) => lawPage(filed, users.get(filed) ?? [])).join('\n'));
  return exitCodes.success;
}

/** Prints what a document of laws holds. */
export function runExplainDocument(session: Session, name: DocumentName): ExitCode {
  showPage(
    session,
    documents
      .filter((document) => document.name === name)
      .map(lawContentsPage)
      .join('\n'),
  );
  return exitCodes.success;
}

/** The law of that id in another document, or those whose names look like it. */
function nearLaws({ document, id }: Citation): string[] {
  const elsewhere = findLaws({ id }).map(nameOf);
  if (elsewhere.length > 0) return elsewhere;
  const names = filedLaws.map((filed) => (document === undefined ? filed.law.id : nameOf(filed)));
  return suggest(citationText({ ...(document && { document }), id }), names);
}

function nameOf({ document, law: { id } }: FiledLaw): string {
  return citationText({ document, id });
}

/** The codes whose pages cite a law by its own name; a chapter that is cited as a whole is nobody's in particular. */
function usersOfLaws({ files, packageDirectory }: Host): Map<FiledLaw, string[]> {
  const directory = join(packageDirectory, pagesDirectory);
  const users = new Map<FiledLaw, string[]>();
  for (const { name } of files.list(directory).filter(({ name }) => name.startsWith('AMB'))) {
    const page = new TextDecoder().decode(files.read(join(directory, name)));
    for (const filed of new Set(citationsIn(page).flatMap(findLaws))) {
      users.set(filed, [...(users.get(filed) ?? []), name.replace('.md', '')]);
    }
  }
  return users;
}
