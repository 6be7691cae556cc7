import { callerPool } from '../../algebra/caller-pool.js';
import type { CallerKind } from '../../algebra/callers.js';
import type { Lane } from '../../algebra/lane.js';
import { spaceMaker } from '../../algebra/space.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { type Way, waysOf } from '../../mesh/paths/ways.js';
import { type Source, usualHost } from '../../mesh/request.js';
import { allNaming } from '../../mesh/routes/follow/matching.js';
import { obeyedRules } from '../../mesh/routes/obeyed-rules.js';
import { keysOfService } from '../../mesh/routes/settings/affinity.js';
import type { HopSettings } from '../../mesh/routes/settings/effective.js';
import { limitsOfMesh } from '../../mesh/routes/settings/limits.js';
import { localityOf } from '../../mesh/routes/settings/load-balancing.js';
import { settingsOnWay } from '../../mesh/routes/settings/on-way.js';
import { open } from '../../mesh/routes/settings/setting.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import { keyOf, type Service } from '../../topology/model.js';
import { hostPorts, waysToHost } from '../traffic/asked-hosts.js';
import { type CallerContext, knowsWhatItMayCall, letsThrough } from '../traffic/callers.js';
import type { AskedPort } from './asked-port.js';
import { type CallingKind, callingKinds } from './calling-kinds.js';
import { type SettingDeviation, settingDeviations } from './compare-settings.js';
import { type MeantSettings, meantSettings } from './meant.js';
import { versionAt } from './version-at.js';

/** What was compared of settings on the way to pods, and what proxies keep to otherwise. */
export interface EndpointProof {
  readonly services: number;
  readonly deviating: readonly DeviatingSettings[];
  readonly open: readonly OpenSettings[];
}

export interface DeviatingSettings {
  readonly asked: AskedPort;
  /** One of the callers. */
  readonly source: Source;
  /** Which proxy sends on to the pods; absent where none of Envoy's does. */
  readonly hop: Pick<HopSettings, 'at' | 'name'> | undefined;
  readonly version: string | undefined;
  readonly deviations: readonly SettingDeviation[];
}

export interface OpenSettings {
  readonly asked: AskedPort;
  readonly fact: string;
}

/** What intents say of the way to pods, and of what sidecars know. */
type Asking = Pick<Resolved, 'traffic' | 'reachability'>;

/** Compares what intents say of the way to pods with what each proxy keeps to, whatever request it sends on. */
export function proveEndpoints(mesh: Mesh, { traffic, reachability }: Asking): EndpointProof {
  const asked = traffic.filter(asks).flatMap((each) => askedBy(mesh, each));
  if (asked.length === 0) return { services: 0, deviating: [], open: [] };
  const context: CallerContext = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(mesh), reachability };
  const judged = asked.flatMap((each) => judgePort(context, each));
  return {
    services: new Set(asked.map(({ service }) => service)).size,
    deviating: judged.flatMap(({ deviating }) => deviating),
    open: judged.flatMap((each) => each.open),
  };
}

function asks({ endpoints, versions }: ResolvedTraffic): boolean {
  const saysSomething = Object.keys(endpoints.whole).length + endpoints.ports.length > 0;
  return saysSomething || versions.some((version) => version.endpoints !== undefined);
}

function askedBy(mesh: Mesh, traffic: ResolvedTraffic): readonly AskedPort[] {
  return traffic.destinations.flatMap((destination) => {
    if (isOutside(destination))
      return hostPorts(mesh, destination).map((found) => ({ ...found, traffic, destination }));
    const at = mesh.clusters.get(destination.cluster);
    const service = at?.cluster.services.get(keyOf(destination));
    if (at === undefined || service === undefined) return [];
    const ports = service.ports.filter(({ transport }) => transport === 'TCP');
    return ports.map((port) => ({ traffic, destination, at, service, port }));
  });
}

type Judged = Pick<EndpointProof, 'deviating' | 'open'>;

function judgePort(context: CallerContext, asked: AskedPort): readonly Judged[] {
  return callingKinds(context, asked).map((calling) => judgeKind(context, asked, calling));
}

