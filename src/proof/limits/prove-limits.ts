import type { LimitedChain } from '../../mesh/limits/limit-patch.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Point } from '../../mesh/policies/attach.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { keyOf, type Service, targetPortOf } from '../../topology/model.js';
import { countedAt, countedByOwn, type Unasked } from './counted.js';
import { meantInWords } from './meant-limits.js';
import { type GatewayLimitProof, proveGatewayLimits } from './prove-gateway-limits.js';

/** What was compared of limits of requests. */
export interface LimitProof extends ServiceLimitProof {
  readonly atGateways: GatewayLimitProof;
}

export interface ServiceLimitProof {
  readonly services: readonly Service[];
  readonly deviating: readonly DeviatingLimits[];
  readonly unasked: readonly UnaskedBy[];
  readonly open: readonly OpenLimits[];
}

type LimitedIntents = Pick<Resolved, 'traffic' | 'gatewayLimits'>;

export interface DeviatingLimits {
  readonly traffic: ResolvedTraffic;
  readonly service: Service;
  /** Who counts: a sidecar or a waypoint, by name. */
  readonly proxy: string;
  readonly meant: readonly string[];
  readonly found: readonly string[];
}

/** A rate limit service that does not answer a proxy. */
export interface UnaskedBy {
  readonly traffic: ResolvedTraffic;
  readonly service: Service;
  readonly proxy: string;
  readonly asked: Unasked;
}

export interface OpenLimits {
  readonly traffic: ResolvedTraffic;
  readonly service: Service;
  readonly fact: string;
}

/** Compares the limits of Services and of gateways with what their proxies count. */
export function proveLimits(mesh: Mesh, { traffic, gatewayLimits }: LimitedIntents): LimitProof {
  return { ...proveServiceLimits(mesh, traffic), atGateways: proveGatewayLimits(mesh, gatewayLimits) };
}

/** Compares the limits of each Service with those that are counted in every chain in front of its pods. */
function proveServiceLimits(mesh: Mesh, all: readonly ResolvedTraffic[]): ServiceLimitProof {
  const limited = all.filter(({ limits }) => limits.length > 0);
  const asked = limited.flatMap((traffic) => askedBy(mesh, traffic));
  const meant = asked.flatMap((each) => chainsOf(each).map((chain) => ({ each, chain })));
  const covered = new Set(meant.map(({ each, chain }) => keyOfChain(each, chain)));
  const [traffic] = limited;
  const others = (traffic ? servicesBeside(mesh, traffic, asked) : []).flatMap((each) =>
    chainsOf(each).flatMap((chain) => (covered.has(keyOfChain(each, chain)) ? [] : [strays(each, chain)])),
  );
  const judged = [...meant.map(({ each, chain }) => judge(mesh, each, chain)), ...others];
  return {
    services: asked.map(({ service }) => service),
    deviating: judged.flatMap(({ deviating }) => deviating),
    unasked: judged.flatMap(({ unasked }) => unasked),
    open: judged.flatMap(({ open }) => open),
  };
}

interface Asked {
  readonly traffic: ResolvedTraffic;
  readonly at: MeshCluster;
  readonly service: Service;
}

function askedBy({ clusters }: Mesh, traffic: ResolvedTraffic): readonly Asked[] {
  return traffic.destinations.flatMap((destination) => {
    const at = clusters.get(destination.cluster);
    const service = at?.cluster.services.get(keyOf(destination));
    return at && service ? [{ traffic, at, service }] : [];
  });
}

/** Services of which no limit is meant, and for which none may be written. */
function servicesBeside({ clusters }: Mesh, traffic: ResolvedTraffic, asked: readonly Asked[]): readonly Asked[] {
  const own = new Set(asked.map(({ service }) => service));
  return [...clusters.values()].flatMap((at) =>
    [...at.cluster.services.values()].flatMap((service) => (own.has(service) ? [] : [{ traffic, at, service }])),
  );
}

function keyOfChain({ at }: Asked, { proxy, chain }: LimitedAt): string {
  return JSON.stringify([at.cluster.name, proxy, chain]);
}

/** Filters of Ambit’s in a chain for which none was meant. */
function strays({ traffic, at, service }: Asked, { point, proxy, chain }: LimitedAt): Judged {
  const found = countedByOwn({ at, point, chain });
  return found.length === 0 ? nothing : { ...nothing, deviating: [{ traffic, service, proxy, meant: [], found }] };
}

type Judged = Omit<ServiceLimitProof, 'services'>;

const nothing: Judged = { deviating: [], unasked: [], open: [] };

interface LimitedAt {
  readonly point: Point;
  readonly proxy: string;
  readonly chain: LimitedChain;
}

/** The chains of its ports at the sidecars of its pods, and at its waypoint where some of them have no sidecar. */
function chainsOf({ at: { cluster }, service }: Asked): readonly LimitedAt[] {
  const ports = service.ports.filter(({ layer, transport }) => layer !== 'tcp' && transport === 'TCP');
  const pods = service.workloads.flatMap((key) => cluster.workloads.get(key) ?? []);
  const waypoint = service.binding.kind === 'bound' ? cluster.waypoints.get(service.binding.waypoint) : undefined;
  const sidecars = pods.filter(({ mode }) => mode.plane === 'sidecar');
  const isBehind = waypoint !== undefined && sidecars.length < pods.length;
  return [
    ...sidecars.flatMap((workload) =>
      [...new Set(ports.flatMap((port) => targetPortOf(port, workload) ?? []))].map((port) => ({
        point: { kind: 'sidecar', workload } as const,
        proxy: `the sidecar of \`${keyOf(workload)}\``,
        chain: { port },
      })),
    ),
    ...(isBehind ? ports : []).map(({ number }) => ({
      point: { kind: 'waypoint', waypoint: waypoint as NonNullable<typeof waypoint>, service } as const,
      proxy: `waypoint \`${service.binding.kind === 'bound' ? service.binding.waypoint : ''}\``,
      chain: { name: `inbound-vip|${number}|http|${service.host}` },
    })),
  ];
}

function judge(mesh: Mesh, { traffic, at, service }: Asked, { point, proxy, chain }: LimitedAt): Judged {
  const { found, unasked, open } = countedAt(mesh, { at, point, chain });
  const [fact] = open;
  if (fact !== undefined) return { ...nothing, open: [{ traffic, service, fact }] };
  const meant = traffic.limits.map(meantInWords).sort();
  const isSame = meant.join('\n') === found.join('\n');
  return {
    deviating: isSame ? [] : [{ traffic, service, proxy, meant, found }],
    unasked: unasked.map((each) => ({ proxy, asked: each, traffic, service })),
    open: [],
  };
}
