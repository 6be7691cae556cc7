import { describe, expect, it } from 'vitest';
import { valueDimension } from '../../src/algebra/dimension.js';
import { languageMachine } from '../../src/algebra/texts/language-machine.js';
import { textAtoms } from '../../src/algebra/texts/text-atoms.js';
import { normalizePath } from '../../src/mesh/normalize-path.js';
import { type Matcher, matches, matchesText, type TextMatcher } from '../../src/mesh/policies/matcher.js';
import { pathNormalizations } from '../../src/parse/mesh.js';
import { fc } from '../support/fast-check.js';

/** All texts over an alphabet up to a length. */
function texts(alphabet: string, length: number): string[] {
  let last = [''];
  const every = [''];
  for (let round = 0; round < length; round++) {
    last = last.flatMap((text) => Array.from(alphabet).map((letter) => text + letter));
    every.push(...last);
  }
  return every;
}

const signature = (matchers: readonly TextMatcher[], text: string) =>
  matchers.map((matcher) => Number(matchesText(matcher, text))).join('');

function signatures(matchers: readonly TextMatcher[], candidates: readonly string[]): string[] {
  return [...new Set(candidates.map((text) => signature(matchers, text)))].sort();
}

const literals = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 2 });
const plainOf = (values: typeof literals) =>
  fc
    .tuple(fc.constantFrom('exact', 'prefix', 'suffix'), values)
    .map(([kind, value]): TextMatcher => ({ kind, value, ignoreCase: false }));
const plain = plainOf(literals);
const matchers = fc.array(fc.oneof(plain, fc.constant<TextMatcher>({ kind: 'non-empty' })), { maxLength: 4 });
const rewrites = fc
  .tuple(literals, fc.constantFrom('', 'a', 'ab', 'x'), fc.constantFrom('b', 'x'))
  .map(([from, to, alone]) => ({ from, to, alone }));
const rewritten = fc
  .tuple(rewrites, plain)
  .map(([rewrite, matcher]): TextMatcher => ({ kind: 'rewritten', rewrite, matcher }));
/** With a longer value at its end some classes would have no text among the candidates. */
const rewrittenTwice = fc
  .tuple(rewrites, rewrites, plainOf(fc.constantFrom('a', 'b')))
  .map(([first, second, matcher]): TextMatcher => {
    return { kind: 'rewritten', rewrite: first, matcher: { kind: 'rewritten', rewrite: second, matcher } };
  });

it('finds every class of texts, and no class that does not exist', () => {
  const candidates = texts('abx', 6);
  fc.assert(
    fc.property(matchers, (all) => {
      const atoms = textAtoms(all, 'any').map(({ text }) => text);
      expect(atoms.map((text) => signature(all, text)).sort()).toEqual(signatures(all, candidates));
    }),
    { numRuns: 300 },
  );
});

it('finds every class of hosts that are told apart by their names, whatever port follows', () => {
  const withoutPort = plain.map((matcher): TextMatcher => ({ kind: 'without-port', matcher }));
  const candidates = texts('abx:', 7);
  fc.assert(
    fc.property(fc.array(fc.oneof(plain, withoutPort), { maxLength: 3 }), (all) => {
      const atoms = textAtoms(all, 'any').map(({ text }) => text);
      expect(atoms.map((text) => signature(all, text)).sort()).toEqual(signatures(all, candidates));
    }),
    { numRuns: 200 },
  );
});

it('finds every class of texts that are told apart by what they become', () => {
  const candidates = texts('abx', 7);
  fc.assert(
    fc.property(fc.array(fc.oneof(plain, rewritten, rewrittenTwice), { maxLength: 3 }), (all) => {
      const atoms = textAtoms(all, 'any').map(({ text }) => text);
      expect(atoms.map((text) => signature(all, text)).sort()).toEqual(signatures(all, candidates));
    }),
    { numRuns: 300 },
  );
});

