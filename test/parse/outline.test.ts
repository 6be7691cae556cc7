import { describe, expect, it } from 'vitest';
import { type Outline, outlineOf } from '../../src/parse/outline.js';
import { readObjects } from '../../src/parse/read-objects.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { goldenCases } from '../support/cases.js';
import { fc } from '../support/fast-check.js';

function outline(text: string): Outline | undefined {
  return outlineOf(text, 0, text.length);
}

const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-0\n  namespace: shop\nspec:\n  a: b\n';

describe('a document as machines write it', () => {
  it.each([
    ['as it is', pod],
    ['without an end of line', 'kind: Pod\nmetadata:\n  namespace: shop'],
    ['quoted', pod.replace('shop', '"shop"').replace('kind: Pod', "kind: 'Pod'")],
    ['with another indentation', pod.replaceAll('\n  n', '\n    n')],
    ['with comments and empty lines', `# first\n\n${pod.replace('  name', '  # more\n\n  name')}`],
    ['with labels', pod.replace('  name:', '  labels:\n    namespace: other\n    kind: Job\n  name:')],
    ['with a text of many lines', pod.replace('  name:', '  annotations:\n    last: |\n      {"a": ["b"\n  name:')],
    ['with items at the margin', `${pod}items:\n- kind: Job\n- metadata:\n`],
    ['with other keys', `kind: Pod\nmetadata:\n  finalizers: []\n  labels: {}\n  namespace: shop\n`],
  ])('is known %s', (_, text) => {
    expect(outline(text)).toMatchObject({ kind: 'Pod', namespace: 'shop' });
  });

  it('says nothing where it names no namespace', () => {
    expect(outline(pod.replace('  namespace: shop\n', ''))).toEqual({ kind: 'Pod', namespace: '', name: 'web-0' });
  });

  it('is a namespace by its own name', () => {
    const expected = { kind: 'Namespace', namespace: 'shop', name: 'shop' };
    expect(outline('kind: Namespace\nmetadata:\n  name: shop\n')).toEqual(expected);
  });
});

it.each([
  ['JSON', '{"kind": "Pod", "metadata": {"namespace": "shop"}}'],
  ['metadata in flow style', 'kind: Pod\nmetadata: { namespace: shop }\n'],
  ['a kind that comes twice', `${pod}kind: Job\n`],
  ['metadata that comes twice', `${pod}metadata:\n  namespace: other\n`],
  ['a namespace that comes twice', pod.replace('spec', '  namespace: other\nspec')],
  ['a quoted key', pod.replace('spec', '"kind"')],
  ['a quoted key of the metadata', pod.replace('name:', '"namespace": other\n  name:')],
  ['an explicit key', pod.replace('spec:', '? spec\n:')],
  ['an alias', pod.replace('shop', '*place')],
  ['an anchor', pod.replace('metadata:', 'metadata: &m')],
  ['a merge', pod.replace('  name:', '  <<: *m\n  name:')],
  ['a tag', pod.replace('shop', '!!str shop')],
  ['a template', pod.replace('shop', '{{ .Release.Namespace }}')],
  ['a word that is no text', pod.replace('shop', 'null')],
  ['a number', pod.replace('shop', '12')],
  ['a name that is no text', pod.replace('web-0', '12')],
  ['a text of several lines', pod.replace('shop', 'shop\n    more')],
  ['a kind of several lines', pod.replace('Pod', 'Pod\n  more')],
  ['a kind that a character ends', 'metadata:\n  namespace: shop\nkind: Pod#'],
  ['a quoted text that goes on', pod.replace('  name: web-0', '  a: "b\n  c')],
  ['a collection that goes on', pod.replace('  name: web-0', '  a: [b,\n  c')],
  ['a tabulator', pod.replace('spec', '\tspec')],
  ['a directive', `%YAML 1.1\n${pod}`],
  ['the end of a document', `${pod}...\n`],
  ['no kind', pod.replace('kind: Pod\n', '')],
  ['no metadata', 'kind: Pod\n'],
])('knows nothing of a document with %s', (_, text) => {
  expect(outline(text)).toBeUndefined();
});

/** What the reader takes from a text; `undefined` where it refuses it. */
function read(text: string): readonly Outline[] | undefined {
  const { value: documents, diagnostics } = readYaml({ path: 'a.yaml', text }, 'manifest');
  const objects = readObjects(documents);
  if (diagnostics.length + objects.diagnostics.length > 0) return undefined;
  return objects.value.map(({ kind, name, namespace = '' }) => {
    return { kind, namespace: kind === 'Namespace' ? name : namespace, name };
  });
}

it('says nothing else than the reader, whatever the lines', () => {
  const lines = [
    'apiVersion: v1',
    'kind: Pod',
    'kind: Job # why',
    'kind: Namespace',
    '"kind": Job',
    "'kind': Job",
    'metadata:',
    'metadata: &m',
    'spec: |',
    'spec:',
    'spec: "x',
    '"',
    '  name: a',
    "  'name': b",
    '  name: "a"',
    '  name: |',
    '  namespace: a',
    '  namespace: b',
    '  namespace: no',
    "  namespace: 'b",
    "  '",
    '  "namespace": b',
    '  namespace : b',
    '    namespace: c',
    '   namespace: c',
    '  labels:',
    '  labels: {',
    '  }',
    '  labels: "',
    '    a: "b"',
    '    a: "b\\"',
    '    more',
    '  - a: |',
    '  a: >-',
    '  a: b',
    '  a: it\'s "',
    '  # "',
    '- a',
    '',
    ' ',
    '#',
    '{',
    '}',
    '...',
  ];
  const text = fc
    .tuple(fc.shuffledSubarray(lines, { maxLength: 4 }), fc.shuffledSubarray(lines, { maxLength: 5 }))
    .map(([some, others]) =>
      ['apiVersion: v1', ...some, 'kind: Pod', 'metadata:', '  name: x', ...others].join('\n').concat('\n'),
    );
  let certain = 0;
  fc.assert(
    fc.property(text, (each) => {
      const found = outline(each);
      const really = found === undefined ? undefined : read(each);
      if (found === undefined || really === undefined) return;
      certain++;
      expect(really).toEqual([found]);
    }),
    { numRuns: 20_000 },
  );
  expect(certain).toBeGreaterThan(300);
});

it('knows documents of the golden cases, and takes none for another', () => {
  const documents = goldenCases().flatMap(({ sources }) => sources.flatMap(({ text }) => text.split(/^---\n/m)));
  const known = documents.flatMap((text) => {
    const found = outline(text);
    const really = read(text);
    return found === undefined || really === undefined ? [] : [{ found, really }];
  });
  expect(known.map(({ found }) => [found])).toEqual(known.map(({ really }) => really));
  expect(known.length).toBeGreaterThan(100);
});
