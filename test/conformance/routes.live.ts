import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeRequest } from '../../src/mesh/request.js';
import type { JudgeAnswer } from './contract.js';
import { judgeAll } from './judge-process.js';
import { describeEnd, type Followed } from './routes/answers/compare-ends.js';
import {
  admittedOtherwise,
  comparedRoutes,
  type PreparedRoutes,
  prepareRoutes,
} from './routes/answers/compared-routes.js';
import { explanationOfRoute, explanationOfSetting } from './routes/answers/explanations.js';
import { countRoutes, type RouteTally, tableOfRoutes } from './routes/answers/tally-routes.js';
import { outsideStandings, routedStandings } from './routes/cases/routed.js';
import { routeRecordingOf, textOfRecording } from './routes/recording/route-recording.js';
import { settings } from './settings.js';

const folder = new URL('.', import.meta.url).pathname;
const tally: RouteTally = new Map();
const reasons = new Map<string, number>();

/** Of how many cases a part of the answers is recorded. */
const recordedCases = 63;

/** How many cases the judge is started for. */
const portion = 42;

it.runIf(settings.sources('routes'))('the model follows routes to where Istio and Envoy do', () => {
  const standings = [
    ...routedStandings(settings.seed, settings.cases),
    ...outsideStandings(settings.seed, Math.ceil(settings.cases / 5)),
  ].filter(({ name }) => name.includes(settings.only));
  const found: string[] = [];
  for (let start = 0; start < standings.length; start += portion) {
    const cases = standings.slice(start, start + portion).map((each) => prepareRoutes(each, settings.extent.requests));
    const answers = judgeAll(folder, cases, []);
    for (const [index, prepared] of cases.entries()) {
      const { name } = prepared.standing;
      const answer = answers[index];
      if (answer === undefined || answer.error !== undefined) {
        found.push(`${name}: ${answer?.error ?? 'no answer'}`);
        continue;
      }
      found.push(...(answer.topology ?? []).map((difference) => `${name}: ${difference}`));
      found.push(...admittedOtherwise(prepared, answer).map((difference) => `${name}: ${difference}`));
      const compared = comparedRoutes(prepared, answer);
      found.push(...unlikeSettingsIn(prepared, compared));
      found.push(...unexplainedIn(prepared, compared));
      if (settings.records && start + index < recordedCases) record(prepared, answer, compared);
    }
  }
  expect(found).toEqual([]);
});

afterAll(() => {
  const doubts = [...reasons].sort(([, left], [, right]) => right - left).map(([why, count]) => `${count} x ${why}`);
  console.info(`${tableOfRoutes(tally)}\n\n${doubts.slice(0, 60).join('\n')}`);
});

function unexplainedIn({ standing }: PreparedRoutes, compared: readonly Followed[]): readonly string[] {
  countRoutes(tally, standing.theme, compared);
  for (const { relation, difference } of compared) {
    if (relation === 'same') continue;
    const reason = `${relation}: ${difference.replace(/`[^`]*`/g, '`…`').replace(/\{.*|\d+/g, '#')}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const unlike = compared.filter((each) => each.relation === 'contradiction' && explanationOfRoute(each) === undefined);
  report(standing.name, unlike);
  return unlike.length === 0 ? [] : [`${standing.name}: ${unlike.length} contradictions`];
}

function unlikeSettingsIn({ standing }: PreparedRoutes, compared: readonly Followed[]): readonly string[] {
  const unexplained = compared.flatMap((each) =>
    each.settings.flatMap(({ hop, unlike }) => unlike.filter((one) => explanationOfSetting(one, hop) === undefined)),
  );
  if (unexplained.length > 0) report(standing.name, compared.filter(hasUnexplainedSettings));
  const sentences = unexplained.map(({ name, model, istio }) => `${name} ${model}, and Istio ${istio}`);
  return [...new Set(sentences)].map((sentence) => `${standing.name}: ${sentence}`);
}

function hasUnexplainedSettings({ settings: all }: Followed): boolean {
  return all.some(({ hop, unlike }) => unlike.some((one) => explanationOfSetting(one, hop) === undefined));
}

function record({ standing }: PreparedRoutes, answer: JudgeAnswer, compared: readonly Followed[]): void {
  const path = `${folder}recorded-routes/${standing.name.slice('routes/'.length)}.json`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textOfRecording(routeRecordingOf(standing, answer, compared)));
}

/** Contradictions as JSON lines, with the ends that each side sees. */
function report(name: string, unlike: readonly Followed[]): void {
  if (settings.report === undefined) return;
  const lines = unlike.map(({ request, model, judge, difference, settings: told }) => {
    const ends = model.map((end) => `${describeEnd(end)} | ${end.because}`);
    return `${JSON.stringify({ name, difference, asked: describeRequest(request), request, model: ends, judge, settings: told.flatMap((each) => each.unlike) })}\n`;
  });
  appendFileSync(settings.report, lines.join(''));
}
