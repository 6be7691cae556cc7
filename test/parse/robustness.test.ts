import { dump } from 'js-yaml';
import { expect, it } from 'vitest';
import { hasErrors, type Span } from '../../src/diagnostics/diagnostic.js';
import type { Path } from '../../src/parse/document.js';
import { readComments } from '../../src/parse/read-comments.js';
import { readObjects } from '../../src/parse/read-objects.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { fc } from '../support/fast-check.js';

const snippets = [
  ...[
    'a: 1',
    'b:',
    '- ',
    '- x\n',
    '  ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '---\n',
    '...\n',
    '--- x',
    '? ',
    ': ',
    ', ',
    '# c\n',
  ],
  ...['[', ']', '{', '}', '"', "'", '|\n', '>-\n', '&a ', '*a ', '<<: ', '!!str ', '!x ', '%YAML 1.1\n', '\\', '\\u'],
  ...[
    '\0',
    '\u2028',
    '\uFEFF',
    '\x85',
    '\ud800',
    '😀',
    '::',
    'fe80::',
    '.inf',
    'null: ',
    '~: ',
    '{{',
    '__proto__: ',
    'on',
  ],
  ...['apiVersion: v1\n', 'kind: List\n', 'items:\n', 'metadata: ', 'name: a', 'toString: '],
];

const yamlLike = fc.array(fc.oneof(fc.constantFrom(...snippets), fc.string({ maxLength: 3 })), { maxLength: 30 });

const mutated = fc
  .tuple(fc.jsonValue(), fc.nat(), fc.nat({ max: 4 }), fc.constantFrom(...snippets))
  .map(([value, position, removed, inserted]) => {
    const text = dump(value, { noRefs: true });
    const at = position % (text.length + 1);
    return text.slice(0, at) + inserted + text.slice(at + removed);
  });

function isInside({ file, start, end }: Span): boolean {
  return 0 <= start && start <= end && end <= file.text.length;
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  yamlLike.map((parts) => parts.join('')),
  mutated,
);

it.each(['intent', 'manifest'] as const)(
  'no text makes reading an %s throw, or point at what is not there',
  (strictness) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { value, diagnostics } = readYaml({ path: 'a.yaml', text }, strictness);
        const spans = [
          ...[...diagnostics, ...readObjects(value).diagnostics].flatMap(({ span }) => span ?? []),
          ...value.flatMap((document) =>
            pathsOf(document.value).flatMap((path) => [document.spanOf(path), document.spanOf(path, 'key')]),
          ),
        ];
        expect(spans.filter((span) => !isInside(span))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  },
);

it('no comment makes reading throw, or stands for what is not there', () => {
  const comment = fc.constantFrom(
    '# ambit: accept AMB5301 until 2027-01-31 because x\n',
    ' # ambit: ignore AMB5301, AMB5302 until x by y because z\n',
    '# ambit: accept\n',
    '#ambit:',
  );
  const commented = fc.array(fc.oneof(comment, fc.constantFrom(...snippets)), { maxLength: 20 });
  fc.assert(
    fc.property(commented, (parts) => {
      const file = { path: 'a.yaml', text: parts.join('') };
      const { value, diagnostics } = readComments(file, readYaml(file, 'manifest').value);
      const places = value.flatMap(({ where, span }) => (where.kind === 'text' ? [where.span, span] : [span]));
      const spans = [...places, ...diagnostics.flatMap(({ span }) => span ?? [])];
      expect(spans.filter((span) => !isInside(span))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

it('a manifest is refused for whatever an intent is refused for, but repeated keys', () => {
  const faults = (text: string, strictness: 'intent' | 'manifest') =>
    readYaml({ path: 'a.yaml', text }, strictness).diagnostics.flatMap(({ name, severity, span }) =>
      severity === 'error' && name !== 'duplicate-key' ? [[name, span?.start]] : [],
    );
  fc.assert(
    fc.property(anyText, (text) => {
      expect(faults(text, 'manifest')).toEqual(faults(text, 'intent'));
    }),
    { numRuns: 2000 },
  );
});

it('a scalar is written where its position says, and found by its position', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const tree = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('node')), fc.dictionary(fc.string(), tie('node'))),
  })).node;
  const style = fc.record({ flowLevel: fc.constantFrom(-1, 0, 1, 2), lineWidth: fc.constantFrom(-1, 20) });
  fc.assert(
    fc.property(fc.dictionary(fc.string(), tree), style, (value, options) => {
      const file = { path: 'a.yaml', text: dump(value, { noRefs: true, ...options }) };
      const { value: documents, diagnostics } = readYaml(file, 'manifest');
      // What js-yaml itself leaves bare in brackets may be refused: `{a:}: 1}`.
      fc.pre(!hasErrors(diagnostics));
      for (const document of documents) {
        for (const path of pathsOf(document.value)) {
          const span = document.spanOf(path);
          const { start, end } = span;
          const written = file.text.slice(start, end);
          const at = path.reduce<unknown>((parent, key) => Reflect.get(Object(parent), key), document.value);
          if (typeof at === 'object') continue;
          expect(document.pathOf(span)).toEqual(path);
          if (written.includes('\n')) continue;
          const [again] = readYaml({ path: 'b.yaml', text: `v: ${written}` }, 'manifest').value;
          expect(again?.value).toEqual({ v: at });
        }
      }
    }),
    { numRuns: 300 },
  );
});
