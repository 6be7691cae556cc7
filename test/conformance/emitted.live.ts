import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/parse/document.js';
import { findingIn } from './analyzers/findings.js';
import { unasked } from './answers/comparison.js';
import { standingsOf } from './cases/project.js';
import { exampleProjects, goldenProjects } from './cases/repository.js';
import type { JudgeAnswer } from './contract.js';
import { judgeAll } from './judge-process.js';

// What Ambit writes is admitted, without a warning of the webhook, and no analyzer finds anything at it. Pods are left out: beside
// some, the analyzers take those for no pods that Deployments have yet to start.
const folder = new URL('.', import.meta.url).pathname;
const applied = [...exampleProjects(), ...goldenProjects()]
  .filter(({ sources }) => sources.length > 0)
  .flatMap(standingsOf)
  .filter(({ name, objects }) => name.endsWith('/applied') && objects.some(isOurs))
  .map((standing) => ({ ...standing, objects: standing.objects.filter(({ kind }) => kind !== 'Pod') }));

it('objects of Ambit’s pass admission and the analyzers', () => {
  const cases = applied.map(unasked);
  const faults = judgeAll(folder, cases, ['--analyze']).flatMap((answer, index) => {
    const ours = new Set((applied[index]?.objects ?? []).filter(isOurs).map(placeOf));
    return faultsOf(answer, ours).map((fault) => `${answer.name}: ${fault}`);
  });
  expect(applied.length).toBeGreaterThan(0);
  expect(faults).toEqual([]);
});

function faultsOf(
  { error, refused = [], warned = [], analyzed = [] }: JudgeAnswer,
  ours: ReadonlySet<string>,
): readonly string[] {
  const ofAdmission = [...refused, ...warned].filter((line) => ours.has(line.slice(0, line.indexOf(':'))));
  const ofAnalyzers = analyzed.filter((line) => findingIn(line).some(({ kind, name }) => ours.has(`${kind} ${name}`)));
  return [...(error === undefined ? [] : [error]), ...ofAdmission, ...ofAnalyzers];
}

function isOurs({ metadata }: JsonObject): boolean {
  return Object(Object(metadata).labels)['app.kubernetes.io/managed-by'] === 'ambit';
}

function placeOf({ kind, metadata }: JsonObject): string {
  const { name, namespace } = Object(metadata);
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
