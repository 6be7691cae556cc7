import type { JsonObject, JsonValue, Path } from '../../../parse/document.js';
import { asArray, asObject, asText, asTexts } from '../../json.js';
import { type Complaint, complaintWhen } from '../../policies/read/complaint.js';
import { checkPort } from '../names.js';
import { each, isWritten } from '../refusal.js';

const mostHostnames = 16;
const mostParents = 32;
const mostBackends = 16;
const largestWeight = 1_000_000;
const hostname = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function atMost(most: number, list: JsonValue | undefined, place: Path): readonly Complaint[] {
  const { length } = asArray(list);
  return complaintWhen(length > most, place, `there are ${length}, and ${most} at most are allowed`);
}

/** What each route of the Gateway API has: parents, each named once, and hostnames. */
export function checkRoute({ parentRefs, hostnames }: JsonObject): readonly Complaint[] {
  return [
    ...atMost(mostParents, parentRefs, ['spec', 'parentRefs']),
    ...each(parentRefs, ['spec', 'parentRefs'], (parent, place) => checkWritten(parent, ['name'], place)),
    ...checkParentsOnce(parentRefs),
    ...atMost(mostHostnames, hostnames, ['spec', 'hostnames']),
    ...asTexts(hostnames).flatMap((name, index) =>
      complaintWhen(!hostname.test(name), ['spec', 'hostnames', index], `\`${name}\` is no hostname`),
    ),
  ];
}

/** Texts without which an item of a list says nothing. */
export function checkWritten(value: JsonValue, fields: readonly string[], place: Path): readonly Complaint[] {
  return fields.flatMap((field) => {
    const written = asObject(value)?.[field];
    if (!isWritten(written) || written === '') return [{ place, why: `\`${field}\` is missing` }];
    return complaintWhen(asText(written) === undefined, [...place, field], `${String(written)} is no text`);
  });
}

/** What the schemas of every channel refuse of several references to one parent. */
function checkParentsOnce(parents: JsonValue | undefined): readonly Complaint[] {
  const refs = asArray(parents).map((parent) => asObject(parent) ?? {});
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

/** Where a rule sends: by a name, and with a port where it is a Service. */
export function checkBackends(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  return [
    ...atMost(mostBackends, value, place),
    ...each(value, place, (backend, here) => [
      ...checkBackend(backend, here),
      ...checkWeight(asObject(backend)?.weight, [...here, 'weight']),
    ]),
  ];
}

export function checkBackend(value: JsonValue, place: Path): readonly Complaint[] {
  const { group, kind, port } = asObject(value) ?? {};
  const isService = (asText(group) ?? '') === '' && (asText(kind) ?? 'Service') === 'Service';
  return [
    ...checkWritten(value, ['name'], place),
    ...(isWritten(port)
      ? checkPort(port, [...place, 'port'])
      : complaintWhen(isService, place, 'a Service needs a `port`')),
  ];
}

function checkWeight(weight: JsonValue | undefined, place: Path): readonly Complaint[] {
  const isWeight = typeof weight !== 'number' || (weight >= 0 && weight <= largestWeight);
  return complaintWhen(!isWeight, place, `${String(weight)} is not between 0 and ${largestWeight}`);
}

const mostMatches = 64;
const mostMatchesOfAll = 128;
const mostRules = 16;

/** How many rules a route has, and matches each of them and all together. */
export function checkCounts({ rules }: JsonObject): readonly Complaint[] {
  const matches = asArray(rules).map((rule) => asArray(asObject(rule)?.matches).length);
  const total = matches.reduce((sum, count) => sum + count, 0);
  const place = ['spec', 'rules'];
  return [
    ...atMost(mostRules, rules, place),
    ...each(rules, place, (rule, here) => atMost(mostMatches, asObject(rule)?.matches, [...here, 'matches'])),
    ...complaintWhen(
      total > mostMatchesOfAll,
      place,
      `its rules have ${total} matches together, and ${mostMatchesOfAll} at most are allowed`,
    ),
  ];
}

/** A header or a parameter is asked for once in a match. */
export function checkNamesOnce(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const names = asArray(value).map((item) => asText(asObject(item)?.name));
  return names.flatMap((name, index) =>
    complaintWhen(name !== undefined && names.indexOf(name) < index, [...place, index], `\`${name}\` is there twice`),
  );
}

/** One of some words, where one is written. */
export function checkWord(value: JsonValue | undefined, words: readonly string[], place: Path): readonly Complaint[] {
  const written = asText(value);
  return complaintWhen(
    written !== undefined && !words.includes(written),
    place,
    `\`${written}\` is none of ${words.map((word) => `\`${word}\``).join(', ')}`,
  );
}
