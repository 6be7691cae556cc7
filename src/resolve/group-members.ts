import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import type { BindContext } from './context.js';
import { nearNames } from './names.js';
import type { Caller } from './resolved.js';

/** The callers of a group, each as a rule means it that names the group. */
export function membersOf(
  { groups, report }: BindContext,
  { reference, span }: { readonly reference: string; readonly span: Span },
): Caller[] {
  const members = groups.get(reference);
  if (members === undefined) report(unknownGroup(reference, span, groups.keys()));
  return (members ?? []).map(({ caller }) => ({ ...caller, label: `${caller.label} of group \`${reference}\``, span }));
}

export function unknownGroup(name: string, span: Span, known: Iterable<string>): Diagnostic {
  return diagnostic('unknown-group', { name }, span, nearNames(name, known));
}
