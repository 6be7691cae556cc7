import { accountOfCaller, type CallerClass, proxyText } from '../algebra/callers.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { sortBy, sortedUnique } from '../util/order.js';

/** A list in which names stand as alternatives to each other. */
export interface Names {
  /** `namespace/name` of ServiceAccounts, or namespaces. */
  readonly kind: 'account' | 'namespace';
  readonly names: readonly string[];
}

/** Parts of which none comes first. */
interface Unordered {
  readonly kind: 'unordered';
  readonly parts: readonly Template[];
}

/** Text with places for names; `undefined` where something cannot be compared by its template at all. */
export type Template = ReadonlyArray<string | Names | Unordered | undefined>;

export function accounts(names: readonly string[]): Names {
  return { kind: 'account', names };
}

export function namespaces(names: readonly string[]): Names {
  return { kind: 'namespace', names };
}

export function unordered(parts: readonly Template[]): Unordered {
  return { kind: 'unordered', parts };
}

/** Whether something of it cannot be compared at all. */
export function hasGaps(template: Template): boolean {
  return template.some((piece) =>
    typeof piece === 'object' && piece.kind === 'unordered' ? piece.parts.some(hasGaps) : piece === undefined,
  );
}

/**
 * A template in which no name is left, in short: texts by their numbers. In the stead of names it says what accounts there are:
 * who runs as one, in which places it is named, and in which its namespace is. Accounts of which the same can be said are told
 * apart by no comparison, so they are said once.
 */
export function withoutNames(
  template: Template,
  callers: readonly CallerClass[],
  cluster: string,
  numberOf: NumberOf,
): string {
  const runners = runnersOf(callers)(numberOf)(cluster);
  const pieces = inOrder(template, runners);
  const accountPlaces = placesIn(pieces, 'account');
  const namespacePlaces = placesIn(pieces, 'namespace');
  const named = new Set([...accountPlaces.keys(), ...runners.keys()]);
  const said = [...named].map((account) => {
    const namespace = account.slice(0, account.indexOf('/'));
    return `${runners.get(account)}@${accountPlaces.get(account)}@${namespacePlaces.get(namespace)}`;
  });
  const texts = pieces.map((piece) => (typeof piece === 'string' ? numberOf(piece) : piece?.kind));
  return [...texts, numberOf(sortedUnique(said).join('\n'))].join(' ');
}

type Piece = string | Names | undefined;

/** Sorts what has no order by what can be said of it without names. */
function inOrder(template: Template, runners: ReadonlyMap<string, string>): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const piece of template) {
    if (typeof piece !== 'object' || piece.kind !== 'unordered') pieces.push(piece);
    else for (const part of sorted(piece.parts, runners)) pieces.push(...part);
  }
  return pieces;
}

function sorted(parts: readonly Template[], runners: ReadonlyMap<string, string>): ReadonlyArray<readonly Piece[]> {
  const ordered = parts.map((part) => inOrder(part, runners));
  if (ordered.length < 2) return ordered;
  const spoken = ordered.map((part) => ({ part, text: part.map((piece) => nameless(piece, runners)).join('\n') }));
  return sortBy(spoken, ({ text }) => text).map(({ part }) => part);
}

function nameless(piece: Piece, runners: ReadonlyMap<string, string>): string | undefined {
  return isNames(piece) ? sortedUnique(piece.names.map((name) => runners.get(name) ?? '')).join() : piece;
}

/** The same template with texts that follow each other made one. */
export function joined(template: Template): Template {
  const pieces: Array<Template[number]> = [];
  for (const piece of template) {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = `${last}\n${piece}`;
    else pieces.push(piece);
  }
  return pieces;
}

function isNames(piece: Piece): piece is Names {
  return typeof piece === 'object';
}

/** Where each name of a kind stands, by the index of the place. */
function placesIn(pieces: readonly Piece[], kind: Names['kind']): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  pieces.forEach((piece, index) => {
    if (!isNames(piece) || piece.kind !== kind) return;
    for (const name of piece.names) places.set(name, `${places.get(name) ?? ''} ${index}`);
  });
  return places;
}

const runnersOf = oncePerObject((callers: readonly CallerClass[]) =>
  oncePerObject((numberOf: NumberOf) => oncePer((cluster: string) => runnersAmong(callers, cluster, numberOf))),
);

/** The same number for the same text. */
export type NumberOf = (text: string) => number;

/** Numbers for texts as they come: these are long, and there are few of them. */
export function numbered(): NumberOf {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
}

/** Which kinds of callers run as each account, as seen from a cluster; those without any are told by the empty name. */
function runnersAmong(
  callers: readonly CallerClass[],
  cluster: string,
  numberOf: NumberOf,
): ReadonlyMap<string, string> {
  const runners = new Map<string, string>();
  for (const each of callers) {
    const { speaks, cluster: from, identity } = each.caller;
    const account = accountOfCaller(each);
    const where = from === cluster ? 'here' : from;
    const runner = [each.source.kind, speaks, where, identity?.trustDomain, numberOf(proxyText(each.caller))].join(' ');
    runners.set(account, `${runners.get(account) ?? ''},${runner}`);
  }
  return runners;
}
