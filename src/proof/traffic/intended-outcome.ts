import type { MeshCluster } from '../../mesh/mesh.js';
import { hostsNamed } from '../../mesh/paths/host-names.js';
import { pathOf, type RoutedRequest } from '../../mesh/routes/follow/matching.js';
import type { CorsPolicy, TextMatch } from '../../mesh/routes/route.js';
import { defaultRetries } from '../../mesh/routes/settings/retries.js';
import { known } from '../../mesh/truth.js';
import type { Cors, HeaderChange } from '../../parse/traffic/settings.js';
import type { ResolvedRoute, RouteBackend, RoutePlace } from '../../resolve/resolved-traffic.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import { keyOf, type Service, type ServicePort } from '../../topology/model.js';
import { milliseconds } from '../../util/duration.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';
import { sortedNumbers } from '../../util/order.js';
import type { Asked } from './asked.js';
import type { IntendedEntry } from './intended-entries.js';
import { type Kept, nowhere, type Outcome, outcomeOf, type Part, type Sent } from './outcome.js';
import {
  answerInWords,
  corsInWords,
  delayInWords,
  headersInWords,
  hostInWords,
  podKeys,
  podsInWords,
  redirectInWords,
  retriesInWords,
  timeInWords,
} from './words.js';

/** What intents say becomes of a request for which an entry is. */
export function intendedOutcome(asked: Asked, { route, path }: IntendedEntry, sent: RoutedRequest): Outcome {
  if (route === undefined) return outcomeOf([{ share: 1, where: answerInWords(404, undefined) }], [], kept(undefined));
  const parts = partsOf(asked, route, sentBy(route, path?.value, sent));
  const copies = route.mirrors.flatMap((mirror): readonly Part[] => {
    const where = podsAt(asked, mirror);
    return where === undefined || mirror.percent === 0 ? [] : [{ share: mirror.percent / 100, where }];
  });
  const isSent = parts.some((part) => part.sent !== undefined);
  return outcomeOf(parts, copies, isSent ? [...kept(route), ...keptBySender(asked, route)] : kept(route));
}

/** Where connections go: without a route to the Service as a whole. */
export function intendedConnections(asked: Asked, route: ResolvedRoute | undefined): Outcome {
  const whole = { place: { kind: 'self' }, port: undefined, weight: 1 } as const;
  const action: Shared = route?.action.kind === 'forward' ? route.action : { backends: [whole] };
  const parts = sharesOf(action).map(
    ({ backend, ...share }): Part => ({ ...share, where: podsAt(asked, backend) ?? nowhere }),
  );
  return outcomeOf(parts, [], []);
}

interface Shared {
  readonly backends: ReadonlyArray<Pick<RouteBackend, 'place' | 'port' | 'weight'>>;
  readonly weights?: 'External';
}

/** Who gets which share; without one nothing comes there, unless a rollout controller may change that. */
function sharesOf({ backends, weights }: Shared) {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  const isExternal = weights === 'External';
  return backends
    .filter(({ weight }) => weight > 0 || isExternal)
    .map((backend) => ({ backend, share: backend.weight / total, isExternal }));
}

/** Some requests fail on purpose, whatever would become of them. */
function partsOf(asked: Asked, route: ResolvedRoute, sent: Sent): readonly Part[] {
  const aborts = route.faults.flatMap(({ abort, percent }): readonly Part[] =>
    abort === undefined || percent === 0
      ? []
      : [{ share: percent / 100, where: answerInWords(abort.value, undefined) }],
  );
  const left = aborts.reduce((share, each) => share - each.share, 1);
  const others = resultsOf(asked, route, sent).map((part) => ({ ...part, share: part.share * left }));
  return [...aborts, ...(left > 0 ? others : [])];
}

function resultsOf(asked: Asked, { action }: ResolvedRoute, sent: Sent): readonly Part[] {
  switch (action.kind) {
    case 'respond':
      return [{ share: 1, where: answerInWords(action.response.status, action.response.body) }];
    case 'redirect':
      return [{ share: 1, where: redirectInWords(action.redirect.status, action.redirect) }];
    default:
      return sharesOf(action).map(({ backend, ...share }) => ({ ...share, ...backendPart(asked, backend, sent) }));
  }
}

function backendPart(asked: Asked, backend: Shared['backends'][number], sent: Sent): Omit<Part, 'share'> {
  const where = podsAt(asked, backend);
  // Nothing is there to take it.
  return where === undefined ? { where: answerInWords(503, undefined) } : { where, sent };
}

