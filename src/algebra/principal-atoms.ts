import type { Matcher } from '../mesh/policies/matcher.js';
import { type Bits, bitsOf, indexesOf } from './bits.js';
import { atomLimit, stateLimit, TooLarge } from './limits.js';
import { type TextAtom, textAtoms } from './texts/text-atoms.js';

/** Issuers and subjects are cut apart, then every issuer class is paired with every subject class (§6.5). */
export function principalAtoms(matchers: readonly Matcher[]): readonly TextAtom[] {
  const pairs = matchers.flatMap((matcher, index) =>
    matcher.kind === 'issuer-and-subject' ? [{ ...matcher, index }] : [],
  );
  const ofMatchers = ({ text, matched }: TextAtom) => {
    return { text, matched: bitsOf(matched.flatMap((place) => pairs[place]?.index ?? [])) };
  };
  const issuers = textAtoms(
    pairs.map(({ issuer }) => issuer),
    'any',
  ).map(ofMatchers);
  const subjects = textAtoms(
    pairs.map(({ subject }) => subject),
    'any',
  ).map(ofMatchers);
  if (issuers.length * subjects.length > stateLimit) throw new TooLarge();
  const texts = new Map<Bits, string>();
  for (const issuer of issuers) {
    for (const subject of subjects) texts.set(issuer.matched & subject.matched, `${issuer.text}\n${subject.text}`);
  }
  if (texts.size > atomLimit) throw new TooLarge();
  return [...texts].map(([matched, text]) => ({ text, matched: indexesOf(matched) }));
}
