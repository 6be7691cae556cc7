import type { JsonValue } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import type { Caller } from '../lift/lifted.js';
import { label, unlike } from '../names/label.js';
import type { Draft, DraftRule } from './draft.js';

/** Callers that several rules name in the very same way. */
export interface Group {
  readonly name: string;
  readonly members: readonly Caller[];
}

const fewestMembers = 3;
const fewestRules = 2;

/** Lists of callers that are repeated become groups, named after the first rule that has them. */
export function withGroups(drafts: readonly Draft[]): {
  readonly drafts: readonly Draft[];
  readonly groups: readonly Group[];
} {
  const rules = drafts.flatMap((draft) => draft.rules).filter(isGroupable);
  const repeated = [...groupBy(rules, listOf)].filter(([, own]) => own.length >= fewestRules);
  const names = new Map<string, Group>();
  const taken = new Set<string>();
  for (const [list, [first]] of repeated) {
    if (first?.from === undefined) continue;
    const name = unlike(label(`callers-of-${first.name}`), taken);
    taken.add(name);
    names.set(list, { name, members: first.from });
  }
  const grouped = (rule: DraftRule): DraftRule => {
    const group = isGroupable(rule) ? names.get(listOf(rule)) : undefined;
    return group === undefined ? rule : { ...rule, from: [{ group: group.name }] };
  };
  return {
    drafts: drafts.map((draft) => ({ ...draft, rules: draft.rules.map(grouped) })),
    groups: [...names.values()],
  };
}

/** Members of a group have no exceptions. */
function isGroupable({ from }: DraftRule): boolean {
  const isPlain = (caller: JsonValue) =>
    typeof caller === 'object' && caller !== null && !('except' in caller) && !('ipBlocks' in caller);
  return from !== undefined && from.length >= fewestMembers && from.every(isPlain);
}

function listOf({ from }: DraftRule): string {
  return (from ?? [])
    .map((caller) => JSON.stringify(caller))
    .sort()
    .join();
}
