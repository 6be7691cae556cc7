import type { Change, ChangeKind, Changes } from '../../changes/change.js';
import type { Written } from '../policies.js';
import { idOf } from '../subjects.js';

/** Changes of access that are meant, each at the pods of a policy that was read in part or not at all. */
export type IsIntended = (change: Change) => boolean;

const closing: ReadonlySet<ChangeKind> = new Set<ChangeKind>(['access-revoked', 'authorizer-newly-asked']);
const opening: ReadonlySet<ChangeKind> = new Set<ChangeKind>(['access-granted']);

/**
 * What policies change once all of them is read: one of which nothing was read keeps somebody out, and an ALLOW at ztunnel, of which
 * nothing held, lets in whom it names.
 */
export function intendedBy(policies: readonly Written[], misplaced: ReadonlySet<string>): IsIntended {
  const own = policies.filter(({ key }) => misplaced.has(key));
  const isOpening = ({ policy }: Written) => policy.action === 'ALLOW' && policy.scope.kind !== 'targets';
  const placesOf = (some: readonly Written[]) => new Set(some.flatMap(({ subjects }) => subjects.map(idOf)));
  const opened = placesOf(own.filter(isOpening));
  const closed = placesOf(own.filter((each) => !isOpening(each)));
  return ({ kind, place, others }) => {
    const places = closing.has(kind) ? closed : opening.has(kind) ? opened : undefined;
    return places !== undefined && [place, ...others].every((each) => places.has(`${each.kind} ${each.name}`));
  };
}

/** What else is otherwise. */
export function withoutIntended(changes: Changes, isIntended: IsIntended): Changes {
  return { ...changes, changes: changes.changes.filter((change) => !isIntended(change)) };
}
