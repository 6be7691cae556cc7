import type { Change, Changes } from '../changes/change.js';
import { contentOfObject } from '../changes/content.js';
import { objectsAfterApply } from '../mesh/applied.js';
import { asObject } from '../mesh/json.js';
import { overlay } from '../mesh/overlay.js';
import type { ManifestObject } from '../parse/document.js';
import { allObjects, type ClusterObject, sortOut } from '../topology/objects-by-namespace.js';
import { sortBy } from '../util/order.js';
import type { Fates } from './fates.js';
import type { Imported } from './import-objects.js';
import type { Accident } from './meant/accidents.js';
import { keyOfObject } from './policies.js';
import { comparedWith } from './prove/compared-with.js';
import { changesOfMeaning } from './prove/meaning.js';
import { stateOf } from './prove/round.js';
import type { Reason } from './reason.js';

/** One step from the policies of today to those of the intents, and what of requests is otherwise once it is done. */
export interface Step {
  readonly kind: 'add' | 'replace' | 'delete';
  readonly objects: readonly ClusterObject[];
  readonly changes: readonly Change[];
  /** Facts for want of which it is not known whether something is otherwise. */
  readonly undecided: readonly string[];
}

export interface HandOver {
  readonly steps: readonly Step[];
  /** What stays beside the intents. */
  readonly left: ReadonlyArray<Reason & { readonly object: ManifestObject }>;
  /** What the intents say as it was meant. */
  readonly mended: readonly Accident[];
}

/**
 * The order in which the new objects take over from the old ones. What is allowed is the union of ALLOW policies, and what is
 * denied that of DENY policies: as long as all of the old ones stand, or all of the new ones, some more change nothing. The
 * state after each step is compared with today's.
 */
export function handOver(imported: Imported): HandOver {
  const { round, ground, fates, listeners, changes, mended } = imported;
  const { before, memory, progress } = ground;
  const emitted = objectsAfterApply([], round.compiled.files).value;
  const old = new Map(before.objects.map((each) => [identityOf(each), each]));
  const isReplacing = (each: ClusterObject) =>
    round.replaced.has(keyOfObject(each.object)) && old.has(identityOf(each));
  const isThere = (each: ClusterObject) => {
    const found = old.get(identityOf(each));
    return found !== undefined && contentOfObject(found.object) === contentOfObject(each.object);
  };
  const added = emitted.filter((each) => !isReplacing(each) && !isThere(each));
  const replacing = emitted.filter(isReplacing);
  const names = new Set(emitted.map(identityOf));
  const deleted = before.objects.filter(
    (each) => round.replaced.has(keyOfObject(each.object)) && !names.has(identityOf(each)),
  );
  const isReplaced = ({ object }: ClusterObject) => round.replaced.has(keyOfObject(object));
  const aged = before.objects.map((each) => (isReplaced(each) ? created(each, longAgo) : each));
  const withAdded = overlay(sortOut(aged), sortOut(added.map((each) => created(each, atLast))));
  const withAll = overlay(withAdded, sortOut(replacing));
  const gone = new Set(deleted.map(identityOf));
  const states: ReadonlyArray<readonly [Step['kind'], readonly ClusterObject[], readonly ClusterObject[]]> = [
    ['add', added, allObjects(withAdded)],
    ['replace', replacing, allObjects(withAll)],
    ['delete', deleted, allObjects(withAll).filter((each) => !gone.has(identityOf(each)))],
  ];
  const told = states.filter(([, objects]) => objects.length > 0);
  const steps = told.map(([kind, objects, all], index) => {
    // What there is after the last step is the mesh that the import was proved with.
    const isLast = index === told.length - 1;
    return stepOf(
      kind,
      objects,
      (isLast ? changes : undefined) ?? comparedWith(before, stateOf(before, all, memory.recall), progress),
    );
  });
  return { steps, left: [...stayingOf(fates), ...listeners], mended };
}

const longAgo = '1970-01-01T00:00:00Z';
const atLast = '9999-12-31T00:00:00Z';

/** Of routes the older one counts: what is there is older than what is applied now, also where its manifest has no date. */
function created({ cluster, object }: ClusterObject, creationTimestamp: string): ClusterObject {
  const metadata = { creationTimestamp, ...asObject(object.value.metadata) };
  return { cluster, object: { ...object, value: { ...object.value, metadata } } };
}

function stayingOf(fates: Fates): HandOver['left'] {
  return fates.flatMap(({ object, counts, because, help, staysBeside }) => {
    if (counts.left > 0 && because !== undefined) return [{ object, because, ...(help !== undefined && { help }) }];
    return staysBeside
      ? [{ object, because: 'the network plugin goes on to enforce what the intents say for Istio' }]
      : [];
  });
}

function stepOf(kind: Step['kind'], objects: readonly ClusterObject[], changes: Changes): Step {
  const sorted = sortBy(
    objects,
    ({ cluster }) => cluster,
    ({ object }) => keyOfObject(object),
  );
  const undecided = changes.undecided.filter(({ isCrossing }) => !isCrossing).map(({ fact }) => fact);
  return { kind, objects: sorted, changes: changesOfMeaning(changes), undecided };
}

function identityOf({ cluster, object }: ClusterObject): string {
  return `${cluster} ${keyOfObject(object)}`;
}
