import type { Service } from '../../../topology/model.js';
import { asObject, asText } from '../../json.js';
import type { MeshCluster } from '../../mesh.js';
import { tlsOfPort } from '../../paths/tls-settings.js';
import { nodeOf } from '../read/fields.js';
import type { VersionRule } from '../read/read-versions.js';
import { undatedRules } from '../versions.js';
import type { BackendSettings, BackendTls, Certificates, HopSettings, Limits, Locality } from './effective.js';
import { limitsIn, limitsOfMesh, outliersIn, retryBudgetIn } from './limits.js';
import { algorithmIn, localityIn, localityOf, warmupIn } from './load-balancing.js';
import { agreed, byDefault, open, type Setting, saidBy } from './setting.js';
import { type Placed, partSetting, policyFor, type TrafficPolicy } from './traffic-policy.js';

/** What is sent to: a Service, or a host that a ServiceEntry makes known. */
export interface Backend {
  readonly host: string;
  readonly namespace: string;
  readonly exportTo: readonly string[] | undefined;
  readonly port: number;
  readonly subset: string | undefined;
  /** Whether its port is declared to carry requests. */
  readonly carriesRequests: boolean;
  /** Absent for the host of a ServiceEntry. */
  readonly service: Service | undefined;
}

/** What a proxy keeps to towards a backend, by each of the ways in which DestinationRules may count. */
export function backendSettings(
  mesh: MeshCluster,
  at: HopSettings['at'],
  backend: Backend,
  alternatives: ReadonlyArray<readonly VersionRule[]>,
): BackendSettings {
  const { host, port, subset } = backend;
  const ways = alternatives.map((rules): Obeyed => ({ rules, policy: policyFor(rules, port, subset) }));
  const why = undatedRules(alternatives);
  const any = <T>(read: (way: Obeyed) => Setting<T>) => agreed(ways.map(read), why);
  const of = <T>(read: (policy: TrafficPolicy) => Setting<T>) => any(({ policy }) => read(policy));
  return {
    host,
    port,
    subset,
    rules: rulesOf(alternatives, why),
    algorithm: keepsAddress(at, backend)
      ? byDefault('PASSTHROUGH')
      : of(({ loadBalancer }) => partSetting(loadBalancer, algorithmIn, byDefault('LEAST_REQUEST'))),
    warmup: of(({ loadBalancer }) => partSetting(loadBalancer, warmupIn, byDefault(undefined))),
    locality: of((policy) => localitySetting(mesh, backend, policy)),
    limits: of(({ connectionPool }) =>
      limitsSetting(mesh, connectionPool, limitsOfMesh(mesh, backend.carriesRequests)),
    ),
    outliers: of(({ outlierDetection }) => partSetting(outlierDetection, outliersIn, byDefault(undefined))),
    retryBudget: of(({ retryBudget }) => partSetting(retryBudget, retryBudgetIn, byDefault(undefined))),
    tls: any((way) => tlsSetting(mesh, at, backend, way)),
  };
}

/** One of the ways in which DestinationRules may count. */
interface Obeyed {
  readonly rules: readonly VersionRule[];
  readonly policy: TrafficPolicy;
}

function rulesOf(alternatives: ReadonlyArray<readonly VersionRule[]>, why: string): BackendSettings['rules'] {
  const named = alternatives.map((rules): BackendSettings['rules'] => {
    const names = rules.map(({ namespace, name }) => `${namespace}/${name}`);
    const [first] = rules;
    return first === undefined
      ? byDefault(names)
      : saidBy(names, { object: first.object, place: ['metadata', 'name'] });
  });
  return agreed(named, why);
}

/** A sidecar sends straight on to the address that was chosen where a Service has no virtual IP, whatever rules say. */
function keepsAddress(at: HopSettings['at'], { service }: Backend): boolean {
  return at === 'sidecar' && service?.headless === true;
}

function limitsSetting({ cluster }: MeshCluster, pool: Placed | undefined, ofMesh: Setting<Limits>): Setting<Limits> {
  const { version } = cluster.settings.istio;
  return ofMesh.known ? partSetting(pool, (node) => limitsIn(node, ofMesh.value, version), ofMesh) : ofMesh;
}

