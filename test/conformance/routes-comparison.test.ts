import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/mesh/request.js';
import { modelOf } from './cases/standing.js';
import type { JudgeAnswer, JudgeEnd } from './contract.js';
import { compareEnds, describeEnd, type Followed, relationOf } from './routes/answers/compare-ends.js';
import { compareSettings } from './routes/answers/compare-settings.js';
import { prepareRoutes } from './routes/answers/compared-routes.js';
import { ofCluster, ofRule } from './routes/answers/configured.js';
import { type ModelEnd, modelEnds } from './routes/answers/model-ends.js';
import { type RoutedStanding, routedStandings } from './routes/cases/routed.js';
import { routeThemes } from './routes/cases/theme.js';
import { routeRecordingOf, textOfRecording } from './routes/recording/route-recording.js';
import { unlikeIn } from './routes/recording/route-replay.js';

interface Asked {
  readonly standing: RoutedStanding;
  readonly all: ReadonlyArray<{ readonly request: Request; readonly ends: readonly ModelEnd[] }>;
}

const asked: readonly Asked[] = routedStandings(5, routeThemes.length).map((given) => {
  const { standing, requests } = prepareRoutes(given, 8);
  const mesh = modelOf(standing);
  return { standing, all: requests.map((request) => ({ request, ends: modelEnds(mesh, request) })) };
});

type Change = (end: JudgeEnd) => JudgeEnd;

/** What a judge would say that agrees with the model, but for a change. */
function judged({ to, sent, at }: ModelEnd, change: Change = (end) => end): JudgeEnd {
  const pod = to?.workloads?.[0];
  const { answer } = at(pod ?? '');
  if (to === undefined) return change({ judge: answer });
  const { method, path = '/', host, headers } = sent ?? {};
  return change({
    judge: answer,
    cluster: to.service === 'passthrough' ? 'PassthroughCluster' : 'some',
    service: to.service,
    ...(to.port !== undefined && { port: to.port }),
    ...(to.workloads !== undefined && { pods: [...to.workloads].sort() }),
    ...(pod !== undefined && { pod }),
    ...(method !== undefined && host !== undefined && headers !== undefined && { method, path, host, headers }),
  });
}

function followed({ all }: Asked, change?: Change): readonly Followed[] {
  return all.map(({ request, ends }) => {
    const told = ends.map((end) => judged(end, change));
    return compareEnds(request, ends, { judge: told[0]?.judge ?? '', detail: [], ends: told });
  });
}

const changes: Readonly<Record<string, Change>> = {
  'another path': (end) => (end.path === undefined ? end : { ...end, path: `${end.path}/more` }),
  'another host': (end) => (end.host === undefined ? end : { ...end, host: 'somebody.else' }),
  'other headers': (end) => (end.headers === undefined ? end : { ...end, headers: { ...end.headers, 'x-more': '1' } }),
  'another place': (end) => (end.port === undefined ? end : { ...end, port: end.port + 1 }),
  'other pods': (end) => (end.pods === undefined ? end : { ...end, pods: [...end.pods, 'zz/more'] }),
};

describe('the comparison of where requests end', () => {
  it('has cases of every kind of route at every proxy, each with requests', () => {
    expect(new Set(asked.map(({ standing: { theme } }) => `${theme.kind} ${theme.proxy}`)).size).toBe(15);
    expect(asked.filter(({ all }) => all.length === 0)).toEqual([]);
  });

  it('agrees with whoever says the same', () => {
    const unlike = asked.flatMap((each) => followed(each).filter(({ relation }) => relation === 'contradiction'));
    expect(unlike.map(({ difference, model }) => `${difference}: ${model.map(describeEnd).join('; ')}`)).toEqual([]);
  });

  it.each(Object.entries(changes))('finds %s', (difference, change) => {
    const found = asked.flatMap((each) => followed(each, change));
    expect(found.filter((each) => each.difference === difference).length).toBeGreaterThan(10);
  });

  it('finds ends that only one side has', () => {
    const [end] = asked.flatMap(({ all }) => all.flatMap(({ ends }) => ends));
    if (end === undefined) throw new Error('nothing is asked');
    const other: ModelEnd = { ...end, at: () => ({ answer: 'status-418', because: '' }) };
    expect(relationOf([end], [judged(end)]).relation).toBe('same');
    expect(relationOf([end], [judged(end), { judge: 'status-418' }]).relation).toBe('contradiction');
    expect(relationOf([end, other], [judged(end)]).relation).toBe('contradiction');
  });

  it('finds settings that proxies are told otherwise', () => {
    const all = asked.flatMap((each) => each.all.flatMap(({ ends }) => ends));
    const hop = all.find(({ settings }) => settings?.settings.request?.timeout.known === true)?.settings;
    if (hop === undefined) throw new Error('nobody has settings');
    const configuration = { rules: { r: ofRule({ route: { timeout: '77s' } }) }, settings: { s: ofCluster({}) } };
    const [compared] = compareSettings(hop, { rule: 'r', settings: 's' }, configuration);
    expect(compared?.unlike).toContainEqual(expect.objectContaining({ name: 'timeout', istio: 77_000 }));
  });
});

describe('recordings of where requests end', () => {
  const answer: JudgeAnswer = {
    name: '',
    cluster: '',
    istio: { module: '', release: '1.31' },
    envoy: '',
    requests: [],
  };

  it('hold the model to what was answered', () => {
    const unlike = asked.map((each) => {
      const replayed = (change?: Change) => {
        const told = followed(each, change).map((one) => ({ ...one, relation: 'same' as const }));
        return unlikeIn(JSON.parse(textOfRecording(routeRecordingOf(each.standing, answer, told)))).length;
      };
      return [replayed(), replayed(changes['another place'])] as const;
    });
    expect(unlike.filter(([same]) => same > 0)).toEqual([]);
    expect(unlike.filter(([, changed]) => changed > 0).length).toBeGreaterThan(12);
  });
});
