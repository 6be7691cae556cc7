import { type Gateway, keyOf } from '../../topology/model.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Payload } from '../request.js';
import type { Caller } from './caller.js';
import { gatewayDeployedBehind } from './gateway/deployed-service.js';
import { gatewayOf } from './gateway/gateway-of.js';
import { gatewayPath } from './gateway/gateway-path.js';
import { mutualName } from './gateway/peer.js';
import { notModelled, type Path } from './hops.js';
import { stoppedBefore } from './leaving.js';
import { joinedPath, onwardFrom } from './onward.js';
import { pathOfWay, type ThroughGateway, type ToService, type Way, waysFor, withChanges } from './ways.js';

/** More gateways than these behind each other are not followed: routes may lead in a circle. */
const most = 3;

/** The same ways, each of those that a route leads to a gateway followed on from there (F-34). */
export function waysThrough(mesh: Mesh, ways: readonly Way[], payload: Payload, depth = 0): readonly Way[] {
  return ways.flatMap((way) => {
    const through = depth < most ? gatewayBehind(mesh, way, payload) : undefined;
    return through === undefined ? [way] : goingOn(mesh, way, through, depth);
  });
}

type ToGatewayPods = Omit<ThroughGateway, 'onward'>;

/** The ways of one request or connection to a Service, followed through gateways. */
export function waysFollowed(mesh: Mesh, source: Caller, destination: ToService, payload: Payload): readonly Way[] {
  return waysThrough(mesh, waysFor(mesh, source, destination, payload), payload);
}

function goingOn(mesh: Mesh, way: Way, through: ToGatewayPods, depth: number): readonly Way[] {
  const onward = onwardFrom(mesh, through.gateway, through.sent);
  const ways = onward === undefined ? [] : waysThrough(mesh, onward.ways, through.sent, depth + 1);
  if (onward === undefined || ways.length === 0) {
    const because = `no route of gateway \`${through.gateway.gateway}\` leads on (§2.10)`;
    return [{ ...way, end: { kind: 'no-path', because }, through: { ...through, onward: undefined } }];
  }
  return ways.map((next) => ({
    ...way,
    share: way.share * next.share,
    end: next.end,
    copy: way.copy ?? next.copy,
    through: { ...through, onward: { ...onward, way: next } },
  }));
}

/** The gateway whose pods a route leads to; what is addressed to a gateway itself stays there. */
function gatewayBehind(mesh: Mesh, way: Way, payload: Payload): ToGatewayPods | undefined {
  const { end, addressed, caller, client, behind } = way;
  const at = mesh.clusters.get(caller.cluster ?? '');
  if (end.kind !== 'pods' || at === undefined || end.service === addressed?.service) return undefined;
  const gateway = gatewayDeployedBehind(at, end.service) ?? gatewayServing(at, end.workloads);
  if (gateway === undefined) return undefined;
  const leg = behind?.leg ?? client;
  const { subset } = leg.destination ?? {};
  const serverName = mutualName(at, caller, gateway, { ...end, subset }) ?? nameOf(payload);
  const base = { kind: 'gateway', cluster: at.cluster.name, gateway: keyOf(gateway), port: end.port.number } as const;
  return {
    gateway: serverName === undefined ? base : { ...base, serverName },
    podPort: typeof end.port.targetPort === 'number' ? end.port.targetPort : undefined,
    subset,
    sent: leg.sent?.request ?? payload,
  };
}

function gatewayServing(at: MeshCluster, keys: readonly string[]): Gateway | undefined {
  const [gateway, ...others] = keys.map((key) => {
    const workload = at.cluster.workloads.get(key);
    return workload?.mode.plane === 'gateway' ? gatewayOf(at, workload) : undefined;
  });
  return others.every((other) => other === gateway) ? gateway : undefined;
}

function nameOf(payload: Payload): string | undefined {
  return payload.kind === 'tcp' ? payload.serverName : undefined;
}

/** The enforcement points on a way, at gateways and behind them. */
export function pathThrough(mesh: Mesh, way: Way, workload: string, payload: Payload): Path {
  const { through, caller, behind } = way;
  if (through === undefined) return pathOfWay(mesh, way, workload, payload);
  // As whom a waypoint comes to a gateway, and with what, nobody has looked at.
  if (behind !== undefined) return notModelled('a waypoint whose routes lead on to a gateway');
  const { gateway, subset, sent, onward } = through;
  const at = mesh.clusters.get(gateway.cluster)?.cluster.gateways.get(gateway.gateway);
  const stop = at && stoppedBefore(mesh, caller, at, through.podPort);
  if (stop !== undefined) return stop;
  const arrived = withChanges(gatewayPath(mesh, caller, gateway, sent, { subset }), 0, way.client);
  if (onward === undefined) return arrived;
  return joinedPath(arrived, pathThrough(mesh, onward.way, workload, sent), onward.sender);
}
