import type { Change, Changes } from '../changes/change.js';
import { contentOfObject } from '../changes/content.js';
import { objectsAfterApply } from '../mesh/applied.js';
import { asObject } from '../mesh/json.js';
import { overlay } from '../mesh/overlay.js';
import type { ManifestObject } from '../parse/document.js';
import type { CompileResult } from '../pipeline.js';
import { allObjects, type ClusterObject, sortOut } from '../topology/objects-by-namespace.js';
import { sortBy } from '../util/order.js';
import type { Fates } from './fates.js';
import type { Imported } from './import-objects.js';
import type { Accident } from './meant/accidents.js';
import { keyOfObject } from './policies.js';
import { comparedWith } from './prove/compared-with.js';
import { changesOfMeaning, isAlike } from './prove/meaning.js';
import { stateOf } from './prove/round.js';
import type { Reason } from './reason.js';

/** What is done at once: its objects in any order. */
interface Part {
  readonly kind: 'add' | 'enrol' | 'guard' | 'replace' | 'delete';
  readonly objects: readonly ClusterObject[];
}

/** One step from the policies of today to those of the intents, and what of requests is otherwise once it is done. */
export interface Step extends Part {
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
 * denied that of DENY policies: as long as all of the old ones stand, or all of the new ones, some more change nothing. What leads
 * requests through a waypoint waits for what is enforced there. The state after each step is compared with today's.
 */
export function handOver(imported: Imported): HandOver {
  const { round, ground, fates, listeners, changes, mended } = imported;
  const { before, memory, progress } = ground;
  const isReplaced = ({ object }: ClusterObject) => round.replaced.has(keyOfObject(object));
  const aged = before.objects.map((each) => (isReplaced(each) ? created(each, longAgo) : each));
  const changesOf = (objects: readonly ClusterObject[]) =>
    comparedWith(before, stateOf(before, objects, memory.recall), progress);
  const isAsBefore = (part: Part) => isAlike(changesOf(objectsAfter(aged, part)));
  let objects: readonly ClusterObject[] = aged;
  const parts = partsOf(imported, isAsBefore);
  const steps = parts.map((part, index) => {
    objects = objectsAfter(objects, part);
    // What there is after the last step is the mesh that the import was proved with.
    const isLast = index === parts.length - 1;
    return stepOf(part, (isLast ? changes : undefined) ?? changesOf(objects));
  });
  return { steps, left: [...stayingOf(fates), ...listeners], mended };
}

function partsOf({ round, ground }: Imported, isAsBefore: (part: Part) => boolean): readonly Part[] {
  const { objects } = ground.before;
  const emitted = objectsAfterApply([], round.compiled.files).value;
  const old = new Map(objects.map((each) => [identityOf(each), each]));
  const isReplaced = ({ object }: ClusterObject) => round.replaced.has(keyOfObject(object));
  const isReplacing = (each: ClusterObject) => isReplaced(each) && old.has(identityOf(each));
  const isThere = (each: ClusterObject) => {
    const found = old.get(identityOf(each));
    return found !== undefined && contentOfObject(found.object) === contentOfObject(each.object);
  };
  const names = new Set(emitted.map(identityOf));
  const added = emitted.filter((each) => !isReplacing(each) && !isThere(each));
  const parts: readonly Part[] = [
    ...partsOfNew(added, round.compiled.manifests, isAsBefore),
    { kind: 'replace', objects: emitted.filter(isReplacing) },
    { kind: 'delete', objects: objects.filter((each) => isReplaced(each) && !names.has(identityOf(each))) },
  ];
  return parts.filter((part) => part.objects.length > 0);
}

/**
 * Old policies at pods know no waypoint: guards that let it in stand before any label leads there. Guards that close the ways past
 * it come after all labels.
 */
function partsOfNew(
  added: readonly ClusterObject[],
  manifests: CompileResult['manifests'],
  isAsBefore: (part: Part) => boolean,
): readonly Part[] {
  const phases = new Map(
    manifests.map(({ cluster, phase, object: { kind, metadata } }) => [
      `${cluster} ${keyOfObject({ kind, namespace: metadata.namespace, name: metadata.name })}`,
      phase,
    ]),
  );
  const isOf = (phase: string) => (each: ClusterObject) => phases.get(identityOf(each)) === phase;
  const [enrolling, guards] = [added.filter(isOf('30-enrolment')), added.filter(isOf('40-guards'))];
  const rest = added.filter((each) => !enrolling.includes(each) && !guards.includes(each));
  const together: Part = { kind: 'add', objects: [...rest, ...guards] };
  const enrol: Part = { kind: 'enrol', objects: enrolling };
  if (enrolling.length === 0 || guards.length === 0 || isAsBefore(together)) return [together, enrol];
  return [{ kind: 'add', objects: rest }, enrol, { kind: 'guard', objects: guards }];
}

function objectsAfter(before: readonly ClusterObject[], { kind, objects }: Part): readonly ClusterObject[] {
  if (kind !== 'delete') {
    const applied = kind === 'replace' ? objects : objects.map((each) => created(each, atLast));
    return allObjects(overlay(sortOut(before), sortOut(applied)));
  }
  const gone = new Set(objects.map(identityOf));
  return before.filter((each) => !gone.has(identityOf(each)));
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

function stepOf({ kind, objects }: Part, changes: Changes): Step {
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
