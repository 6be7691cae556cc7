import { placeOf } from '../../acceptances/place.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { kinds } from '../../parse/kinds.js';
import type { Topology } from '../../topology/model.js';
import { isSelected, isWhole, type Selection, selectable } from '../../topology/selection.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import { report, type Session } from './session.js';

export interface NarrowOptions {
  /** `-n`, in the order given; none means all. */
  readonly namespace: readonly string[];
}

interface Narrowed {
  readonly here: readonly Diagnostic[];
  readonly elsewhere: readonly Diagnostic[];
}

/** What was found, divided into what is about the selection and what is not. What is about an intent, or no object, is told. */
export function narrow(found: readonly Diagnostic[], selection: Selection): Narrowed {
  if (isWhole(selection)) return { here: found, elsewhere: [] };
  const isHere = (item: Diagnostic): boolean => {
    const { object, namespace = 'default' } = placeOf(item);
    const [kind = ''] = object?.split('/') ?? [];
    if (object === undefined || kinds.some((own) => own === kind)) return true;
    return isSelected(selection, namespace, object.slice(object.lastIndexOf('/') + 1));
  };
  return { here: found.filter(isHere), elsewhere: found.filter((item) => !isHere(item)) };
}

/** Names that nothing has are mistakes: silence would say that nothing is wrong there. */
export function unknownNames(topology: Topology, { namespaces, names }: Selection): readonly Diagnostic[] {
  const known = selectable(topology);
  return [
    ...unknownAmong(namespaces, known.namespaces, (name) => `there is no namespace \`${name}\` among the manifests`),
    ...unknownAmong(names, known.names, (name) => `nothing among the manifests is called \`${name}\``),
  ];
}

function unknownAmong(
  written: readonly string[],
  known: readonly string[],
  problemOf: (name: string) => string,
): readonly Diagnostic[] {
  const wrong = written.filter((name) => !known.includes(name));
  return wrong.map((name) => diagnostic('usage', { problem: problemOf(name) }, null, didYouMean(suggest(name, known))));
}

export function refuseNames(session: Session, wrong: readonly Diagnostic[]): ExitCode {
  report(session, wrong, session.host.workingDirectory);
  return exitCodes.invalid;
}
