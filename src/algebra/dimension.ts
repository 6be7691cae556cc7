import { type AddressRange, formatAddress, parseBlock } from '../mesh/ip.js';
import { describeMatcher } from '../mesh/policies/explain.js';
import { type Matcher, matches, type TextMatcher } from '../mesh/policies/matcher.js';
import { type Attribute, seenMatches } from '../mesh/view.js';
import { sortBy } from '../util/order.js';
import { textAtoms } from './text-atoms.js';
import type { Language } from './text-machine.js';

/** One attribute of requests, cut into the classes of values that the constants in play can tell apart. */
export interface Dimension {
  readonly attribute: Attribute;
  readonly atoms: readonly Atom[];
}

/** A class of values, by one of them: a list, empty where the attribute is absent. Every member matches as it does. */
export interface Atom {
  readonly values: readonly string[];
  /** The class in words: the constant that its members match most closely, `other` where they match none. */
  readonly label: string;
}

/** The constants that are compared with each attribute, by whoever compares: manifests and intents alike. */
export type Constants = ReadonlyMap<Attribute, readonly Matcher[]>;

/** Cuts one attribute by its constants. */
export function dimensionOf(attribute: Attribute, matchers: readonly Matcher[]): Dimension {
  return {
    attribute,
    atoms: valuesOf(attribute, matchers).map((values) => ({ values, label: labelOf(values, matchers) })),
  };
}

function labelOf(values: readonly string[], matchers: readonly Matcher[]): string {
  if (values.length === 0) return 'none';
  const matched = matchers.filter((matcher) => seenMatches({ known: true, value: values }, matcher) === 'yes');
  const exact = matched.find(({ kind }) => kind === 'exact');
  const [closest] = sortBy(
    matched.map(inWords),
    (text) => -text.length,
    (text) => text,
  );
  return exact === undefined ? (closest ?? 'other') : inWords(exact);
}

/** Without the quotes of a sentence. */
function inWords(matcher: Matcher): string {
  return describeMatcher(matcher).replaceAll('`', '');
}

function valuesOf(attribute: Attribute, matchers: readonly Matcher[]): ReadonlyArray<readonly string[]> {
  if (attribute === 'source.ip') return addressAtoms(matchers).map((value) => [value]);
  if (attribute === 'request.auth.principal') return [[], ...principalAtoms(matchers).map((value) => [value])];
  const texts = textAtoms(matchers.filter(isText), languageOf(attribute));
  if (attribute === 'request.method' || attribute === 'request.path' || attribute === 'request.host') {
    return texts.map((value) => [value]);
  }
  if (attribute.startsWith('request.headers[')) return [[], ...texts.map((value) => [value])];
  return listAtoms(texts, matchers);
}

function languageOf(attribute: Attribute): Language {
  if (attribute === 'request.path') return 'path';
  if (attribute === 'request.method') return 'method';
  if (attribute === 'request.auth.claims[scope]' || attribute === 'request.auth.claims[permission]') return 'word';
  return attribute === 'request.host' ? 'host' : 'any';
}

function isText(matcher: Matcher): matcher is TextMatcher {
  return !['block', 'pattern', 'perhaps-pattern', 'issuer-and-subject', 'not-modelled'].includes(matcher.kind);
}

/** A list matches what any of its elements matches, so the classes of lists are the unions of those of texts. */
function listAtoms(texts: readonly string[], matchers: readonly Matcher[]): ReadonlyArray<readonly string[]> {
  const signature = (values: readonly string[]) =>
    matchers.map((matcher) => Number(seenMatches({ known: true, value: values }, matcher) === 'yes')).join('');
  const lists = new Map<string, readonly string[]>([[signature([]), []]]);
  for (const text of texts) {
    for (const list of [...lists.values()]) {
      const longer = [...list, text];
      if (!lists.has(signature(longer))) lists.set(signature(longer), longer);
    }
  }
  return [...lists.values()];
}

/** Issuers and subjects are cut apart, then every issuer class is paired with every subject class (§6.5). */
function principalAtoms(matchers: readonly Matcher[]): readonly string[] {
  const pairs = matchers.filter((matcher) => matcher.kind === 'issuer-and-subject');
  const issuers = textAtoms(
    pairs.map(({ issuer }) => issuer),
    'any',
  );
  const subjects = textAtoms(
    pairs.map(({ subject }) => subject),
    'any',
  );
  const all = issuers.flatMap((issuer) => subjects.map((subject) => `${issuer}\n${subject}`));
  const signature = (value: string) => matchers.map((matcher) => matches(matcher, value)).join();
  return [...new Map(all.map((value) => [signature(value), value])).values()];
}

/** The first address of every stretch between the ends of blocks, in both families; stretches of one class are one atom. */
function addressAtoms(matchers: readonly Matcher[]): readonly string[] {
  const blocks = matchers.flatMap((matcher) => (matcher.kind === 'block' ? (parseBlock(matcher.block) ?? []) : []));
  const atoms = new Map<string, string>();
  for (const bits of [32, 128] as const) {
    for (const value of boundaries(blocks, bits)) {
      const signature = blocks.map((block) => Number(block.bits === bits && value >= block.start && value < block.end));
      const key = signature.join('');
      if (!atoms.has(key)) atoms.set(key, formatAddress({ bits, value }));
    }
  }
  return [...atoms.values()];
}

function boundaries(blocks: readonly AddressRange[], bits: 32 | 128): readonly bigint[] {
  const own = blocks.filter((block) => block.bits === bits);
  const starts = [0n, ...own.map(({ start }) => start), ...own.map(({ end }) => end)];
  return starts.filter((value) => value < 1n << BigInt(bits));
}