const byZones = 'what `zoneAwareLbSetting` does, which depends on whether proxies discover themselves';

function localitySetting(mesh: MeshCluster, { service }: Backend, { loadBalancer, outlierDetection }: TrafficPolicy) {
  const detects = outlierDetection !== undefined;
  const { version } = mesh.cluster.settings.istio;
  if (version === '1.31' && loadBalancer?.node.value.zoneAwareLbSetting !== undefined) return open<Locality>(byZones);
  const own = loadBalancer && nodeOf(loadBalancer.node, 'localityLbSetting');
  if (loadBalancer === undefined || own === undefined) return localityOf(mesh, service, detects);
  return saidBy(localityIn(own, detects), { object: loadBalancer.object, place: own.place });
}

/** A waypoint speaks HBONE to its pods whatever mutual TLS is asked for (T-45). */
function tlsSetting(
  mesh: MeshCluster,
  at: HopSettings['at'],
  backend: Backend,
  { rules, policy }: Obeyed,
): Setting<BackendTls> {
  const otherwise = byDefault(defaultTls(mesh, at, backend));
  const ofGatewayApi = besideRules(mesh, backend, rules);
  const fills = mesh.cluster.settings.istio.version === '1.31' || Object.keys(policy).length === 0;
  if (ofGatewayApi !== undefined && !(fills && policy.tls !== undefined)) {
    return fills ? ofGatewayApi : open('whether a DestinationRule or a BackendTLSPolicy is the older (T-46)');
  }
  const said = partSetting<BackendTls>(policy.tls, ({ value }) => tlsIn(value), otherwise);
  const isMutual = said.known && ['DISABLE', 'ISTIO_MUTUAL'].includes(said.value.mode);
  return at === 'waypoint' && isMutual ? otherwise : said;
}

function tlsIn(value: Readonly<Record<string, unknown>>): BackendTls {
  const { mode, sni } = value;
  const found = (['SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'] as const).find((each) => each === mode);
  const said = certificateFields.flatMap((field) =>
    value[field] === undefined ? [] : [[field, value[field]] as const],
  );
  return {
    mode: found ?? 'DISABLE',
    serverName: typeof sni === 'string' ? sni : undefined,
    ...(said.length > 0 && { certificates: Object.fromEntries(said) as Certificates }),
  };
}

const certificateFields = [
  'credentialName',
  'clientCertificate',
  'privateKey',
  'caCertificates',
  'subjectAltNames',
  'insecureSkipVerify',
] as const satisfies ReadonlyArray<keyof Certificates>;

function defaultTls(mesh: MeshCluster, at: HopSettings['at'], backend: Backend): BackendTls {
  const { cluster } = mesh;
  if (backend.service === undefined && !isInMesh(mesh, backend)) return { mode: 'DISABLE', serverName: undefined };
  if (at === 'waypoint') return { mode: 'HBONE', serverName: undefined };
  return { mode: cluster.settings.istio.enableAutoMtls ? 'automatic' : 'DISABLE', serverName: undefined };
}

/** Whether a ServiceEntry says that its host is in the mesh. */
function isInMesh({ cluster }: MeshCluster, { host, namespace }: Backend): boolean {
  return [...cluster.serviceEntries.values()].some(
    ({ namespace: home, hosts, object }) =>
      home === namespace && hosts.includes(host) && asObject(object.value.spec)?.location === 'MESH_INTERNAL',
  );
}

/** What a BackendTLSPolicy says, unless DestinationRules of another namespace go before it. */
function besideRules(
  mesh: MeshCluster,
  { host, port }: Backend,
  rules: readonly VersionRule[],
): Setting<BackendTls> | undefined {
  const found = (mesh.tlsSettings.get(host) ?? []).find(
    (setting) => setting.object.kind === 'BackendTLSPolicy' && tlsOfPort(setting, port).tls !== undefined,
  );
  if (found === undefined || rules.some(({ namespace }) => namespace !== found.namespace)) return undefined;
  const validation = asObject(asObject(found.object.value.spec)?.validation);
  return saidBy(
    { mode: 'SIMPLE', serverName: asText(validation?.hostname) },
    { object: found.object, place: ['spec', 'validation'] },
  );
}