function podsAt(
  { versions, at, service: own, port: askedFor, through = [] }: Asked,
  { place, port: wantedPort }: Pick<RouteBackend, 'place' | 'port'>,
): string | undefined {
  const { cluster } = at;
  const service = serviceAt(at, place, own);
  const port = service && portAt(service, wantedPort ?? askedFor.number);
  if (service === undefined || port === undefined) return undefined;
  if (isHostOfEntry(service)) return hostInWords(service.host, port, service === own ? through : []);
  const wanted = 'version' in place ? place.version : undefined;
  const version = versions.get(keyOf(service))?.find(({ name }) => name === wanted);
  return podsInWords(cluster.workloads, podKeys(cluster.workloads, service, version?.labels ?? {}), port);
}

function serviceAt(at: MeshCluster, place: RoutePlace, own: Service | undefined): Service | undefined {
  if (place.kind === 'service') return at.cluster.services.get(keyOf(place));
  if (place.kind !== 'host') return own;
  const [named] = hostsNamed(at, place.host);
  return named?.service ?? named?.outside;
}

/** The only port of a Service is meant whatever its number. */
function portAt({ ports }: Service, wanted: string | number): ServicePort | undefined {
  const named = ports.find(({ name, number }) => (typeof wanted === 'number' ? number === wanted : name === wanted));
  return named ?? (ports.length === 1 ? ports[0] : undefined);
}

function sentBy({ rewrite, headers }: ResolvedRoute, matched: string | undefined, sent: RoutedRequest): Sent {
  const path = rewrite?.path ?? (rewrite?.prefix === undefined ? undefined : replaced(rewrite.prefix, matched, sent));
  const request = path === undefined ? sent.request : { ...sent.request, path };
  return {
    path: known(pathOf({ ...sent, request })),
    host: rewrite?.host ?? sent.request.host,
    requestHeaders: headersInWords(stepsOf(headers?.request)),
    responseHeaders: headersInWords(stepsOf(headers?.response)),
  };
}

/** What was matched becomes the prefix, and between it and what goes on there is a slash where there was one. */
function replaced(prefix: string, matched = '', sent: RoutedRequest): string {
  const isOfElements = matched.endsWith('/') && !prefix.endsWith('/');
  return `${prefix}${isOfElements ? '/' : ''}${pathOf(sent).slice(matched.length)}`;
}

function stepsOf(change: HeaderChange | undefined): readonly HeaderChange[] {
  return change === undefined ? [] : [change];
}

/** What holds whatever becomes of a request. */
function kept(route: ResolvedRoute | undefined): Kept {
  const [delay] = (route?.faults ?? []).flatMap(({ delay: each, percent }) =>
    each === undefined ? [] : [{ percent, duration: milliseconds(each.value) }],
  );
  return [
    ['delay', known(delayInWords(delay))],
    ['CORS policy', known(corsInWords(route?.cors && policyOf(route.cors)))],
  ];
}

function policyOf({ origins, methods, headers, exposeHeaders, maxAge, credentials }: Cors): CorsPolicy {
  return {
    origins: origins.map(({ kind, value }): TextMatch => {
      if (kind === 'any') return { kind: 'present' };
      return kind === 'suffix' ? { kind: 'regex', value: `.*${escapeRegExp(value)}` } : { kind, value };
    }),
    methods,
    headers,
    exposed: exposeHeaders,
    // Browsers keep what says nothing of it for so long.
    maxAge: maxAge === undefined ? 5000 : milliseconds(maxAge.value),
    credentials: credentials === true,
  };
}

function keptBySender({ at }: Asked, { timeout, retries }: ResolvedRoute): Kept {
  return [
    ['timeout', known(timeInWords(timeout && milliseconds(timeout.value)))],
    ['retries', retries === undefined ? defaultInWords(at) : known(retriesInWords(triesOf(retries)))],
  ];
}

/** Where intents say nothing of retries they mean what the mesh does by default (T-35). */
function defaultInWords(at: MeshCluster): Kept[number][1] {
  const settings = defaultRetries(at, false);
  return settings.known ? known(retriesInWords(settings.value)) : settings;
}

function triesOf({ attempts, perTryTimeout, retryOn, backoff }: NonNullable<ResolvedRoute['retries']>) {
  const isStatus = (cause: string) => /^\d+$/.test(cause);
  const statusCodes = retryOn.filter(isStatus).map(Number);
  const conditions = retryOn.filter((cause) => !isStatus(cause));
  return {
    attempts,
    perTryTimeout: perTryTimeout && milliseconds(perTryTimeout.value),
    conditions: retryOn.length === 0 ? usualConditions : conditions,
    statusCodes: sortedNumbers(statusCodes),
    backoff: backoff && milliseconds(backoff.value),
  };
}

/** What retries are for where nothing else is said. */
const usualConditions: readonly string[] = ['cancelled', 'connect-failure', 'refused-stream', 'unavailable'];
