import type { Request } from '../../../../src/mesh/request.js';
import type { Relation } from '../../answers/compare.js';
import type { JudgeEnd, RequestAnswer } from '../../contract.js';
import { type ComparedSettings, type Configuration, compareSettings, nothingConfigured } from './compare-settings.js';
import type { ModelEnd, ModelPlace, SentRequest } from './model-ends.js';

/** One request that is followed, with what both sides say. */
export interface Followed {
  readonly request: Request;
  readonly model: readonly ModelEnd[];
  readonly judge: Pick<RequestAnswer, 'judge' | 'ends' | 'detail'>;
  readonly relation: Relation;
  /** What differs, where anything does. */
  readonly difference: string;
  readonly settings: readonly ComparedSettings[];
}

export function compareEnds(
  request: Request,
  model: readonly ModelEnd[],
  judge: Followed['judge'],
  configuration: Configuration = nothingConfigured,
): Followed {
  const ends: readonly JudgeEnd[] = judge.ends ?? [{ judge: judge.judge }];
  const settings = settingsOf(model, ends, configuration);
  return { request, model, judge, ...relationOf(model, ends), settings };
}

/** What proxies are told, of each end that both sides have. */
export function settingsOf(
  model: readonly ModelEnd[],
  judge: readonly JudgeEnd[],
  configuration: Configuration,
): readonly ComparedSettings[] {
  return judge
    .filter(({ cluster }) => cluster !== passthrough)
    .flatMap((end) => {
      const fitting = model.filter((each) => each.settings !== undefined && isOf(each, end));
      const own = fitting.find((each) => isVersionOf(each, end)) ?? fitting[0];
      return own?.settings === undefined ? [] : compareSettings(own.settings, end, configuration);
    });
}

function isOf({ to, sent }: ModelEnd, end: JudgeEnd): boolean {
  if (to === undefined || end.cluster === undefined) return false;
  return ofPlaces(to, end) === undefined && (sent === undefined || ofRequests(sent, end) === undefined);
}

/** An end whose pods the judge does not follow may be of any version: its cluster says of which, as `outbound|80|v2|host`. */
function isVersionOf({ settings }: ModelEnd, { cluster = '' }: JudgeEnd): boolean {
  const [, , part = ''] = cluster.split('|');
  return part.replace(/^(?:http|tcp)\/?/, '') === (settings?.settings.backend?.subset ?? '');
}

type Difference = Pick<Followed, 'relation' | 'difference'>;

/** Each end of one side is one of the other's. */
export function relationOf(model: readonly ModelEnd[], judge: readonly JudgeEnd[]): Difference {
  const open = judge.find((end) => end.judge === 'not-covered');
  if (open !== undefined) return { relation: 'not covered', difference: '' };
  const doubt = model
    .map((end) => end.at(end.to?.workloads?.[0] ?? ''))
    .find(({ answer }) => answer === 'not-modelled');
  if (doubt !== undefined) return { relation: 'not modelled', difference: doubt.because };
  const found = judge.map((end) => bestOf(model.map((each) => differenceOf(each, end))));
  const missed = model.filter((end) => !end.isDrawnTwice && !judge.some((each) => isSettled(differenceOf(end, each))));
  const [spare] = missed;
  const unlike = spare === undefined ? found : [...found, contradiction(`Istio has no end ${describeEnd(spare)}`)];
  return bestOf(unlike, worst);
}

const order: readonly Relation[] = ['same', 'denied otherwise', 'not modelled', 'not covered', 'contradiction'];

function bestOf(all: readonly Difference[], choose = best): Difference {
  const [first = contradiction('the model has no end at all'), ...others] = all;
  return others.reduce(choose, first);
}

function best(left: Difference, right: Difference): Difference {
  return order.indexOf(right.relation) < order.indexOf(left.relation) ? right : left;
}

function worst(left: Difference, right: Difference): Difference {
  return order.indexOf(right.relation) > order.indexOf(left.relation) ? right : left;
}

function isSettled({ relation }: Difference): boolean {
  return relation !== 'contradiction';
}

const same: Difference = { relation: 'same', difference: '' };

function contradiction(difference: string): Difference {
  return { relation: 'contradiction', difference };
}

function differenceOf(model: ModelEnd, judge: JudgeEnd): Difference {
  const { answer, because } = model.at(judge.pod ?? model.to?.workloads?.[0] ?? '');
  if (answer === 'not-modelled') return { relation: 'not modelled', difference: because };
  const { to } = model;
  if (judge.cluster === undefined || to === undefined || answer === 'unavailable') return ofVerdicts(answer, judge);
  const isUntouched = judge.cluster === passthrough;
  const elsewhere = ofPlaces(to, judge) ?? (model.sent && !isUntouched ? ofRequests(model.sent, judge) : undefined);
  return elsewhere === undefined ? ofVerdicts(answer, judge) : contradiction(elsewhere);
}

/** What a route answers is compared by its status; of what else stops a request, that it does. */
function ofVerdicts(answer: string, { judge, pod }: JudgeEnd): Difference {
  if (answer === judge) return same;
  const isStopped = [answer, judge].every((word) => stops.has(word));
  if (isStopped) return { relation: 'denied otherwise', difference: `${answer}, and Istio ${judge}` };
  return contradiction(`${answer}, and Istio ${judge}${pod === undefined ? '' : ' at a pod'}`);
}

const stops: ReadonlySet<string> = new Set([
  'forbidden',
  'unauthenticated',
  'bad-request',
  'unavailable',
  'closed',
  'no-path',
  'status-502',
]);

/** Connections that a sidecar passes on as they came: to the pod that was addressed. */
const passthrough = 'PassthroughCluster';

function ofPlaces({ service, port, workloads }: ModelPlace, judge: JudgeEnd): string | undefined {
  if (judge.cluster === passthrough) return isPassedOn(service, workloads, judge.pod) ? undefined : 'another place';
  if (service !== judge.service || port !== judge.port) return 'another place';
  if (judge.pods === undefined || workloads === undefined) return undefined;
  return judge.pods.join() === [...workloads].sort().join() ? undefined : 'other pods';
}

/** To the pod that was addressed, or out of the mesh where none was. */
function isPassedOn(service: string, workloads: ModelPlace['workloads'], pod: string | undefined): boolean {
  return pod === undefined
    ? service === 'passthrough' && (workloads ?? []).length === 0
    : workloads?.includes(pod) === true;
}

function ofRequests(sent: SentRequest, judge: JudgeEnd): string | undefined {
  if (sent.method !== judge.method) return 'another method';
  if (sent.path !== undefined && sent.path !== judge.path) return 'another path';
  if (sent.host !== judge.host) return 'another host';
  const [ours, theirs] = [sent.headers, judge.headers ?? {}].map((headers) => {
    const entries = Object.entries(headers).filter(([name]) => !sent.open.includes(name) && !ofProxies.has(name));
    return JSON.stringify(entries.sort());
  });
  return ours === theirs ? undefined : 'other headers';
}

/** Headers that proxies write for themselves. */
const ofProxies: ReadonlySet<string> = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-request-id']);

export function describeEnd({ to, sent, at }: ModelEnd): string {
  const { answer } = at(to?.workloads?.[0] ?? '');
  const request = sent === undefined ? '' : ` ${sent.method} ${sent.path} ${sent.host} ${JSON.stringify(sent.headers)}`;
  return to === undefined ? answer : `${answer} ${to.service}:${to.port} [${to.workloads?.join() ?? ''}]${request}`;
}
