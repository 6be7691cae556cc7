import { callerPool } from '../../algebra/caller-pool.js';
import { answerTo, TooLarge } from '../../algebra/limits.js';
import { spaceMaker } from '../../algebra/space.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { ManifestObject } from '../../parse/document.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { keyOf } from '../../topology/model.js';
import { gatewayEntrances } from './at-gateways.js';
import { askedHosts, hostEntrances } from './at-hosts.js';
import { askedPorts, serviceEntrances } from './at-services.js';
import { unnamedEntrances } from './at-unnamed-hosts.js';
import type { CallerContext } from './callers.js';
import { type Compared, compare, type Deviating } from './compare.js';
import { compareConnections } from './connections.js';
import type { Entrance } from './entrance.js';
import { compareGatewayConnections } from './gateway-connections.js';
import { compareListeners, type ListenersOtherwise } from './listeners.js';

/** What was compared of traffic settings, and what the mesh does otherwise. */
export interface TrafficProof extends Compared {
  /** The Services and Gateways, as `cluster namespace/name`, that they are for. */
  readonly subjects: readonly string[];
  readonly listeners: readonly ListenersOtherwise[];
}

/**
 * Compares what intents say of traffic with what proxies do, for every request and every kind of caller. From the weights of
 * what was just written a rollout controller starts; later they are its own.
 */
export function proveTraffic(
  mesh: Mesh,
  { traffic, gatewayTraffic, plannedGateways, reachability }: Resolved,
  isJustWritten: (object: ManifestObject) => boolean,
): TrafficProof {
  if (traffic.length + gatewayTraffic.length + plannedGateways.length === 0) return nothing;
  const context: CallerContext = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(mesh), reachability };
  const versions = new Map(
    traffic.flatMap((each) => each.destinations.map((destination) => [keyOf(destination), each.versions] as const)),
  );
  const entrances = [
    ...traffic.flatMap((each) => [
      ...serviceEntrances(context, each, versions),
      ...hostEntrances(context, each, versions),
    ]),
    ...gatewayTraffic.flatMap((each) => gatewayEntrances(context, each, versions)),
    ...unnamedEntrances(context, { gatewayTraffic, traffic }),
  ];
  const asked = [
    ...entrances.map((entrance) => entrance.asked),
    ...traffic.flatMap((each) => [...askedPorts(mesh, each, versions), ...askedHosts(context, each, versions)]),
  ];
  const compared = [
    ...entrances.map((entrance) => comparedAt(context, entrance)),
    ...traffic.flatMap((each) => compareConnections(context, each, versions)),
    ...gatewayTraffic.flatMap((each) => compareGatewayConnections(context, each, versions)),
  ];
  const { count, otherwise } = compareListeners(mesh, plannedGateways);
  const leading = gatewayTraffic.flatMap(({ gateways, connections }) => (connections.length > 0 ? gateways : []));
  const opened = [...plannedGateways, ...leading].map((each) => `${each.cluster} ${keyOf(each)}`);
  return {
    subjects: [...new Set([...asked.map(({ at, name }) => `${at.cluster.name} ${name}`), ...opened])],
    classes: compared.reduce((sum, { classes }) => sum + classes, count),
    listeners: otherwise,
    deviating: compared.flatMap(({ deviating }) =>
      deviating.flatMap((each) => withoutLaterWeights(each, isJustWritten)),
    ),
    open: compared.flatMap(({ open }) => open),
  };
}

const nothing: TrafficProof = { subjects: [], classes: 0, listeners: [], deviating: [], open: [] };

function withoutLaterWeights(
  deviating: Deviating,
  isJustWritten: (object: ManifestObject) => boolean,
): readonly Deviating[] {
  const { rule } = deviating.treatment;
  if (rule !== undefined && isJustWritten(rule.object)) return [deviating];
  const deviations = deviating.deviations.filter(({ aspect }) => aspect !== 'start weights');
  return deviations.length === 0 ? [] : [{ ...deviating, deviations }];
}

function comparedAt({ mesh, makeSpace }: CallerContext, entrance: Entrance): Compared {
  const answer = answerTo(() => compare(mesh, makeSpace, entrance));
  if (!(answer instanceof TooLarge)) return answer;
  const fact = 'what becomes of requests that routes tell apart in too many ways to be compared';
  return { classes: 0, deviating: [], open: [{ asked: entrance.asked, fact }] };
}
