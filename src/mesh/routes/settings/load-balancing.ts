import type { Service } from '../../../topology/model.js';
import { asObject, asText } from '../../json.js';
import type { MeshCluster } from '../../mesh.js';
import { type Node, nodeOf } from '../read/fields.js';
import { durationIn } from '../read/route-settings.js';
import type { Algorithm, HashKey, Locality } from './effective.js';
import { meshDefault } from './mesh-default.js';
import { byDefault, type Setting, saidBy } from './setting.js';

const simple: Readonly<Record<string, Algorithm>> = {
  LEAST_CONN: 'LEAST_REQUEST',
  LEAST_REQUEST: 'LEAST_REQUEST',
  ROUND_ROBIN: 'ROUND_ROBIN',
  RANDOM: 'RANDOM',
  PASSTHROUGH: 'PASSTHROUGH',
};

/** Of a `loadBalancer`; consistent hashing goes before any other algorithm. */
export function algorithmIn(balancer: Node): Algorithm {
  const hash = nodeOf(balancer, 'consistentHash');
  if (hash !== undefined) return nodeOf(hash, 'maglev') === undefined ? 'RING_HASH' : 'MAGLEV';
  return simple[asText(balancer.value.simple) ?? ''] ?? 'LEAST_REQUEST';
}

export function warmupIn(balancer: Node): number | undefined {
  const warmup = nodeOf(balancer, 'warmup');
  return ((warmup && durationIn(warmup, 'duration')) ?? durationIn(balancer, 'warmupDurationSecs'))?.value;
}

/** What a `consistentHash` is made of; `undefined` where it names nothing. */
export function hashKeyIn(hash: Node): HashKey | undefined {
  const { httpHeaderName, httpQueryParameterName, useSourceIp } = hash.value;
  const cookie = nodeOf(hash, 'httpCookie');
  if (typeof httpHeaderName === 'string') return { kind: 'header', name: httpHeaderName.toLowerCase() };
  if (typeof httpQueryParameterName === 'string') return { kind: 'query', name: httpQueryParameterName };
  if (useSourceIp === true) return { kind: 'source address' };
  if (cookie === undefined) return undefined;
  const { name, path } = cookie.value;
  return { kind: 'cookie', name: asText(name) ?? '', path: asText(path) ?? '', ttl: durationIn(cookie, 'ttl')?.value };
}

/** Of `localityLbSetting`: the word of a DestinationRule, which goes before that of the Service (T-43). */
export function localityIn(setting: Node, detectsOutliers: boolean): Locality {
  if (setting.value.enabled === false) return { mode: 'off', detail: undefined, isActive: false };
  const ways = ['distribute', 'failover', 'failoverPriority'] as const;
  const [way] = ways.filter((name) => setting.value[name] !== undefined);
  if (way === 'distribute') return { mode: way, detail: JSON.stringify(setting.value[way]), isActive: true };
  if (way === undefined) return { mode: 'by default', detail: undefined, isActive: detectsOutliers };
  return { mode: 'failover', detail: JSON.stringify(setting.value[way]), isActive: detectsOutliers };
}

/** Without such a word the Service may prefer pods that are near; else the mesh fails over once outliers are detected (T-42). */
export function localityOf(
  mesh: MeshCluster,
  service: Service | undefined,
  detectsOutliers: boolean,
): Setting<Locality> {
  const { cluster } = mesh;
  const readsNamespace = !['1.28', '1.29'].includes(cluster.settings.istio.version);
  const ofNamespace = readsNamespace ? cluster.namespaces.get(service?.namespace ?? '')?.annotations : {};
  const distribution = service && distributionOf(ofNamespace, service);
  if (service !== undefined && distribution !== undefined) {
    const by = { object: service.object, place: ['metadata', 'name'] };
    return saidBy({ mode: distribution, detail: undefined, isActive: true }, by);
  }
  const said = meshDefault(mesh, 'localityLbSetting');
  if (said === undefined) return byDefault({ mode: 'by default', detail: undefined, isActive: detectsOutliers });
  return saidBy(localityIn({ value: asObject(said.value) ?? {}, place: said.place }, detectsOutliers), said);
}

const annotation = 'networking.istio.io/traffic-distribution';

function distributionOf(ofNamespace: Readonly<Record<string, string>> = {}, { object, annotations }: Service) {
  const own = asText(asObject(object.value.spec)?.trafficDistribution);
  const written = (own ?? annotations[annotation] ?? ofNamespace[annotation] ?? '').toLowerCase();
  if (written === 'preferclose' || written === 'prefersamezone') return 'PreferSameZone';
  return written === 'prefersamenode' ? 'PreferSameNode' : undefined;
}
