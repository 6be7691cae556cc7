import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { KubernetesObject, Manifest } from '../../src/emit/manifest.js';
import { printManifest, printStream } from '../../src/emit/print-yaml.js';
import type { JsonObject, JsonValue } from '../../src/parse/document.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { fc } from '../support/fast-check.js';
import { hasKubectl, readWithKubectl } from '../support/kubectl.js';

function manifest(object: JsonObject, parts: Partial<Pick<Manifest, 'header' | 'comments'>> = {}): Manifest {
  return {
    cluster: 'east',
    phase: '20-policies',
    object: object as KubernetesObject,
    header: [],
    comments: [],
    realises: [],
    ...parts,
  };
}

function probe(spec: JsonValue): Manifest {
  return manifest({ apiVersion: 'example.com/v1', kind: 'Probe', metadata: { name: 'probe' }, spec } as JsonObject);
}

describe('the style', () => {
  it('is block style, with sequences at the column of their key', () => {
    const object = {
      spec: { rules: [{ from: [{ source: { principals: ['a/b'] } }], to: [] }, {}], matrix: [['a', ['b']], []] },
      kind: 'AuthorizationPolicy',
      metadata: { name: 'shop', labels: {} },
      apiVersion: 'security.istio.io/v1',
    };
    expect(printManifest(manifest(object))).toBe(`apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: shop
  labels: {}
spec:
  rules:
  - from:
    - source:
        principals:
        - a/b
    to: []
  - {}
  matrix:
  - - a
    - - b
  - []
`);
  });

  it('prints numbers, booleans and null plainly, and quotes text that could be one', () => {
    const spec = {
      a: 1,
      b: -1.5,
      c: true,
      d: null,
      e: '1',
      f: 'true',
      g: 'null',
      h: 'y',
      i: '',
      on: '1.5',
      'a b': 'c d',
    };
    expect(printManifest(manifest({ spec }))).toBe(
      [
        'spec:',
        ...['  a: 1', '  b: -1.5', '  c: true', '  d: null', '  e: "1"', '  f: "true"', '  g: "null"', '  h: "y"'],
        ...['  i: ""', '  "on": "1.5"', '  "a b": "c d"', ''],
      ].join('\n'),
    );
  });

  it('prints several lines as they are where every reader takes them so', () => {
    const data = {
      'mesh.yaml': 'a: 1\n\nb:\n  - c\n',
      open: 'x\ny',
      list: 'x\n\n',
      indented: ' x\ny\n',
      tab: 'x\n\ty\n',
    };
    expect(printManifest(manifest({ data }))).toBe(
      [
        'data:',
        ...['  mesh.yaml: |', '    a: 1', '', '    b:', '      - c', '  open: |-', '    x', '    y'],
        ...['  list: "x\\n\\n"', '  indented: " x\\ny\\n"', '  tab: "x\\n\\ty\\n"', ''],
      ].join('\n'),
    );
  });

  it('separates the documents of a stream', () => {
    const stream = printStream([manifest({ kind: 'A' }, { header: ['first'] }), manifest({ kind: 'B' })]);
    expect(stream).toBe('# first\nkind: A\n---\nkind: B\n');
  });
});

describe('comments', () => {
  it('stand above the object, the key or the dash that they speak of', () => {
    const object = { kind: 'A', spec: { rules: [{ from: ['a'], to: ['b'] }, [['c'], 'd']], empty: {} } };
    const comments = [
      { path: ['spec'], lines: ['spec'] },
      { path: ['spec', 'rules', 0, 'from'], lines: ['from'] },
      { path: ['spec', 'rules', 0], lines: ['rule', ''] },
      { path: ['spec', 'rules', 0, 'to'], lines: ['to'] },
      { path: ['spec', 'rules', 0, 'to', 0], lines: ['b'] },
      { path: ['spec', 'rules', 1, 0, 0], lines: ['c'] },
      { path: ['spec', 'rules', 1, 1], lines: ['d'] },
      { path: ['spec', 'empty'], lines: ['empty'] },
      { path: [], lines: ['all'] },
    ];
    expect(printManifest(manifest(object, { header: ['head'], comments }))).toBe(`# head
# all
kind: A
# spec
spec:
  rules:
  # rule
  #
  # from
  - from:
    - a
    # to
    to:
    # b
    - b
  # c
  - - - c
    # d
    - d
  # empty
  empty: {}
`);
  });

  it('never end before their line does', () => {
    const hostile = 'a\nb\rc\u0085d\u2028e\u2029f\0g\x1bh\ufeffi\ud800j\tk';
    const text = printManifest(manifest({ kind: 'A' }, { header: [hostile] }));
    expect(text).toBe('# a b c d e f g h i j k\nkind: A\n');
  });

  it('must lead to a value: provenance is never lost', () => {
    const comments = [{ path: ['spec', 'rules', 3], lines: ['x'] }];
    expect(() => printManifest(manifest({ spec: { rules: [] } }, { comments }))).toThrow('spec.rules.3');
  });
});

