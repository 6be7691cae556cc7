import { expect, it } from 'vitest';
import { rangeOf } from '../../src/diagnostics/position.js';
import { type Path, spanIn } from '../../src/parse/document.js';
import { compile } from '../../src/pipeline.js';
import { manifestLine } from '../../src/proof/manifest-line.js';
import { objectsOf } from '../mesh/support/mesh.js';
import { goldenCases } from '../support/cases.js';

/** The places that a proof asks for: every rule, and every item within it. */
function placesOf(rules: unknown): readonly Path[] {
  const lists = Array.isArray(rules) ? rules : [];
  return lists.flatMap((rule, index) => {
    const at = ['spec', 'rules', index];
    const items = ['from', 'to', 'when'].flatMap((key) =>
      (rule[key] ?? []).map((_: unknown, item: number) => [...at, key, item]),
    );
    return [at, ...items];
  });
}

it('finds the line on which a rule of an emitted policy begins', () => {
  const files = goldenCases().flatMap(({ sources, options }) => compile(sources, options).files);
  const objects = files.flatMap(({ path, text }) => objectsOf(text, path).map(({ object }) => object));
  const wrong = objects
    .filter(({ kind }) => kind === 'AuthorizationPolicy')
    .flatMap((object) =>
      placesOf(Object(object.value.spec).rules).flatMap((place) => {
        const { file } = object.document;
        const line = rangeOf(spanIn(object, place)).start.line;
        const found = manifestLine(object, place);
        return found === `${file.path}:${line}` ? [] : [`${place.join('.')}: ${found}, not ${line}\n${file.text}`];
      }),
    );
  expect(wrong).toEqual([]);
});

it('counts from the beginning of the file, and answers for what is not there with what holds it', () => {
  const text =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n# a comment\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\nspec:\n  rules:\n  - to: 1\n';
  const [, second] = objectsOf(text, 'two.yaml');
  expect(second && manifestLine(second.object, ['spec', 'rules', 0])).toBe('two.yaml:13');
  expect(second && manifestLine(second.object, ['metadata', 'labels'])).toBe('two.yaml:10');
});
