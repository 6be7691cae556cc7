import { describe, expect, it } from 'vitest';
import { modelOf } from './cases/standing.js';
import type { JudgeAnswer, JudgeEnd } from './contract.js';
import { compareEnds, relationOf } from './routes/answers/compare-ends.js';
import { compareSettings } from './routes/answers/compare-settings.js';
import { comparedRoutes, type PreparedRoutes, prepareRoutes } from './routes/answers/compared-routes.js';
import { ofCluster, ofRule } from './routes/answers/configured.js';
import { type ModelEnd, modelEnds } from './routes/answers/model-ends.js';
import { routedStandings } from './routes/cases/routed.js';
import { routeThemes } from './routes/cases/theme.js';
import { routeRecordingOf, textOfRecording } from './routes/recording/route-recording.js';
import { unlikeIn } from './routes/recording/route-replay.js';

const prepared = routedStandings(5, routeThemes.length).map((standing) => prepareRoutes(standing, 40));

/** What a judge would say that agrees with the model. */
function agreeing({ to, sent, at }: ModelEnd): JudgeEnd {
  const pod = to?.workloads?.[0];
  const { answer } = at(pod ?? '');
  if (to === undefined) return { judge: answer };
  const place =
    to.service === 'passthrough' ? { cluster: 'PassthroughCluster' } : { cluster: 'some', service: to.service };
  const { method, path, host, headers } = sent ?? {};
  return {
    judge: answer,
    ...place,
    ...(to.port !== undefined && { port: to.port }),
    ...(to.workloads !== undefined && { pods: [...to.workloads].sort() }),
    ...(pod !== undefined && { pod }),
    ...(method !== undefined && path !== undefined && host !== undefined && headers && { method, path, host, headers }),
  };
}

function answerTo(
  { standing, requests }: PreparedRoutes,
  change: (end: JudgeEnd) => JudgeEnd = (end) => end,
): JudgeAnswer {
  const mesh = modelOf(standing);
  const answers = requests.map((request, id) => {
    const ends = modelEnds(mesh, request).map((end) => change(agreeing(end)));
    return { id, judge: ends[0]?.judge ?? '', detail: [], ends };
  });
  return { name: '', cluster: '', istio: { module: '', release: '1.31' }, envoy: '', requests: answers };
}

const changes: Readonly<Record<string, (end: JudgeEnd) => JudgeEnd>> = {
  'another path': (end) => (end.path === undefined ? end : { ...end, path: `${end.path}/more` }),
  'another host': (end) => (end.host === undefined ? end : { ...end, host: 'somebody.else' }),
  'other headers': (end) => (end.headers === undefined ? end : { ...end, headers: { ...end.headers, 'x-more': '1' } }),
  'another place': (end) => (end.port === undefined ? end : { ...end, port: end.port + 1 }),
  'other pods': (end) => (end.pods === undefined ? end : { ...end, pods: [...end.pods, 'zz/more'] }),
};

describe('the comparison of where requests end', () => {
  it('has cases of every kind of route at every proxy, each with requests', () => {
    expect(new Set(prepared.map(({ standing: { theme } }) => `${theme.kind} ${theme.proxy}`)).size).toBe(15);
    expect(prepared.filter(({ requests }) => requests.length === 0)).toEqual([]);
  });

  it('agrees with whoever says the same', () => {
    for (const each of prepared) {
      const relations = new Set(comparedRoutes(each, answerTo(each)).map(({ relation }) => relation));
      expect([...relations].filter((relation) => !['same', 'not modelled', 'not covered'].includes(relation))).toEqual(
        [],
      );
    }
  });

  it.each(Object.entries(changes))('finds %s', (difference, change) => {
    const found = prepared.flatMap((each) => comparedRoutes(each, answerTo(each, change)));
    expect(found.filter((each) => each.difference === difference).length).toBeGreaterThan(20);
  });

  it('finds ends that only one side has', () => {
    const [first] = prepared;
    const [request] = first?.requests ?? [];
    const [end] = first && request ? modelEnds(modelOf(first.standing), request) : [];
    if (end === undefined || request === undefined) throw new Error('no request');
    expect(relationOf([end], [agreeing(end), { judge: 'status-418' }]).relation).toBe('contradiction');
    expect(
      compareEnds(request, [end, { ...end, to: undefined }], { judge: '', detail: [], ends: [agreeing(end)] }).relation,
    ).toBe('same');
    expect(
      relationOf([end, { ...end, at: () => ({ answer: 'status-418', because: '' }) }], [agreeing(end)]),
    ).toMatchObject({
      relation: 'contradiction',
    });
  });

  it('finds settings that proxies are told otherwise', () => {
    const all = prepared.flatMap(({ standing, requests }) =>
      requests.flatMap((each) => modelEnds(modelOf(standing), each)),
    );
    const hop = all.find(({ settings }) => settings?.settings.request?.timeout.known === true)?.settings;
    if (hop === undefined) throw new Error('nobody has settings');
    const rule = ofRule({ route: { timeout: '77s' } });
    const [compared] = compareSettings(
      hop,
      { rule: 'r', settings: 's' },
      { rules: { r: rule }, settings: { s: ofCluster({}) } },
    );
    expect(compared?.unlike).toContainEqual(expect.objectContaining({ name: 'timeout', istio: 77_000 }));
  });
});

describe('recordings of where requests end', () => {
  it('hold the model to what was answered', () => {
    const unlike = prepared.map((each) => {
      const recorded = (change?: (end: JudgeEnd) => JudgeEnd) => {
        const answer = answerTo(each, change);
        const settled = comparedRoutes(each, answerTo(each)).map((one, id) => ({
          ...one,
          judge: answer.requests[id] ?? one.judge,
        }));
        return unlikeIn(JSON.parse(textOfRecording(routeRecordingOf(each.standing, answer, settled))));
      };
      return [recorded().length, recorded(changes['another place']).length] as const;
    });
    expect(unlike.filter(([same]) => same > 0)).toEqual([]);
    expect(unlike.filter(([, changed]) => changed > 0).length).toBeGreaterThan(12);
  });
});
