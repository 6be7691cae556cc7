import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject, asText } from '../../mesh/json.js';
import { type JsonValue, type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { Cluster } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import { isAddressedAndNotProgrammed } from '../topology/not-programmed.js';

/** What a dump of the cluster says itself: conditions that are not as they should be. Manifests from Git have none. */
export function statusesThatSayNo({ mesh }: LintContext): readonly Diagnostic[] {
  return mesh.topology.clusters.flatMap((cluster) =>
    objectsIn(cluster).flatMap((object) =>
      conditionsOf(object)
        .filter((condition) => isBad(condition) && !isToldOfEnrolment(object, condition))
        .map(({ type, reason, message, place }) => {
          const parameters = { object: describe(object), type, reason };
          return diagnostic('status-says-no', parameters, spanIn(object, place), {
            notes: [
              ...(message === '' ? [] : [{ message: `it says: ${message}` }]),
              { message: 'no request shows it: istiod has said so itself' },
            ],
          });
        }),
    ),
  );
}

function objectsIn(cluster: Cluster): readonly ManifestObject[] {
  const { services, serviceEntries, gateways, waypoints, policies, routes } = cluster;
  const named = [services, serviceEntries, gateways, waypoints].flatMap((objects) =>
    [...objects.values()].map(({ object }) => object),
  );
  return [...named, ...policies, ...routes];
}

/** Whether it is told of every deployment, whatever is asked of it. */
function isToldOfEnrolment(object: ManifestObject, { type, place }: Condition): boolean {
  return type === 'Programmed' && place[1] === 'conditions' && isAddressedAndNotProgrammed(object);
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly place: Path;
}

/** Of the object, of its listeners, and of a route at each of its parents. */
function conditionsOf({ value }: ManifestObject): readonly Condition[] {
  const status = asObject(value.status);
  if (status === undefined) return [];
  const parts = ['listeners', 'parents', 'ancestors'].flatMap((field) =>
    asArray(status[field]).flatMap((part, index) => readAll(asObject(part)?.conditions, ['status', field, index])),
  );
  return [...readAll(status.conditions, ['status']), ...parts];
}

function readAll(conditions: JsonValue | undefined, place: Path): readonly Condition[] {
  return asArray(conditions).map((condition, index) => {
    const { type, status, reason, message } = asObject(condition) ?? {};
    return {
      type: asText(type) ?? '',
      status: asText(status) ?? '',
      reason: asText(reason) ?? '',
      message: asText(message) ?? '',
      place: [...place, 'conditions', index],
    };
  });
}

/** Those that are good where they are false. */
const inverted: ReadonlySet<string> = new Set([
  'Conflicted',
  'OverlappingTLSConfig',
  'PartiallyInvalid',
  'istio.io/WaypointMissing',
]);

/** Other controllers say things of their own. */
function isOfMesh(type: string): boolean {
  return !type.includes('/') || type.startsWith('istio.io/');
}

function isBad({ type, status, reason }: Condition): boolean {
  if (!isOfMesh(type)) return false;
  return reason === 'PartiallyInvalid' || status === (inverted.has(type) ? 'True' : 'False');
}
