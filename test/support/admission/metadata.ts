import type { JsonObject, JsonValue } from '../../../src/parse/document.js';
import { isObject, objectAt } from './json.js';
import type { Kind } from './kind.js';
import { dnsLabel, dnsLabel1035, dnsSubdomain, labelValue, qualifiedName } from './names.js';

const nameSyntaxes = { subdomain: dnsSubdomain, label: dnsLabel, 'label-1035': dnsLabel1035 } as const;
const fields = new Set(
  'name generateName namespace labels annotations finalizers ownerReferences uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds managedFields selfLink'.split(
    ' ',
  ),
);
const annotationBudget = 256 * 1024;

/** `metadata` is well-formed, and names a namespace exactly where the kind has one. */
export function checkMetadata(object: JsonObject, kind: Kind): readonly string[] {
  const metadata = objectAt(object, 'metadata');
  return [
    ...checkName(metadata.name, kind),
    ...checkNamespace(metadata.namespace, kind),
    ...checkPairs(metadata, 'labels', labelValue),
    ...checkPairs(metadata, 'annotations', () => undefined),
    ...checkAnnotationSize(metadata),
    ...Object.keys(metadata).flatMap((key) => (fields.has(key) ? [] : [`metadata: unknown field \`${key}\``])),
  ];
}

function checkName(name: JsonValue | undefined, { nameSyntax }: Kind): readonly string[] {
  if (typeof name !== 'string') return ['metadata.name: required'];
  return placed('metadata.name', nameSyntaxes[nameSyntax](name));
}

/** The API server would take the namespace from the URL; emitted text must not depend on who applies it. */
function checkNamespace(namespace: JsonValue | undefined, { scope }: Kind): readonly string[] {
  if (scope === 'Cluster') return namespace === undefined ? [] : ['metadata.namespace: the kind is cluster-scoped'];
  if (typeof namespace !== 'string') return ['metadata.namespace: required'];
  return placed('metadata.namespace', dnsLabel(namespace));
}

function checkPairs(
  metadata: JsonObject,
  field: 'labels' | 'annotations',
  checkValue: (text: string) => string | undefined,
): readonly string[] {
  const pairs = metadata[field];
  if (pairs === undefined) return [];
  if (!isObject(pairs)) return [`metadata.${field}: must be a map`];
  return Object.entries(pairs).flatMap(([key, value]) => [
    ...placed(`metadata.${field}`, qualifiedName(field === 'annotations' ? key.toLowerCase() : key)),
    ...placed(`metadata.${field}.${key}`, typeof value === 'string' ? checkValue(value) : 'must be text'),
  ]);
}

function checkAnnotationSize(metadata: JsonObject): readonly string[] {
  const size = Object.entries(objectAt(metadata, 'annotations'))
    .map(([key, value]) => Buffer.byteLength(key) + Buffer.byteLength(String(value)))
    .reduce((total, length) => total + length, 0);
  return size > annotationBudget ? [`metadata.annotations: ${size} bytes, at most ${annotationBudget}`] : [];
}

function placed(path: string, fault: string | undefined): readonly string[] {
  return fault === undefined ? [] : [`${path}: ${fault}`];
}
