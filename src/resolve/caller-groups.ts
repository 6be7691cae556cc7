import { diagnostic } from '../diagnostics/create.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { CallerGroup } from '../parse/ast.js';
import { sortBy } from '../util/order.js';
import { resolveCallers } from './callers.js';
import type { BindContext } from './context.js';
import { unknownGroup } from './group-members.js';
import type { GroupIndex, GroupMember } from './resolved.js';

/** Binds the members of every group, once; names are whole there, since a group belongs to no scope. */
export function bindGroups(context: BindContext, groups: readonly CallerGroup[]): GroupIndex {
  const byName = new Map(groups.map((group) => [group.name.value, group]));
  const bound = new Map<string, readonly GroupMember[]>();
  const bind = (name: string, span: Span, within: readonly string[]): readonly GroupMember[] => {
    const known = bound.get(name);
    const group = byName.get(name);
    if (known !== undefined || group === undefined) return known ?? unknown(name, span);
    if (within.includes(name)) return circular([...within, name], span);
    const members = group.members.flatMap((reference) =>
      reference.kind === 'group'
        ? bind(reference.reference, reference.span, [...within, name])
        : resolveCallers(context, [reference], undefined, reference.span).map((caller) => ({ reference, caller })),
    );
    bound.set(name, members);
    return members;
  };
  const unknown = (name: string, span: Span) => {
    context.report(unknownGroup(name, span, byName.keys()));
    return [];
  };
  const circular = (path: readonly string[], span: Span) => {
    const first = path.indexOf(path.at(-1) ?? '');
    context.report(diagnostic('group-in-itself', { path: path.slice(first).join(' → ') }, span));
    return [];
  };
  for (const { name } of sortBy(groups, (group) => group.name.value)) bind(name.value, name.span, []);
  return bound;
}
