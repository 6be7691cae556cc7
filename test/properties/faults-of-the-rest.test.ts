import { dump, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/parse/document.js';
import { compile } from '../../src/pipeline.js';
import { hashOf } from '../../src/util/hash.js';
import { goldenCases } from '../support/cases.js';

// AMBIT_MUTANTS=all breaks every place of every case.
const share = process.env.AMBIT_MUTANTS === 'all' ? 1 : 40;

type Step = string | number;

/** Cases in which every text is read, so that nothing hides what is wrong with it. */
const read = goldenCases().filter(({ expect: codes }) => codes.every((code) => !/^AMB[01]/.test(code)));

/** Faults of the form of intents. */
const ofForm = /^AMB105[2-8]$/;

describe('a document that one place of breaks its schema', () => {
  it.each(read)('$name: nothing else is wrong with the rest', ({ name, sources, options, expect: known }) => {
    const wrong = sources.flatMap((source, file) => {
      if (source.cluster !== undefined || !source.text.includes('ambit.dev/')) return [];
      const documents = loadAll(source.text) as JsonObject[];
      return documents.flatMap((document, at) =>
        brokenIn(document).flatMap(({ what, value }) => {
          if (parseInt(hashOf(`${name} ${at} ${what}`).slice(0, 6), 16) % share !== 0) return [];
          const text = documents
            .map((each, index) => dump(index === at ? value : each, { noRefs: true }))
            .join('---\n');
          const changed = sources.map((each, index) => (index === file ? { ...each, text } : each));
          const { diagnostics, files } = compile(changed, { ...options, verify: false });
          const errors = diagnostics.filter(({ severity }) => severity === 'error');
          if (!errors.some(({ code }) => ofForm.test(code))) return [];
          const others = errors.filter(({ code }) => !ofForm.test(code) && !known.includes(code));
          return others.length === 0 && files.length === 0
            ? []
            : [`${what}: ${others.map(({ code, message }) => `${code} ${message}`).join('; ')}`];
        }),
      );
    });
    expect(wrong).toEqual([]);
  });
});

/** Each place of the spec with a value that no schema accepts, each field under a name that is none, and each left out. */
function brokenIn(document: JsonObject): ReadonlyArray<{ readonly what: string; readonly value: JsonValue }> {
  if (['Mesh', 'Project', 'Baseline'].includes(String(document.kind))) return [];
  return placesBelow(document.spec, ['spec']).flatMap((place) => [
    { what: `${place.join('.')} null`, value: changed(document, place, () => [place.at(-1) ?? '', null]) },
    ...(typeof place.at(-1) === 'string'
      ? [
          {
            what: `${place.join('.')} misspelt`,
            value: changed(document, place, (inner) => [`${place.at(-1)}Q`, inner]),
          },
        ]
      : []),
  ]);
}

function placesBelow(value: JsonValue | undefined, place: readonly Step[]): ReadonlyArray<readonly Step[]> {
  if (typeof value !== 'object' || value === null) return [];
  const steps: readonly Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return steps.flatMap((step) => {
    const inner = [...place, step];
    return [inner, ...placesBelow((value as Record<Step, JsonValue>)[step], inner)];
  });
}

function changed(
  document: JsonValue,
  [step, ...rest]: readonly Step[],
  change: (inner: JsonValue) => [Step, JsonValue],
): JsonValue {
  const next = (inner: JsonValue): [Step, JsonValue] =>
    rest.length === 0 ? change(inner) : [step ?? '', changed(inner, rest, change)];
  if (Array.isArray(document)) return document.map((item, index) => (index === step ? next(item)[1] : item));
  return Object.fromEntries(
    Object.entries(document as JsonObject).map(([key, inner]) => (key === step ? next(inner) : [key, inner])),
  );
}
