import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/mesh/request.js';
import { nameless } from './answers/classes.js';
import { relationOf } from './answers/compare.js';
import { comparedWith, type Prepared, prepare } from './answers/comparison.js';
import { questionsIn, recordingOf, textOf } from './answers/recording.js';
import { contradictionsIn } from './answers/replay.js';
import { count, lineOf, type Tally, tableOf } from './answers/tally.js';
import { requestsOf } from './ask/questions.js';
import { applied, objectsOf } from './cases/apply.js';
import { handWritten } from './cases/hand-written/hand-written.js';
import { themes } from './cases/hand-written/theme.js';
import { sourcesOfCases } from './cases/sources.js';
import type { JudgeAnswer, RequestAnswer } from './contract.js';

const istio = { module: 'v0', release: '1.31' };
const extent = { requests: 200, payloads: 8 };

/** A judge that agrees with the model, but for the first request that it lets through or the first that it refuses. */
function answersTo(prepared: Prepared, changed?: 'allowed' | 'denied'): JudgeAnswer {
  const agreeing: JudgeAnswer = {
    name: '',
    cluster: '',
    istio,
    envoy: '1.40',
    requests: prepared.requests.map(unknown),
  };
  const answers = comparedWith(prepared, agreeing).map(({ model: { answer, asked } }, id): RequestAnswer => {
    const detail = arrivalAt(prepared.requests[id]);
    return { id, judge: answer === 'not-modelled' ? 'not-covered' : answer, ...(asked && { asked }), detail };
  });
  const first = answers.findIndex(
    ({ judge }) => judge !== 'not-covered' && (judge === 'allowed') === (changed === 'allowed'),
  );
  const requests = answers.map((each) =>
    changed !== undefined && each.id === first
      ? { id: first, judge: changed === 'allowed' ? 'closed' : 'allowed', detail: each.detail }
      : each,
  );
  return { ...agreeing, requests };
}

/** As the judge says it. */
function arrivalAt(request: Request | undefined): readonly string[] {
  const destination = request?.destination;
  return destination !== undefined && 'workload' in destination ? [`at ${destination.workload}:80`] : [];
}

function unknown(_: unknown, id: number): RequestAnswer {
  return { id, judge: 'not-covered', detail: [] };
}

function preparedCases(count: number): Prepared[] {
  return handWritten(3, count).flatMap((standing) => prepare(standing, extent) ?? []);
}

describe('the relation of two answers', () => {
  const toPod = { destination: { kind: 'pod', cluster: 'main', workload: 'shop/api', port: 80 } } as const;
  const toGateway = { destination: { kind: 'gateway', cluster: 'main', gateway: 'shop/edge', port: 80 } } as const;

  it.each([
    ['allowed', false, 'allowed', undefined, 'same'],
    ['allowed', true, 'allowed', true, 'same'],
    ['allowed', true, 'allowed', undefined, 'contradiction'],
    ['allowed', false, 'closed', undefined, 'contradiction'],
    ['forbidden', false, 'allowed', undefined, 'contradiction'],
    ['forbidden', false, 'unauthenticated', undefined, 'denied otherwise'],
    ['not-modelled', false, 'allowed', undefined, 'not modelled'],
    ['allowed', false, 'not-covered', undefined, 'not covered'],
  ] as const)('%s (asked: %s) and %s (asked: %s) are %s', (answer, asked, judge, judgeAsked, relation) => {
    expect(relationOf(toPod, { answer, asked }, { judge, ...(judgeAsked && { asked: judgeAsked }) })).toBe(relation);
  });

  it('leaves out whether a gateway asks, which hangs on its routes', () => {
    expect(relationOf(toGateway, { answer: 'allowed', asked: true }, { judge: 'allowed' })).toBe('same');
  });
});

describe('hand-written meshes', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(handWritten(1, 20)).toEqual(handWritten(1, 20));
    expect(handWritten(2, 20)).not.toEqual(handWritten(1, 20));
  });

  it('hold requests that are allowed and requests that are denied, on every theme', () => {
    const cases = preparedCases(4 * themes.length);
    for (const theme of themes.map((name) => name.replace(' ', '-'))) {
      const own = cases.filter(({ standing }) => standing.name.startsWith(`hand-written/${theme}-`));
      const answers = own.flatMap((prepared) => answersTo(prepared).requests.map(({ judge }) => judge === 'allowed'));
      expect(new Set(answers)).toEqual(new Set([true, false]));
    }
  });
});