function judgeKind(context: CallerContext, asked: AskedPort, { all, kind, sources }: CallingKind): Judged {
  const { mesh } = context;
  const isUnknown = ({ end }: Way) => end.kind === 'passed on' && knowsWhatItMayCall(context, all, kind, asked.service);
  const found = waysOfKind(mesh, asked, kind)
    .filter((way) => !isUnknown(way))
    .flatMap((way) => sources.map((source) => judgeWay(mesh, asked, source, way)));
  const isClean = found.every(({ deviating, open: facts }) => deviating.length + facts.length === 0);
  if (isClean || !mayCall(context, asked, kind)) return { deviating: [], open: [] };
  return { deviating: found.flatMap(({ deviating }) => deviating), open: found.flatMap((each) => each.open) };
}

function waysOfKind(mesh: Mesh, asked: AskedPort, { representative: { caller } }: CallerKind): readonly Way[] {
  const { at, port } = asked;
  if (isOutside(asked)) return waysToHost(mesh, caller, asked).filter(({ copy }) => copy === undefined);
  const { destination } = laneTo(asked, '');
  const sent = allNaming(usualHost(destination), at.cluster.settings.istio.pathNormalization);
  const ways = waysOf(mesh, caller, destination, port.layer === 'tcp' ? undefined : sent);
  return ways.filter(({ copy }) => copy === undefined);
}

function laneTo({ destination: { cluster }, service, port }: AskedPort, workload: string) {
  const destination = { kind: 'service', cluster, service: keyOf(service), port: port.number, workload } as const;
  return { destination, payload: port.layer === 'tcp' ? 'tcp' : 'http' } satisfies Lane;
}

/** Other Services keep to settings of their own. */
function judgeWay(mesh: Mesh, asked: AskedPort, source: Source, way: Way): Judged {
  const { traffic, at, service, port } = asked;
  const { end } = way;
  if (end.kind === 'not-modelled') return { deviating: [], open: [{ asked, fact: end.because }] };
  const version = versionAt(asked, way);
  if (version === 'other') return { deviating: [], open: [] };
  const hop = withKeysOfGateway(asked, way, settingsOnWay(mesh, way, source).at(-1));
  const ofMesh = limitsOfMesh(hop?.mesh ?? at, port.layer === 'http');
  if (!ofMesh.known) return { deviating: [], open: [{ asked, fact: ofMesh.why }] };
  const meant = meantSettings(traffic, version, port, ofMesh.value);
  const deviations = hop ? settingDeviations(meant, hop, port) : withoutProxy(at, service, meant);
  const wrong = deviations.filter(({ found }) => found.known);
  return {
    deviating: wrong.length === 0 ? [] : [{ asked, source, hop, version, deviations: wrong }],
    open: deviations.flatMap(({ found }) => (found.known ? [] : [{ asked, fact: found.why }])),
  };
}

/** By whichever of its routes a gateway sends to the Service, the keys are those that DestinationRules name for it. */
function withKeysOfGateway({ at, service, port }: AskedPort, { caller }: Way, hop: HopSettings | undefined) {
  const request = hop?.settings.request;
  if (hop?.at !== 'gateway' || request === undefined) return hop;
  const obeying = { namespace: caller.namespace, labels: caller.gateway?.podLabels };
  const affinity = keysOfService(obeyedRules(at, obeying, service), port.number);
  return { ...hop, settings: { ...hop.settings, request: { ...request, affinity } } };
}

/** ztunnel keeps to what the Service says of near pods, and to nothing else. */
function withoutProxy(at: MeshCluster, service: Service, meant: MeantSettings): readonly SettingDeviation[] {
  const { locality, ...others } = meant;
  const near = localityOf(at, service, false);
  const none = { known: true, value: 'nothing: no proxy on the way reads it', by: undefined } as const;
  const lost = Object.keys(others).map((field) => ({ field, meant: 'kept to', found: none }));
  if (locality === undefined || (near.known && near.value.mode === locality.mode)) return lost;
  const found = near.known ? { ...near, value: near.value.mode } : open<string>(near.why);
  return [...lost, { field: 'locality', meant: locality.mode, found }];
}

function isOutside({ service }: { readonly service: Service | undefined }): boolean {
  return service !== undefined && isHostOfEntry(service);
}

/** Whether policies let somebody of a kind through to any of the pods; who may call a host is not for settings to say. */
function mayCall(context: CallerContext, asked: AskedPort, kind: CallerKind): boolean {
  if (isOutside(asked)) return true;
  return asked.service.workloads.some((workload) => letsThrough(context, laneTo(asked, workload), kind, true));
}
