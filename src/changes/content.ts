import type { NetworkPolicy } from '../mesh/network-policies/policy.js';
import type { ManifestObject } from '../parse/document.js';
import { oncePerObject } from '../util/once.js';
import { sortBy } from '../util/order.js';

/** Where something stands in a text, and by which words it is explained, is no part of what it says. */
const beside: ReadonlySet<string> = new Set(['span', 'document', 'object', 'objects', 'place', 'because', 'fact']);

/** What a value says, wherever it is written: two that say the same have the same text. */
export function contentOf(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (beside.has(key)) return undefined;
    if (inner instanceof Map || inner instanceof Set) return [...inner];
    if (key === 'annotations') return inOrder(meantAnnotations(inner));
    return key === 'labels' ? inOrder(inner) : inner;
  });
}

/** The same of a value in which no list has an order. */
export function contentInAnyOrder(value: unknown): string {
  return contentOf(withListsSorted(value));
}

/** What some NetworkPolicies say together: whatever they are called and in whatever order, one rule of one is enough. */
export function contentOfNetworkPolicies(policies: readonly NetworkPolicy[]): string {
  return contentInAnyOrder(policies.map(({ namespace, rules }) => ({ namespace, rules })));
}

function withListsSorted(value: unknown): unknown {
  if (Array.isArray(value)) return sortBy(value.map(withListsSorted), contentOf);
  if (!isNested(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withListsSorted(inner)]));
}

/** Labels are the same in any order. */
function inOrder(labels: unknown): unknown {
  return Array.isArray(labels) ? labels : sortBy(Object.entries(Object(labels)), ([name]) => name);
}

/** What an object says; who wrote it and why is no part of that, and neither is what a cluster has added. */
export const contentOfObject = oncePerObject((object: ManifestObject): string => contentOfWritten(saidBy(object)));

/** What a part of an object says, its fields in whatever order. */
export function contentOfWritten(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isFields(inner) ? fieldsInOrder(inner) : inner));
}

function isFields(value: unknown): value is object {
  return isNested(value) && !Array.isArray(value);
}

function fieldsInOrder(fields: object): object {
  return Object.fromEntries(sortBy(Object.entries(fields), ([name]) => name));
}

/**
 * What a policy says to whom it is for, whatever it is called. Whether it selects pods is a part of that, and how old it is where the
 * oldest of several counts (§5.1).
 */
export const contentOfPolicy = oncePerObject((policy: ManifestObject): string => {
  const { kind, namespace, value } = policy;
  const { annotations } = Object(Object(saidBy(policy)).metadata);
  const { selector, podSelector: _, targetRefs: __, ...said } = Object(value.spec);
  const age = kind === 'PeerAuthentication' ? Object(value.metadata).creationTimestamp : undefined;
  return contentOfWritten([kind, namespace, annotations, selector === undefined, age, said]);
});

/** The same as a value. Without a namespace it is in `default`, and whatever is in none has that in common. */
export function saidBy({ value }: ManifestObject): object {
  const { status: _status, metadata, ...rest } = value;
  const { namespace, name, generateName, labels: all, annotations } = Object(metadata);
  // Every namespace has its name among its labels; the other one says who wrote it.
  const { 'kubernetes.io/metadata.name': _name, 'app.kubernetes.io/managed-by': _tool, ...labels } = Object(all);
  const meant = meantAnnotations(annotations);
  return { ...rest, metadata: { namespace: namespace ?? 'default', name, generateName, labels, annotations: meant } };
}

function meantAnnotations(annotations: unknown): object {
  return Object.fromEntries(Object.entries(Object(annotations)).filter(([key]) => !isOfAuthor(key)));
}

/** Annotations by which tools say where an object comes from. */
function isOfAuthor(annotation: string): boolean {
  return (
    ['ambit.dev/intents', 'ambit.dev/purpose'].includes(annotation) || annotation.startsWith('kubectl.kubernetes.io/')
  );
}

/** The way to the first field that two values do not have in common, and empty where they are of different kinds. */
export function firstDifference(left: unknown, right: unknown): ReadonlyArray<string | number> {
  if (!isNested(left) || !isNested(right)) return [];
  const [ours, theirs] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [own, other] = [ours.get(key), theirs.get(key)];
    if (JSON.stringify(own) === JSON.stringify(other)) continue;
    return [Array.isArray(left) ? Number(key) : key, ...firstDifference(own, other)];
  }
  return [];
}

/**
 * The way to the first field that a cluster has otherwise than it was given; `undefined` where it has only added fields. What
 * is added to labels and annotations somebody has added.
 */
export function differenceInCluster(given: unknown, found: unknown): ReadonlyArray<string | number> | undefined {
  return differenceBelow(given, found, false);
}

function differenceBelow(given: unknown, found: unknown, isWhole: boolean): ReadonlyArray<string | number> | undefined {
  if (JSON.stringify(given) === JSON.stringify(found)) return undefined;
  if (!isNested(given) || !isNested(found)) return [];
  const theirs = new Map(Object.entries(found));
  const ours = new Map(Object.entries(given));
  const isExact = isWhole || Array.isArray(given);
  for (const key of new Set([...ours.keys(), ...(isExact ? theirs.keys() : [])])) {
    if (ours.get(key) === undefined && theirs.get(key) === undefined) continue;
    const below = differenceBelow(ours.get(key), theirs.get(key), ['labels', 'annotations'].includes(key));
    if (below !== undefined) return [Array.isArray(given) ? Number(key) : key, ...below];
  }
  return undefined;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
