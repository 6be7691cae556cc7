import { asArray, asObject } from '../../mesh/json.js';
import { isManaged, type ManifestObject } from '../../parse/document.js';
import type { OutputFile } from '../../pipeline.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import { namespaceOf } from '../../topology/fields.js';
import { groupBy } from '../../util/order.js';
import { subjectOf } from '../plan/commands.js';

/**
 * What Ambit wrote and writes no more for the mesh as it is, such as guards and DestinationRules of the plane that was left: of a
 * namespace in which all that it writes now is there, since until then the old decides.
 */
export function leftOverIn(
  written: readonly OutputFile[],
  objects: readonly ClusterObject[],
): readonly ClusterObject[] {
  const own = written.filter(({ path }) => !path.includes('/30-enrolment/')).map(({ path }) => subjectOf(path));
  const there = new Map(objects.map((each) => [keyOf(each), each]));
  const expected = groupBy(own, ({ cluster, namespace }) => `${cluster}/${namespace}`);
  const keys = new Set(own.map(keyOfSubject));
  const isComplete = (home: string) => (expected.get(home) ?? []).every((each) => there.has(keyOfSubject(each)));
  return objects.filter(
    (each) =>
      isManaged(each.object) &&
      !isOfAnother(each.object) &&
      !keys.has(keyOf(each)) &&
      isComplete(`${each.cluster}/${namespaceOf(each.object)}`),
  );
}

/** What Kubernetes makes of an object, and labels as that is, goes with it. */
function isOfAnother({ value }: ManifestObject): boolean {
  return asArray(asObject(value.metadata)?.ownerReferences).length > 0;
}

/** How files of an output name what they hold. */
function keyOfSubject({ cluster, kind, namespace, name }: ReturnType<typeof subjectOf>): string {
  return `${cluster} ${kind} ${namespace} ${name}`;
}

function keyOf({ cluster, object }: ClusterObject): string {
  const { kind, name } = object;
  return keyOfSubject({ cluster, kind: kind.toLowerCase(), namespace: namespaceOf(object), name });
}