describe('what YAML cannot carry is a bug of its author', () => {
  it.each([{ a: '\ud800' }, { '\udc00': 1 }, { a: 'x\n\ud800' }, { a: Number.NaN }, { ['k'.repeat(1001)]: 1 }])(
    '%j',
    (spec) => {
      expect(() => printManifest(manifest({ spec }))).toThrow('invariant broken');
    },
  );
});

const hostileText = [
  ...[
    'y',
    'Y',
    'n',
    'yes',
    'No',
    'ON',
    'off',
    'true',
    'False',
    'null',
    'Null',
    '~',
    '',
    ' ',
    '  x',
    'x ',
    '\t',
    'x\ty',
  ],
  ...[
    '0',
    '-0',
    '012',
    '0o17',
    '0x1F',
    '0X1F',
    '0b11',
    '1_000',
    '1__0',
    '685_230.15',
    '1e3',
    '.5',
    '+.5',
    '5.',
    '1:30',
  ],
  ...['.inf', '-.INF', '.nan', '2001-01-01', '2001-12-14t21:59:43.10-05:00', '<<', '=', '-', '- a', '--', '---', '...'],
  ...[
    '?',
    '? a',
    ':',
    ': a',
    'a: b',
    'a:',
    ':a',
    '::1',
    'fe80::',
    'a #b',
    '#a',
    'a#b',
    '&a',
    '*a',
    '!a',
    '!!str a',
    '|',
  ],
  ...[
    '>',
    '%a',
    '@a',
    '`a`',
    '{',
    '}',
    '[',
    ']',
    ',',
    'a,b',
    '{a}',
    '[a]',
    "'",
    '"',
    "it's",
    '"a"',
    '\\',
    '\\n',
    '/a',
    '_a',
  ],
  ...[
    'a\nb',
    'a\nb\n',
    'a\n\nb\n',
    '\na',
    'a\n',
    '\n',
    '\n\n',
    'a\n\n',
    ' a\nb',
    'a\n b',
    'a \nb',
    'a\n ',
    'a\n  \nb\n',
  ],
  ...[
    'a\n---\nb',
    'a\n...\nb\n',
    'a: 1\nb: 2\n',
    '# a\nb\n',
    '- a\n- b\n',
    'a\n\tb\n',
    'a\r\nb',
    'a\rb',
    '%YAML 1.2\na\n',
  ],
  ...[
    'a\x85b',
    'a\u2028b',
    'a\u2029b',
    '\ufeffa',
    'a\ufeffb',
    'a\nb\u2028c',
    '\0',
    '\x07',
    '\x1b[0m',
    '\x7f',
    '\x80',
    '\x9f',
  ],
  ...['\ufffe', '\uffff', '\ufffd', '\xa0', 'é', '😀', '\u{10ffff}', '\u3000', 'a'.repeat(500), 'a b '.repeat(100)],
];

const text = fc.oneof(
  fc.constantFrom(...hostileText),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...hostileText), { maxLength: 4 }).map((parts) => parts.join('\n')),
);
const key = text.filter((candidate) => candidate.length < 150);
const tree: fc.Arbitrary<JsonValue> = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).map(positiveZero), fc.boolean()),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(key, tie('node'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

/** JSON has one zero; Kubernetes drops the sign of the other. */
function positiveZero(value: number): number {
  return value === 0 ? 0 : value;
}

/** What go-yaml and kubectl would read, by the reader of this project. */
function readBack(printed: string): unknown {
  const { value, diagnostics } = readYaml({ path: 'a.yaml', text: printed }, 'manifest');
  expect(diagnostics).toEqual([]);
  return value[0]?.value;
}

describe('any value reads back as it was, in every reader', () => {
  const readers: ReadonlyArray<readonly [name: string, read: (printed: string) => unknown]> = [
    ['as kubectl reads', readBack],
    ['js-yaml', (printed) => load(printed)],
    ['yaml 1.2', (printed) => parseDocument(printed).toJS()],
    ['yaml 1.1', (printed) => parseDocument(printed, { version: '1.1' }).toJS()],
  ];

  it.each(readers)('%s', (_, read) => {
    fc.assert(
      fc.property(tree, (spec) => {
        const { object } = probe(spec);
        expect(read(printManifest(probe(spec)))).toEqual(object);
      }),
      { numRuns: 500 },
    );
  });

  it('and comments change nothing', () => {
    fc.assert(
      fc.property(tree, text, (spec, comment) => {
        const comments = [{ path: ['spec'], lines: [comment] }];
        expect(readBack(printManifest({ ...probe(spec), header: [comment], comments }))).toEqual(probe(spec).object);
      }),
      { numRuns: 200 },
    );
  });

  it.runIf(hasKubectl)('kubectl', () => {
    const specs: JsonObject[] = hostileText.map((hostile) => ({
      value: hostile,
      list: [hostile, [hostile]],
      [hostile]: 1,
    }));
    const generated = fc.sample(tree, { numRuns: 300, seed: 1 }).map((value) => ({ value }));
    const all = [...specs, ...generated];
    const read = readWithKubectl(printStream(all.map(probe)));
    expect(typeof read === 'string' ? read : read.map(({ spec }) => spec)).toEqual(all);
  });
});
