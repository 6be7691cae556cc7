import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Leg } from '../../mesh/paths/legs.js';
import type { Way } from '../../mesh/paths/ways.js';
import type { Source } from '../../mesh/request.js';
import { rewrittenPath } from '../../mesh/routes/follow/changes.js';
import { pathOf } from '../../mesh/routes/follow/matching.js';
import type { Origin } from '../../mesh/routes/route.js';
import type { HopSettings, RequestSettings } from '../../mesh/routes/settings/effective.js';
import { settingsOnWay } from '../../mesh/routes/settings/on-way.js';
import type { Setting } from '../../mesh/routes/settings/setting.js';
import { type Known, known, unknown } from '../../mesh/truth.js';
import { sortBy } from '../../util/order.js';
import { type Kept, nowhere, type Outcome, outcomeOf, type Part, type Sent } from './outcome.js';
import { lastPart } from './through-gateways.js';
import {
  answerInWords,
  corsInWords,
  delayInWords,
  headersInWords,
  hostInWords,
  podsInWords,
  redirectInWords,
  retriesInWords,
  timeInWords,
} from './words.js';

/** What the mesh does with a request, and where that is decided. */
export interface Treatment {
  readonly outcome: Outcome;
  /** Where it is not known. */
  readonly doubt: string | undefined;
  readonly decidedAt: Pick<HopSettings, 'at' | 'name'> | undefined;
  /** The rule that decides; absent where none does. */
  readonly rule: Origin | undefined;
}

/** By all the ways that one request may take. A copy is made wherever the request goes, and so is on several of them. */
export function meshOutcome(mesh: Mesh, at: MeshCluster, ways: readonly Way[], source: Source): Treatment {
  const own = ways.filter(({ copy }) => copy === undefined);
  const [first] = own;
  const parts = own.map((way) => partOf(at, way));
  const copied = new Map(ways.flatMap((way) => (way.copy === undefined ? [] : [[way.copy, way] as const])));
  const copies = [...copied].map(
    ([{ percent }, way]): Part => ({ share: percent / 100, where: partOf(at, way).where }),
  );
  const sent = own.find((way) => isSent(way));
  const settings = first && requestSettings(mesh, first, source).at(-1);
  const ofSent = sent ? requestSettings(mesh, sent, source) : [];
  const open = ways.flatMap(({ end }) => (end.kind === 'not-modelled' ? [end.because] : []));
  const step = first && decidingLeg(first).step;
  return {
    outcome: outcomeOf(parts, copies, [...kept(settings, first), ...(sent ? keptBySender(ofSent) : [])]),
    doubt: open[0],
    decidedAt: step,
    rule: step?.rule,
  };
}

function isSent({ end }: Way): boolean {
  return end.kind === 'pods' || end.kind === 'external';
}

/** Likewise of connections, of which only where they go is a matter of routes. */
export function treatmentOfConnections(at: MeshCluster, ways: readonly Way[]): Treatment {
  const parts = ways.map((way): Part => {
    const { share, isExternal, where } = partOf(at, way);
    return { share, isExternal, where: way.end.kind === 'answer' ? nowhere : where };
  });
  const open = ways.flatMap(({ end }) => (end.kind === 'not-modelled' ? [end.because] : []));
  const step = ways[0] && decidingLeg(ways[0]).step;
  return { outcome: outcomeOf(parts, [], []), doubt: open[0], decidedAt: step, rule: step?.rule };
}

/** The one of the proxies on a way that routes: no request is routed twice, but by gateways on it, of which the last counts. */
function decidingLeg(way: Way): Leg {
  const { client, behind } = lastPart(way);
  return client.step === undefined && behind !== undefined ? behind.leg : client;
}

function partOf(at: MeshCluster, way: Way): Part {
  const { end } = way;
  const share = { share: way.share, isExternal: decidingLeg(way).destination?.isExternal };
  switch (end.kind) {
    case 'pods': {
      const where = podsInWords(at.cluster.workloads, end.workloads, end.port);
      return where === undefined
        ? { ...share, where: answerInWords(503, undefined) }
        : { ...share, where, sent: sentOn(way) };
    }
    case 'external':
      return { ...share, where: hostInWords(end.named.host, end.named.port, gatewaysOn(way)), sent: sentOn(way) };
    case 'answer':
      return { ...share, where: answered(way, end) };
    default:
      return { ...share, where: `nowhere, for ${end.because}` };
  }
}

function gatewaysOn({ through }: Way): readonly string[] {
  if (through === undefined) return [];
  return [through.gateway.gateway, ...(through.onward === undefined ? [] : gatewaysOn(through.onward.way))];
}

function answered(way: Way, { status, body, redirect }: Extract<Way['end'], { kind: 'answer' }>): string {
  if (redirect === undefined) return answerInWords(status, body);
  const { rule, step } = decidingLeg(way);
  const sent = step?.before;
  const [match] = rule?.matches ?? [];
  const path = redirect.path && sent && rewrittenPath(pathOf(sent), redirect.path, match?.path);
  return redirectInWords(status, { ...redirect, path });
}

function sentOn(way: Way): Sent {
  const leg = decidingLeg(way);
  const changes = leg.applied.map((applied) => applied.changes);
  const { sent } = leg;
  return {
    path: pathOfSent(sent),
    host: sent?.request.host ?? '',
    requestHeaders: headersInWords(changes.flatMap(({ headers }) => headers)),
    responseHeaders: headersInWords(changes.flatMap(({ responseHeaders = [] }) => responseHeaders)),
  };
}

function pathOfSent(sent: Leg['sent']): Known<string> {
  if (sent === undefined) return unknown('the path');
  return sent.pathDoubt === undefined ? known(pathOf(sent)) : unknown(sent.pathDoubt);
}

/** Where a waypoint stands behind a gateway it is the one that routes by the settings of the Service. */
function requestSettings(mesh: Mesh, way: Way, source: Source): readonly RequestSettings[] {
  const hops = settingsOnWay(mesh, way, source).flatMap(({ settings }) => settings.request ?? []);
  return way.through === undefined ? hops.slice(-1) : hops;
}

function kept(settings: RequestSettings | undefined, way: Way | undefined): Kept {
  return [
    ['delay', inWords(settings?.delay, delayInWords)],
    ['CORS policy', known(corsInWords(way && decidingLeg(way).rule?.cors))],
  ];
}

/** Of several proxies the shortest time counts; each that tries again does so for all behind it. */
function keptBySender(all: readonly RequestSettings[]): Kept {
  const times = all.flatMap(({ timeout }) => (timeout.known && timeout.value === undefined ? [] : [timeout]));
  const [time] = sortBy(times, (timeout) => (timeout.known ? (timeout.value ?? 0) : -1));
  const tries = all.filter(({ retries }) => !retries.known || (retries.value?.attempts ?? 0) > 0);
  const [once, twice] = tries.map(({ retries }) => inWords(retries, retriesInWords));
  const repeated =
    once?.known && twice?.known ? known(`${once.value}, and within each ${twice.value}`) : (once ?? twice);
  return [
    ['timeout', inWords(time, timeInWords)],
    ['retries', repeated ?? inWords(all.at(-1)?.retries, retriesInWords)],
  ];
}

/** Where nobody routes nothing is kept to. */
function inWords<T>(
  setting: Setting<T | undefined> | undefined,
  words: (value: T | undefined) => string,
): Known<string> {
  if (setting === undefined) return known(words(undefined));
  return setting.known ? known(words(setting.value)) : unknown(setting.why);
}
