import { suggest } from '../util/suggest.js';
import type { Entry, Kind } from './entry.js';
import { kinds } from './inventory.js';
import { everyObject } from './kinds/every-object.js';

/** What a question about the inventory found: entries of a kind, and the path that was asked about, if one was. */
export interface Found {
  readonly kind: Kind;
  readonly path: string | undefined;
  readonly entries: readonly Entry[];
}

/** `VirtualService` of `networking.istio.io/VirtualService`. */
export function shortName({ name }: Kind): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/**
 * Kinds by name (`VirtualService`, also with their group), fields of a kind by path (`VirtualService.spec.http[0].fault`), or
 * whatever names a label or an annotation (`istio.io/rev`). Upper and lower case count alike in the name of a kind.
 */
export function findInInventory(question: string): readonly Found[] {
  const { named, path } = read(question);
  if (named.length > 0 && path === '') return named.map((kind) => ({ kind, path: undefined, entries: kind.entries }));
  const found = named.flatMap((kind) => foundAt(kind, path));
  return found.length > 0 ? found : naming(question);
}

/** Fields of the kind that a question names, such as people may have meant; `undefined` where it names no kind. */
export function fieldsNear(question: string): readonly string[] | undefined {
  const { named, path } = read(question);
  if (named.length === 0) return undefined;
  const known = named.flatMap((kind) =>
    kind.entries.flatMap(({ fields }) => fields.map((field) => `${shortName(kind)}.${field}`)),
  );
  return suggest(`${named.map(shortName)[0]}.${path}`, known);
}

export function kindsNear(question: string): readonly string[] {
  return suggest(question, kinds.map(shortName));
}

function read(question: string): { readonly named: readonly Kind[]; readonly path: string } {
  const whole = kindsNamed(question);
  if (whole.length > 0) return { named: whole, path: '' };
  const [, asked = '', path = ''] = /^((?:[\w.-]+\/)?\w+)\.(.+)$/.exec(question.replace(/\[\d*\]/g, '')) ?? [];
  return { named: kindsNamed(asked), path: keyed(path) };
}

function kindsNamed(asked: string): readonly Kind[] {
  const wanted = asked.toLowerCase();
  return kinds.filter((kind) => [kind.name, shortName(kind)].some((name) => name.toLowerCase() === wanted));
}

/** `metadata.labels.istio.io/rev` is what people write for `metadata.labels[istio.io/rev]`. */
function keyed(path: string): string {
  return path.replace(/^(metadata\.(?:labels|annotations))\.(.+)$/, '$1[$2]');
}

/** What covers a path, or what lies below it; the head of an object is alike in all kinds. */
function foundAt(kind: Kind, path: string): readonly Found[] {
  const own = entriesAt(kind, path);
  if (own.length > 0) return [{ kind, path, entries: own }];
  const ofAll = path.startsWith('metadata') ? entriesAt(everyObject, path) : [];
  return ofAll.length > 0 ? [{ kind, path, entries: ofAll }] : [];
}

function entriesAt({ entries }: Kind, path: string): readonly Entry[] {
  const about = entries.map((entry) => narrowedTo(entry, path, isAbout));
  const found = about.some((entry) => entry !== undefined)
    ? about
    : entries.map((entry) => narrowedTo(entry, path, isRestOf));
  return found.filter((entry) => entry !== undefined);
}

/** An entry with those of its fields that a path is about; `undefined` where it is about none. */
function narrowedTo(entry: Entry, path: string, isMeant: (field: string, path: string) => boolean): Entry | undefined {
  const [first, ...others] = entry.fields.filter((field) => isMeant(field, path));
  return first === undefined ? undefined : { ...entry, fields: [first, ...others] };
}

function isAbout(field: string, path: string): boolean {
  return isWithin(path, field) || isWithin(field, path);
}

/** Whether a path is among what `spec.*` stands for. */
function isRestOf(field: string, path: string): boolean {
  return field.endsWith('.*') && isWithin(path, field.slice(0, -2));
}

/** Whether a path is another one, or lies below it. */
function isWithin(path: string, owner: string): boolean {
  return path === owner || path.startsWith(`${owner}.`) || path.startsWith(`${owner}[`);
}

function naming(key: string): readonly Found[] {
  return kinds.flatMap((kind) => {
    const fields = kind.entries.flatMap((entry) => entry.fields).filter((field) => field.endsWith(`[${key}]`));
    return fields.flatMap((path) => foundAt(kind, path));
  });
}
