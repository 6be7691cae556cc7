import { expect, it } from 'vitest';
import type { Span } from '../../src/diagnostics/diagnostic.js';
import type { Source } from '../../src/pipeline.js';
import { fc } from '../support/fast-check.js';
import { compileSources, errorsOf, projectSources } from '../support/property-projects.js';

const values = [
  '',
  '~',
  'null',
  '[]',
  '{}',
  '0',
  '-1',
  'true',
  'on',
  '1e9',
  '""',
  'a/b',
  '/',
  '*',
  '**',
  '{*}',
  '🙂',
  '- a',
  '{ a: b }',
  '[a]',
  '&a x',
  '*a',
  'x'.repeat(300),
];
const insertions = [
  '\t',
  '  ',
  '\n',
  '---\n',
  '...',
  ':',
  ': ',
  '- ',
  '#',
  '"',
  "'",
  '[',
  '}',
  '|',
  '\0',
  '\uFEFF',
  '\u2028',
  '\ud800',
  '<<: *a',
  '!!int ',
];

type Mutation = (text: string) => string;

const nth = fc.nat({ max: 1_000 });

/** Applies a change to one line of a text. */
const onLine =
  (change: (line: string) => string[]) =>
  (at: number): Mutation =>
  (text) => {
    const lines = text.split('\n');
    const index = at % lines.length;
    return lines.flatMap((line, number) => (number === index ? change(line) : [line])).join('\n');
  };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  nth.map(onLine(() => [])),
  nth.map(onLine((line) => [line, line])),
  nth.map(onLine((line) => [` ${line}`])),
  nth.map(onLine((line) => [line.replace(/^ {1,2}/, '')])),
  nth.map(onLine((line) => [`    ${line}`])),
  fc
    .tuple(nth, fc.constantFrom(...values))
    .map(([at, value]) => onLine((line) => [line.replace(/(:|-)( .*)?$/, `$1 ${value}`)])(at)),
  fc
    .tuple(nth, fc.constantFrom(...values))
    .map(([at, value]) => onLine((line) => [line.replace(/\w+:/, `${value}:`)])(at)),
  fc
    .tuple(
      fc.nat(),
      fc.nat({ max: 6 }),
      fc.oneof(fc.constantFrom(...insertions), fc.string({ unit: 'binary', maxLength: 4 })),
    )
    .map(
      ([at, removed, inserted]): Mutation =>
        (text) => {
          const start = at % (text.length + 1);
          return text.slice(0, start) + inserted + text.slice(start + removed);
        },
    ),
);

const mutated = fc
  .tuple(projectSources, fc.array(fc.tuple(fc.nat({ max: 3 }), mutation), { minLength: 1, maxLength: 3 }))
  .map(([sources, mutations]) => mutations.reduce(applyTo, sources));

function applyTo(sources: readonly Source[], [chosen, mutate]: readonly [number, Mutation]): readonly Source[] {
  return sources.map((source, index) => (index === chosen ? { ...source, text: mutate(source.text) } : source));
}

it('no text makes the compiler throw; it answers with files, or with an error that shows its place', () => {
  fc.assert(
    fc.property(mutated, (sources) => {
      const result = compileSources(sources);
      const errors = errorsOf(result);
      expect(errors.filter(({ span }) => span === null)).toEqual([]);
      expect(result.files).toHaveLength(errors.length > 0 ? 0 : result.manifests.length);
      const spans = result.diagnostics.flatMap(({ span, notes }) => [span, ...notes.map((note) => note.span ?? null)]);
      expect(spans.filter((span) => span !== null && !isInside(span, sources))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

it('words in place of words are taken for what they are', () => {
  const words = fc.tuple(projectSources, fc.nat({ max: 3 }), nth, fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(words, ([sources, chosen, at, word]) => {
      const change = onLine((line) => [line.replace(/(:|-) [^ ].*$/, `$1 ${JSON.stringify(word)}`)])(at);
      const result = compileSources(applyTo(sources, [chosen, change]));
      expect(errorsOf(result).filter(({ span }) => span === null)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

function isInside({ file, start, end }: Span, sources: readonly Source[]): boolean {
  const isKnown = sources.some(({ path, text }) => path === file.path && text === file.text);
  return isKnown && 0 <= start && start <= end && end <= file.text.length;
}
