import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/parse/document.js';
import { type ExpectedWarning, expectationOf, expectedWarnings } from './analyzers/expected-warnings.js';
import { findingIn } from './analyzers/findings.js';
import { unasked } from './answers/comparison.js';
import { standingsOf } from './cases/project.js';
import { exampleProjects, goldenProjects } from './cases/repository.js';
import type { JudgeAnswer } from './contract.js';
import { judgeAll } from './judge-process.js';

// What Ambit writes is admitted, without a warning of the webhook, and no analyzer finds anything at it, but for what is expected
// of either. Pods are left out: beside some, the analyzers take those for no pods that Deployments have yet to start.
const folder = new URL('.', import.meta.url).pathname;
const applied = [...exampleProjects(), ...goldenProjects()]
  .filter(({ sources }) => sources.length > 0)
  .flatMap(standingsOf)
  .filter(({ name, objects }) => name.endsWith('/applied') && objects.some(isOurs))
  .map((standing) => ({ ...standing, objects: standing.objects.filter(({ kind }) => kind !== 'Pod') }));

it('objects of Ambit’s pass admission and the analyzers', () => {
  const met = new Set<ExpectedWarning>();
  const faults = judgeAll(folder, applied.map(unasked), ['--analyze']).flatMap((answer, index) => {
    const ours = new Map((applied[index]?.objects ?? []).filter(isOurs).map((object) => [placeOf(object), object]));
    const unexpected = faultsOf(answer).filter(({ text, places }) => {
      const expectations = ofPlaces(ours, places).map((object) => expectationOf(object, text));
      for (const expectation of expectations) if (expectation !== undefined) met.add(expectation);
      return expectations.includes(undefined);
    });
    return [...(answer.error === undefined ? [] : [answer.error]), ...unexpected.map(({ text }) => text)].map(
      (fault) => `${answer.name}: ${fault}`,
    );
  });
  expect(applied.length).toBeGreaterThan(0);
  expect(faults).toEqual([]);
  expect(expectedWarnings.filter((expected) => !met.has(expected))).toEqual([]);
});

interface Fault {
  readonly text: string;
  /** The objects that it is about. */
  readonly places: readonly string[];
}

function faultsOf({ refused = [], warned = [], analyzed = [] }: JudgeAnswer): readonly Fault[] {
  return [
    ...[...refused, ...warned].map((text) => ({ text, places: [text.slice(0, text.indexOf(':'))] })),
    ...analyzed.map((text) => ({ text, places: findingIn(text).map(({ kind, name }) => `${kind} ${name}`) })),
  ];
}

function ofPlaces(objects: ReadonlyMap<string, JsonObject>, places: readonly string[]): readonly JsonObject[] {
  return places.map((place) => objects.get(place)).filter((object) => object !== undefined);
}

function isOurs({ metadata }: JsonObject): boolean {
  return Object(Object(metadata).labels)['app.kubernetes.io/managed-by'] === 'ambit';
}

function placeOf({ kind, metadata }: JsonObject): string {
  const { name, namespace } = Object(metadata);
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
