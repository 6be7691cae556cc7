import { expect, test } from 'vitest';
import { compile, verify } from '../../src/pipeline.js';
import { diagnosticsToText } from '../../src/report/human.js';
import { topologyToText } from '../../src/report/topology.js';
import { everyIntent, everyKind } from '../support/every-kind.js';
import { fc } from '../support/fast-check.js';
import { plainPage } from '../support/page.js';

type Path = readonly string[];

/** Values that no field of any kind is meant to have, and texts that mean something to JavaScript alone. */
const oddValues: readonly unknown[] = [
  null,
  [],
  {},
  [null],
  [[]],
  [{}],
  0,
  -1,
  1.5,
  70000,
  true,
  '',
  'toString',
  '__proto__',
  'constructor',
  '*',
  '/',
  'a/b',
  'x'.repeat(3000),
  { toString: 'x' },
  { constructor: 'x' },
  ['constructor', null],
  JSON.parse('{ "__proto__": { "a": "b" } }'),
  '\u001b[2J',
  '10.0.0.0/08',
];

const oddNames = ['toString', 'constructor', '__proto__', 'hasOwnProperty', ''];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]))];
}

/** A copy in which the entry that a path leads to is another, or gone. */
function changed(
  value: unknown,
  [step, ...rest]: Path,
  change: (entry: [string, unknown]) => [string, unknown],
): object {
  const entries = Object.entries(Object(value)).map(([key, child]): [string, unknown] => {
    if (key !== step) return [key, child];
    return rest.length === 0 ? change([key, child]) : [key, changed(child, rest, change)];
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

const places = [...everyKind, ...everyIntent].flatMap((object, index) =>
  pathsIn(object)
    .filter((path) => path.length > 0)
    .map((path) => ({ index, path })),
);

const change = fc.oneof(
  fc.constantFrom(...oddValues).map((odd) => ([key]: [string, unknown]): [string, unknown] => [key, odd]),
  fc.constantFrom(...oddNames).map((odd) => ([, value]: [string, unknown]): [string, unknown] => [odd, value]),
);

function source(path: string, objects: readonly object[]) {
  return { path, text: objects.map((object) => JSON.stringify(object)).join('\n---\n') };
}

test('the mesh of all kinds is read to the end', () => {
  const codes = [
    ...verify([source('mesh.yaml', everyKind)], { today: '2026-06-01' }).diagnostics,
    ...compile([source('mesh.yaml', everyKind), source('intents.yaml', everyIntent)], {
      today: '2026-06-01',
      provenance: 'ids',
    }).diagnostics,
  ].map(({ code }) => code);
  expect(codes.filter((code) => /^AMB[01]|^AMB5001/.test(code))).toEqual([]);
  expect(codes).toContain('AMB3007');
});

function expectRead(index: number, path: Path, change: (entry: [string, unknown]) => [string, unknown]): void {
  const all = [...everyKind, ...everyIntent].map((object, at) =>
    at === index ? changed(object, path, change) : object,
  );
  const manifests = source('mesh.yaml', all.slice(0, everyKind.length));
  const intents = source('intents.yaml', all.slice(everyKind.length));
  const { topology, diagnostics } = compile([manifests, intents], { today: '2026-06-01', provenance: 'full' });
  const found = [...diagnostics, ...verify([manifests], { today: '2026-06-01' }).diagnostics];
  const said = diagnosticsToText(found, { colourLevel: 0, displayPath: (file) => file });
  if (topology !== undefined) expect(topologyToText(topology, plainPage)).toContain('cluster');
  expect(said).not.toMatch(/[^\P{Cc}\n]/u);
}

test('any value in any place, and any name of any field, is read or reported, and never a crash', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), change, ({ index, path }, odd) => expectRead(index, path, odd)),
    { numRuns: 150 },
  );
});

test.each([...everyKind, ...everyIntent].map((object, index) => [object, index] as const))(
  'an object that JavaScript cannot make a text of, in any place, is read or reported, too: $kind',
  (_, index) => {
    const here = places.filter((place) => place.index === index);
    for (const { path } of here) expectRead(index, path, ([key]) => [key, [{ toString: 'x' }]]);
  },
);
