import type { JsonObject, JsonValue, Path } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { asArray, asObject, asText } from '../../json.js';
import { each, isWritten } from '../refusal.js';

/** What the schemas of every channel refuse of several references to one parent. */
export function checkParentsOnce({ parentRefs }: JsonObject): readonly Complaint[] {
  const refs = asArray(parentRefs).map((parent) => asObject(parent) ?? {});
  return refs.flatMap((ref, index) => {
    const others = refs.slice(0, index).filter((other) => parentKey(other) === parentKey(ref));
    const at: Path = ['spec', 'parentRefs', index];
    return [
      ...complaintWhen(others.some(isTwice), at, 'this parent is named twice'),
      ...complaintWhen(
        others.some(isPartly),
        at,
        'this parent is named twice, and once without a `sectionName` or `port` that it has the other time',
      ),
    ];

    function isTwice(other: JsonObject): boolean {
      return sectionOf(other) === sectionOf(ref) && portOf(other) === portOf(ref);
    }

    function isPartly(other: JsonObject): boolean {
      if ((sectionOf(other) === '') !== (sectionOf(ref) === '')) return true;
      return sectionOf(other) === sectionOf(ref) && (portOf(other) === 0) !== (portOf(ref) === 0);
    }
  });
}

/** A namespace that is left out is another one than the same that is written. */
function parentKey({ group = 'gateway.networking.k8s.io', kind = 'Gateway', namespace, name }: JsonObject): string {
  return JSON.stringify([group, kind, namespace ?? '', name ?? '']);
}

function sectionOf({ sectionName }: JsonObject): string {
  return asText(sectionName) ?? '';
}

function portOf({ port }: JsonObject): JsonValue {
  return port ?? 0;
}

/** Where a rule sends: with a port where it is a Service. */
export function checkBackends(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  return each(value, place, checkBackend);
}

export function checkBackend(value: JsonValue, place: Path): readonly Complaint[] {
  const { group, kind, port } = asObject(value) ?? {};
  const isService = (asText(group) ?? '') === '' && (asText(kind) ?? 'Service') === 'Service';
  return complaintWhen(isService && !isWritten(port), place, 'a Service needs a `port`');
}

const mostMatchesOfAll = 128;

/** How many matches all rules have together. */
export function checkCounts({ rules }: JsonObject): readonly Complaint[] {
  const matches = asArray(rules).map((rule) => asArray(asObject(rule)?.matches).length);
  const total = matches.reduce((sum, count) => sum + count, 0);
  return complaintWhen(
    total > mostMatchesOfAll,
    ['spec', 'rules'],
    `its rules have ${total} matches together, and ${mostMatchesOfAll} at most are allowed`,
  );
}
