import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { Item } from './item.js';
import { printObject } from './item-text.js';

/** What labels and annotations were before Ambit set them, on the object itself: a list knows no other place. */
const undoAnnotation = 'ambit.dev/before-enrolment';

const parts = ['labels', 'annotations'] as const;

/** `null` for what was not there. */
type Before = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

/** An object that Ambit does not own, with the labels and annotations that Ambit needs on it. */
export function enrolled({ value }: Item, wanted: JsonObject): Item {
  const metadata = asObject(value.metadata);
  const added = parts.map((part) => [part, asObject(asObject(wanted.metadata)[part])] as const);
  const before = added.map(([part, fields]) => {
    const there = asObject(metadata[part]);
    return [part, Object.fromEntries(Object.keys(fields).map((name) => [name, there[name] ?? null]))] as const;
  });
  const merged = new Map(added.map(([part, fields]) => [part, { ...asObject(metadata[part]), ...fields }]));
  const noted = JSON.stringify(Object.fromEntries(before.filter(([, fields]) => Object.keys(fields).length > 0)));
  const annotations = { ...merged.get('annotations'), [undoAnnotation]: noted };
  return withMetadata(value, { ...metadata, ...present('labels', merged.get('labels') ?? {}), annotations });
}

/** The object as its owner wrote it; the same item where Ambit set nothing on it. */
export function withoutEnrolment(item: Item): Item {
  const metadata = asObject(item.value.metadata);
  const noted = asObject(metadata.annotations)[undoAnnotation];
  const before = typeof noted === 'string' ? readNoted(noted) : undefined;
  if (before === undefined) return item;
  // Fields stay in their places, so that a list that has been through here looks the same after the next time.
  const entries = Object.entries(metadata).flatMap(([name, fields]) => {
    const part = parts.find((each) => each === name);
    if (part === undefined) return [[name, fields]];
    const back = { ...before[part], ...(part === 'annotations' && { [undoAnnotation]: null }) };
    return Object.entries(present(part, undone(asObject(fields), back)));
  });
  return withMetadata(item.value, Object.fromEntries(entries));
}

function undone(fields: JsonObject, before: Readonly<Record<string, string | null>>): JsonObject {
  const all = Object.entries({ ...fields, ...before });
  return Object.fromEntries(all.filter((entry): entry is [string, JsonValue] => entry[1] !== null));
}

function readNoted(text: string): Before | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function present(name: string, fields: JsonObject): JsonObject {
  return Object.keys(fields).length > 0 ? { [name]: fields } : {};
}

function withMetadata(value: JsonObject, metadata: JsonObject): Item {
  const changed = { ...value, metadata };
  return { value: changed, text: printObject(changed) };
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
