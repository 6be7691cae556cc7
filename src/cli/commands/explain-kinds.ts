import { fieldsNear, findInInventory, kindsNear } from '../../inventory/find.js';
import { foundPage, inventoryContentsPage } from '../../report/inventory-page.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import { showPage } from './page.js';
import type { Session } from './session.js';
import { reportUnknownSubject } from './unknown-subject.js';

/** Prints what becomes of a kind or of a field; `undefined` where the question names no kind. */
export function runExplainField(session: Session, question: string): ExitCode | undefined {
  const found = findInInventory(question);
  if (found.length > 0) {
    showPage(session, foundPage(found));
    return exitCodes.success;
  }
  const near = fieldsNear(question);
  return near === undefined ? undefined : reportUnknownSubject(session, question, near);
}

/** Prints which kinds there are, or one of them. */
export function runExplainKinds(session: Session, question: string | undefined): ExitCode {
  if (question === undefined) {
    showPage(session, inventoryContentsPage());
    return exitCodes.success;
  }
  return runExplainField(session, question) ?? reportUnknownSubject(session, question, kindsNear(question));
}