describe('paths', () => {
  const segment = fc.constantFrom('a', '{*}', '{**}', '');
  const templates = fc
    .array(segment, { minLength: 1, maxLength: 3 })
    .filter((segments) => segments.filter((part) => part === '{**}').length < 2)
    .map((segments) => `/${segments.join('/')}`)
    .map(
      (value): TextMatcher =>
        value.includes('{') ? { kind: 'template', value } : { kind: 'prefix', value, ignoreCase: false },
    );

  it('finds every class of normalised paths that templates and prefixes make', () => {
    const candidates = texts('/ax=', 5).filter((text) => text.startsWith('/') && normalizePath(text, 'BASE') === text);
    fc.assert(
      fc.property(fc.array(templates, { maxLength: 3 }), (all) => {
        const atoms = textAtoms(all, 'path BASE').map(({ text }) => text);
        expect(atoms.every((text) => normalizePath(text, 'BASE') === text)).toBe(true);
        const found = atoms.map((text) => signature(all, text)).sort();
        expect(found).toEqual([...new Set(found)]);
        for (const existing of signatures(all, candidates)) expect(found).toContain(existing);
      }),
      { numRuns: 200 },
    );
  });

  it.each(pathNormalizations)('are for %s those that are as they are rewritten', (how) => {
    const machine = languageMachine(`path ${how}`);
    const accepts = (text: string) =>
      machine.accepts(Array.from(text).reduce((state, character) => machine.step(state, character), 0));
    const anything = fc.string({ unit: fc.constantFrom(...'//..%%2Ff5Cc041aA~|?#\\'), maxLength: 12 });
    fc.assert(
      fc.property(anything, (text) => {
        expect(accepts(`/${text}`)).toBe(normalizePath(`/${text}`, how) === `/${text}`);
      }),
      { numRuns: 5_000 },
    );
    expect(['', 'a', '*'].map(accepts)).toEqual([false, false, false]);
  });

  it.each(pathNormalizations)('finds every class of paths that policies meet with %s', (how) => {
    const literal = fc.constantFrom('/a', '/a/', '//a', '/a//', '/%41', '/%2F', '/%2Fa', '/.', '/a/..', '/%');
    const kinds = fc.constantFrom('exact', 'prefix', 'suffix');
    const literals = fc.tuple(kinds, literal).map(([kind, value]): TextMatcher => ({ kind, value, ignoreCase: false }));
    const candidates = texts('/a.%2F', 5).filter((text) => normalizePath(text, how) === text);
    const possible = candidates.filter((text) => text.startsWith('/'));
    fc.assert(
      fc.property(fc.array(literals, { maxLength: 3 }), (all) => {
        const atoms = textAtoms(all, `path ${how}`).map(({ text }) => text);
        expect(atoms.filter((text) => normalizePath(text, how) !== text)).toEqual([]);
        const found = atoms.map((text) => signature(all, text));
        for (const existing of signatures(all, possible)) expect(found).toContain(existing);
      }),
      { numRuns: 60 },
    );
  });

  it('knows that no request has a path that normalisation removes', () => {
    const all: TextMatcher[] = [{ kind: 'exact', value: '/a/../b', ignoreCase: false }];
    expect(textAtoms(all, 'path BASE').map(({ text }) => signature(all, text))).toEqual(['0']);
  });
});

describe('dimensions', () => {
  const block = (text: string): Matcher => ({ kind: 'block', block: text });
  it('cuts addresses at the ends of blocks', () => {
    const { atoms } = valueDimension(
      'source.ip',
      [block('10.0.0.0/8'), block('10.1.0.0/16'), block('fd00::/8')],
      'BASE',
    );
    expect(atoms.map(({ values }) => values[0])).toEqual(['0.0.0.0', '10.0.0.0', '10.1.0.0', 'fd00:0:0:0:0:0:0:0']);
  });

  it('lets a header be absent, and hosts be compared without case', () => {
    expect(
      valueDimension('request.headers[x]', [{ kind: 'present' }], 'BASE').atoms.map(({ values }) => values),
    ).toEqual([[], ['']]);
    const host: Matcher = { kind: 'suffix', value: '.Example', ignoreCase: true };
    const atoms = valueDimension('request.host', [host], 'BASE').atoms.map(({ values }) =>
      matches(host, values[0] ?? ''),
    );
    expect(atoms.sort()).toEqual(['no', 'yes']);
  });
});
