import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { doubtAboutNamespace } from '../../src/mesh/doubts/unwatched.js';
import { type Classes, classify, listOf } from './answers/classes.js';
import type { Compared } from './answers/compare.js';
import { comparedWith, type Prepared, prepare } from './answers/comparison.js';
import { explanationOf } from './answers/explanations.js';
import { recordingOf, textOf } from './answers/recording.js';
import { count, lineOf, type Tally, tableOf } from './answers/tally.js';
import { type SourceOfCases, sourcesOfCases } from './cases/sources.js';
import type { JudgeAnswer } from './contract.js';
import { judgeAll } from './judge-process.js';
import { settings } from './settings.js';

const folder = new URL('.', import.meta.url).pathname;
const tally: Tally = new Map();
const classes: Classes = new Map();
const judges = new Set<string>();
const names = new Set<string>();

/** How many cases the judge is started for. */
const portion = 60;

describe('the model says what Istio does', () => {
  it.each(Object.entries(sourcesOfCases).filter(([source]) => settings.sources(source)))('%s', (source, make) => {
    const found = portionsOf(make).flatMap((cases) => {
      const answers = judgeAll(folder, cases, []);
      return cases.flatMap((prepared, index) => contradictionsIn(source, prepared, answers[index]));
    });
    expect(found).toEqual([]);
  });
});

afterAll(() => {
  console.info(`${[...judges].join('; ')}\n\n${tableOf(tally)}\n\n${listOf(classes, 60)}`);
});

function portionsOf(make: SourceOfCases): ReadonlyArray<readonly Prepared[]> {
  const standings = [...make(settings.seed, settings.cases)].filter(({ name }) => name.includes(settings.only));
  for (const { name } of standings) names.add(name);
  const prepared = standings.flatMap((standing) => prepare(standing, settings.extent) ?? []);
  return Array.from({ length: Math.ceil(prepared.length / portion) }, (_, index) =>
    prepared.slice(index * portion, (index + 1) * portion),
  );
}

function contradictionsIn(source: string, prepared: Prepared, answer: JudgeAnswer | undefined): readonly string[] {
  const { name } = prepared.standing;
  if (answer === undefined) return [`${name}: no answer`];
  judges.add(`Istio ${answer.istio.release} (${answer.istio.module}), Envoy ${answer.envoy}`);
  if (answer.error !== undefined) return [`${name}: ${answer.error}`];
  const compared = comparedWith(prepared, answer);
  count(lineOf(tally, source), compared);
  if (settings.records && isRecorded(source, prepared)) record(source, prepared, answer, compared);
  const unlike = compared.filter(({ relation }) => relation !== 'same');
  for (const each of unlike) classify(classes, name, each);
  const unexplained = unlike.filter((each) => each.relation === 'contradiction' && explanationOf(each) === undefined);
  report(prepared, unexplained);
  const differences = (answer.topology ?? []).filter((difference) => !isHidden(prepared, difference));
  const topology = differences.map((difference) => `${name}: ${difference}`);
  return [...topology, ...(unexplained.length === 0 ? [] : [`${name}: ${unexplained.length} contradictions`])];
}

/** What istiod does not watch is in no index of its own, and the model says that it knows nothing of it. */
function isHidden({ mesh, standing }: Prepared, difference: string): boolean {
  const namespace = /^(?:workload|Service) ([^/]+)\/\S+ is not in istiod's ambient index$/.exec(difference)?.[1];
  const at = mesh.clusters.get(standing.cluster);
  return namespace !== undefined && at !== undefined && doubtAboutNamespace(at, namespace) !== undefined;
}

/**
 * What lies beside the checkout is of somebody else, what is given takes part in what is applied, states of a plan are mostly
 * alike, and of what is endless the first cases are enough.
 */
function isRecorded(source: string, { standing: { name } }: Prepared): boolean {
  const number = Number(/-(\d+)(?:\/|$)/.exec(name)?.[1] ?? 0);
  const isPart = name.endsWith('/given') && names.has(name.replace(/given$/, 'applied'));
  if (source === 'reference data' || source === 'migrations' || isPart) return false;
  return source === 'goldens' || source === 'examples' || number < (source === 'hand-written' ? 120 : 50);
}

function record(source: string, prepared: Prepared, answer: JudgeAnswer, compared: readonly Compared[]): void {
  const { name, cluster } = prepared.standing;
  const path = `${folder}recorded/${source.replace(' ', '-')}/${name.split('/').slice(1).join('-')}-${cluster}.json`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textOf(recordingOf(prepared.standing, prepared.questions, answer, compared)));
}

/** Contradictions as JSON lines, with the way that each side sees. */
function report({ standing: { name } }: Prepared, compared: readonly Compared[]): void {
  if (settings.report === undefined) return;
  appendFileSync(settings.report, compared.map((each) => `${JSON.stringify({ name, ...each })}\n`).join(''));
}
