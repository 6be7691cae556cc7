import type { MeshCluster } from '../../mesh.js';
import type { Leg, ServiceAt } from '../../paths/legs.js';
import { isVisible } from '../../paths/visibility.js';
import { type Obeying, obeyedRules } from '../obeyed-rules.js';
import type { VersionRule } from '../read/read-versions.js';
import { keysOfService, keysOfWhole } from './affinity.js';
import type { DoubtOfProxy } from './doubt.js';
import type { BackendSettings, EffectiveSettings, HopSettings, RequestSettings } from './effective.js';
import { type Backend, backendSettings } from './of-backend.js';
import { byRule, withoutRoute } from './of-request.js';
import { defaultRetries, retriesOfWaypoint } from './retries.js';
import { byDefault, open, type Setting } from './setting.js';

/** A proxy of Envoy's that sends requests on. */
export interface ProxyAt {
  readonly at: HopSettings['at'];
  readonly name: string | undefined;
  readonly obeying: Obeying;
  /** What may change all of its settings. */
  readonly doubt: DoubtOfProxy;
}

/** What it keeps to for what one leg is about. */
export function settingsAt(
  mesh: MeshCluster,
  proxy: ProxyAt,
  leg: Leg,
  addressed: ServiceAt | undefined,
): EffectiveSettings {
  const sending = sendingOf(mesh, proxy, leg);
  const isRequest = leg.sent !== undefined || leg.step?.before !== undefined;
  const request = isRequest ? seenAt(proxy.at, requestOf(mesh, proxy, leg, addressed, sending)) : undefined;
  const backend = sending?.settings;
  const { doubt } = proxy;
  return {
    request: request && doubt.request !== undefined ? doubted(request, doubt.request) : request,
    backend: backend && doubt.backend !== undefined ? doubted(backend, doubt.backend) : backend,
  };
}

/** Where a leg is sent to, and by which DestinationRules. */
interface Sending {
  readonly backend: Backend;
  readonly rules: ReadonlyArray<readonly VersionRule[]>;
  readonly settings: BackendSettings;
}

/** A proxy finds the rules for what is exported to it: a waypoint may have before it what is not (F-36). */
const withoutRules: ReadonlyArray<readonly VersionRule[]> = [[]];

function sendingOf(mesh: MeshCluster, { at, obeying }: ProxyAt, leg: Leg): Sending | undefined {
  const backend = backendOf(leg);
  if (backend === undefined) return undefined;
  const rules = isVisible(backend, obeying.namespace) ? obeyedRules(mesh, obeying, backend) : withoutRules;
  return { backend, rules, settings: backendSettings(mesh, at, backend, rules) };
}

function backendOf({ to, destination }: Leg): Backend | undefined {
  const subset = destination?.subset;
  if (to.kind === 'external') {
    const { host, namespace, exportTo, port } = to.named;
    const at = { host, namespace, exportTo, port: port.number };
    return { ...at, subset, carriesRequests: port.layer === 'http', service: undefined };
  }
  if (to.kind !== 'pods') return undefined;
  const { service, port } = to;
  const { host, namespace, exportTo } = service;
  return { host, namespace, exportTo, port: port.number, subset, carriesRequests: port.layer === 'http', service };
}

function requestOf(
  mesh: MeshCluster,
  { at, obeying }: ProxyAt,
  leg: Leg,
  addressed: ServiceAt | undefined,
  sending: Sending | undefined,
): RequestSettings {
  const { rule, to } = leg;
  if (rule !== undefined) return boundBy(sending, byRule(mesh, obeying, rule, leg));
  if (to.kind === 'not-modelled') return undecided(to.because);
  if (sending === undefined) return withoutRoute(byDefault(undefined), byDefault([]));
  const { backend, rules } = sending;
  switch (at) {
    case 'gateway':
      return undecided('which route of the gateway leads there');
    case 'sidecar':
      return withoutRoute(defaultRetries(mesh, false), keysOfService(rules, backend.port));
    default: {
      const reads = mesh.cluster.settings.istio.version === '1.31';
      const retries = retriesOfWaypoint(mesh, addressed?.port.protocol ?? '');
      return withoutRoute(retries, reads ? keysOfWhole(rules) : byDefault([]));
    }
  }
}

/** Keys bind nothing where the pods that are called are not chosen by a hash. */
function boundBy(sending: Sending | undefined, request: RequestSettings): RequestSettings {
  const algorithm = sending?.settings.algorithm;
  if (algorithm === undefined || !algorithm.known) return request;
  return ['RING_HASH', 'MAGLEV'].includes(algorithm.value) ? request : { ...request, affinity: byDefault([]) };
}

/** Out of a tunnel of HBONE comes no address of a client, so that a waypoint makes no hash of it (F-13). */
function seenAt(at: HopSettings['at'], request: RequestSettings): RequestSettings {
  const { affinity } = request;
  if (at !== 'waypoint' || !affinity.known) return request;
  return {
    ...request,
    affinity: { ...affinity, value: affinity.value.filter(({ kind }) => kind !== 'source address') },
  };
}

function undecided(why: string): RequestSettings {
  return doubted(withoutRoute(byDefault(undefined), byDefault([])), why);
}

/** The same with every setting in doubt; what is no setting stays. */
function doubted<T extends object>(part: T, why: string): T {
  const entries = Object.entries(part).map(([name, value]) => [name, isSetting(value) ? open(why) : value]);
  return Object.fromEntries(entries) as T;
}

function isSetting(value: unknown): value is Setting<unknown> {
  return typeof value === 'object' && value !== null && 'known' in value;
}