describe('a recording', () => {
  const [prepared] = preparedCases(1);
  if (prepared === undefined) throw new Error('the first case asks nothing');
  const recorded = (answer: JudgeAnswer) =>
    recordingOf(prepared.standing, prepared.questions, answer, comparedWith(prepared, answer));

  it('asks again what was asked', () => {
    const { questions, letters } = questionsIn(JSON.parse(textOf(recorded(answersTo(prepared)))));
    const asked = requestsOf(questions).filter((_, index) => letters[index] !== '.');
    const answered = answersTo(prepared).requests.filter(({ judge }) => judge !== 'not-covered');
    expect(new Set(asked)).toEqual(new Set(answered.map(({ id }) => prepared.requests[id])));
    expect(asked).toHaveLength(answered.length);
  });

  it.each(['allowed', 'denied'] as const)('shows a model that contradicts it in one request that it %s', (changed) => {
    const right = recorded(answersTo(prepared));
    expect(contradictionsIn(right)).toEqual([]);
    const { questions, letters } = questionsIn(right);
    const wrong = {
      from: changed === 'allowed' ? 'A' : (/[FUBSCN]/.exec(letters)?.[0] ?? ''),
      to: changed === 'allowed' ? 'C' : 'A',
    };
    const index = right.rows.findIndex((row) => row.split(' ')[2]?.includes(wrong.from));
    const rows = right.rows.map((row, at) => (at === index ? row.replace(wrong.from, wrong.to) : row));
    expect(questions.rows).toHaveLength(right.rows.length);
    expect(contradictionsIn({ ...right, rows })).toHaveLength(1);
  });

  it('leaves out what was contradicted when it was written', () => {
    expect(contradictionsIn(recorded(answersTo(prepared, 'allowed')))).toEqual([]);
  });
});

it('leaves open which pod a connection comes to where the judge has left out weights', () => {
  const cases = sourcesOfCases.goldens?.(1, 1) ?? [];
  const [standing] = [...cases].filter(({ name }) => name.includes('tcp-alone-on-sidecars/applied'));
  const prepared = standing && prepare(standing, extent);
  if (prepared === undefined) throw new Error('there is no such case');
  const requests = prepared.requests.map((_, id) => ({ id, judge: 'allowed', detail: ['at some/other:1'] }));
  const relations = (dropped: JudgeAnswer['dropped']) =>
    comparedWith(prepared, { ...answersTo(prepared), requests, ...(dropped && { dropped }) }).flatMap(
      ({ request, relation }) => (request.destination.kind === 'service' ? [relation] : []),
    );
  expect(relations(undefined)).toContain('contradiction');
  expect(new Set(relations({ 'weights of a TCP route': 1 }))).toEqual(new Set(['not covered']));
});

it('takes of what routes draw by weight those that lead to the pod, which must agree', () => {
  const [prepared] = preparedCases(1);
  if (prepared === undefined) throw new Error('there is no such case');
  const wordsFor = (endsOf: (workload: string) => NonNullable<RequestAnswer['ends']>) => {
    const requests = prepared.requests.map(({ destination }, id): RequestAnswer => {
      const ends = destination.kind === 'service' ? endsOf(destination.workload) : [];
      return { id, judge: 'status-504', detail: [], ends };
    });
    const found = comparedWith(prepared, { ...answersTo(prepared), requests });
    return new Set(
      found.flatMap(({ request, judge }) => (request.destination.kind === 'service' ? [judge.judge] : [])),
    );
  };
  const elsewhere = { judge: 'allowed', pods: ['some/other'], pod: 'some/other' };
  const answered = { judge: 'status-504' };
  const at = (workload: string, judge: string) => ({ judge, pods: [workload, 'some/other'], pod: workload });
  expect(wordsFor((workload) => [elsewhere, answered, at(workload, 'allowed')])).toEqual(new Set(['allowed']));
  expect(wordsFor((workload) => [elsewhere, at(workload, 'forbidden')])).toEqual(new Set(['forbidden']));
  expect(wordsFor((workload) => [at(workload, 'forbidden'), at(workload, 'allowed')])).toEqual(
    new Set(['not-covered']),
  );
  expect(wordsFor(() => [elsewhere, answered])).toEqual(new Set(['no-path']));
  expect(wordsFor(() => [answered, { judge: 'not-covered' }])).toEqual(new Set(['not-covered']));
});

it('counts what stands in which relation', () => {
  const [prepared] = preparedCases(1);
  const tally: Tally = new Map();
  if (prepared !== undefined) count(lineOf(tally, 'some'), comparedWith(prepared, answersTo(prepared, 'allowed')));
  expect(tally.get('some')?.counts.contradiction).toBe(1);
  expect(tableOf(tally)).toMatch(/\| some \| 1 \| .* \| 1 \| 0 \|\n\| \*\*all\*\* \| 1 \|/);
});

it('takes two sentences for one that differ in names and numbers', () => {
  expect(nameless('port 80 of `shop/api` in shop/api')).toBe(nameless('port 8080 of `pay/web` in pay/web'));
});

it('applies an output as a server does', () => {
  const [given = {}] = objectsOf(
    'apiVersion: v1\nkind: Service\nmetadata: { name: api, labels: { a: "1" } }\nspec: { ports: [1] }\n',
  );
  const [emitted = {}] = objectsOf('apiVersion: v1\nkind: Service\nmetadata: { name: api, labels: { b: "2" } }\n');
  const own = {
    kind: 'AuthorizationPolicy',
    metadata: { name: 'old', labels: { 'app.kubernetes.io/managed-by': 'ambit' } },
  };
  expect(applied([given, own], [emitted])).toEqual([
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', labels: { a: '1', b: '2' } }, spec: { ports: [1] } },
  ]);
});
