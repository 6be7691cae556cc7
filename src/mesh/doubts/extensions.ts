import type { JsonValue, ManifestObject, Path } from '../../parse/document.js';
import type { OpenInstallation } from '../../parse/mesh.js';
import { label } from '../../topology/labels.js';
import { areOpenVariables } from '../../topology/proxy-config.js';
import { asArray, asLabels, asObject, asText } from '../json.js';
import type { Scope } from '../policies/policy.js';
import { targetsIn } from '../policies/targets.js';

/** Something that changes what Envoy proxies do, and of which the model reads only where it applies. */
export interface Extension {
  readonly object: ManifestObject;
  /** What it is, in words, where it is not the whole object. */
  readonly what?: string;
  readonly namespace: string;
  readonly scope: Scope;
  /** What may change how requests are judged where they arrive at a sidecar or a waypoint; `undefined` where nothing can. */
  readonly inbound: Part | undefined;
  /** The same at the listeners of a gateway. */
  readonly atGateway: Part | undefined;
  /** What may change what a proxy sends, where to, and as whom. */
  readonly outbound: Part | undefined;
}

/** A field, and the ports that it is for; `undefined` of all. */
export interface Part {
  readonly path: Path;
  readonly ports: readonly number[] | undefined;
}

type Parts = Pick<Extension, 'inbound' | 'atGateway' | 'outbound'>;

const readers: Readonly<Record<string, (object: ManifestObject) => Parts & ReturnType<typeof extentOf>>> = {
  EnvoyFilter: (object) => ({ ...extentOf(object, 'workloadSelector', 'labels'), ...patchesOf(object) }),
  WasmPlugin: (object) => ({ ...extentOf(object, 'selector', 'matchLabels'), ...filtersOf(object) }),
  TrafficExtension: (object) => ({ ...extentOf(object, 'selector', 'matchLabels'), ...filtersOf(object) }),
  ProxyConfig: (object) => ({ ...extentOf(object, 'selector', 'matchLabels'), ...variablesOf(object) }),
};

/** Reads what changes proxies from the side; what can only refuse or measure is no extension here. */
export function readExtension(object: ManifestObject): readonly Extension[] {
  const extension = readers[object.kind]?.(object);
  if (extension === undefined) return [];
  const { inbound, atGateway, outbound } = extension;
  return [inbound, atGateway, outbound].every((part) => part === undefined) ? [] : [extension];
}

/** A plugin runs where requests arrive, where they leave, or both; gateways count as clients (§2.8). */
function filtersOf(object: ManifestObject): Parts {
  const selectors = asArray(asObject(object.value.spec)?.match).map((selector) => {
    const { mode, ports } = asObject(selector) ?? {};
    const numbers = asArray(ports).flatMap((port) => asObject(port)?.number ?? []);
    return { mode: asText(mode) ?? '', ports: numbers.filter((number) => typeof number === 'number') };
  });
  const partOf = (role: 'CLIENT' | 'SERVER'): Part | undefined => {
    const fitting = selectors.filter(({ mode }) => (mode !== 'CLIENT' && mode !== 'SERVER' ? true : mode === role));
    if (selectors.length > 0 && fitting.length === 0) return undefined;
    const everywhere = fitting.length === 0 || fitting.some(({ ports }) => ports.length === 0);
    return { path: ['metadata', 'name'], ports: everywhere ? undefined : fitting.flatMap(({ ports }) => ports) };
  };
  return { inbound: partOf('SERVER'), atGateway: partOf('CLIENT'), outbound: partOf('CLIENT') };
}

function variablesOf(object: ManifestObject): Parts {
  const isOpen = areOpenVariables(asObject(asObject(object.value.spec)?.environmentVariables) ?? {});
  const part = isOpen ? { path: ['spec', 'environmentVariables'], ports: undefined } : undefined;
  return { inbound: part, atGateway: part, outbound: part };
}

/** A Sidecar resource that may or may not count for the sidecars that it is for (E-30). */
export function readForeignSidecar(object: ManifestObject): Extension {
  const part: Part = { path: ['metadata', 'labels', label.revision], ports: undefined };
  return { ...extentOf(object, 'workloadSelector', 'labels'), inbound: part, atGateway: undefined, outbound: part };
}

/** What the installation says for every proxy of a kind. */
export function readInstalled({ object, path, what, of }: OpenInstallation, rootNamespace: string): Extension {
  const part: Part = { path, ports: undefined };
  const atGateway = of === 'proxies' ? part : undefined;
  return {
    object,
    what,
    namespace: rootNamespace,
    scope: { kind: 'namespace' },
    inbound: part,
    atGateway,
    outbound: part,
  };
}

/** In which namespace and for which proxies it is. */
export function extentOf(object: ManifestObject, selector: string, labels: string) {
  const spec = asObject(object.value.spec) ?? {};
  const targets = targetsIn(spec);
  const selected = asObject(spec[selector]);
  const scope: Scope =
    targets !== undefined
      ? { kind: 'targets', targets }
      : selected === undefined
        ? { kind: 'namespace' }
        : { kind: 'selector', matchLabels: asLabels(selected[labels]) };
  return { object, namespace: object.namespace ?? 'default', scope };
}

/** Filters that answer no request with success, add nothing that policies read, and never replace another. */
const harmlessFilters: ReadonlySet<string> = new Set([
  'envoy.filters.http.local_ratelimit',
  'envoy.filters.http.ratelimit',
  'envoy.filters.http.compressor',
  'envoy.filters.http.decompressor',
  'envoy.filters.http.bandwidth_limit',
  'envoy.filters.http.admission_control',
  'envoy.filters.http.adaptive_concurrency',
  'envoy.filters.network.local_ratelimit',
  'envoy.filters.network.ratelimit',
]);

/** Fields of a cluster that decide neither where a request goes nor as whom. */
const harmlessClusterFields: ReadonlySet<string> = new Set([
  'circuit_breakers',
  'common_http_protocol_options',
  'connect_timeout',
  'http2_protocol_options',
  'outlier_detection',
  'per_connection_buffer_limit_bytes',
  'upstream_connection_options',
]);

const routeParts: readonly string[] = ['HTTP_ROUTE', 'VIRTUAL_HOST', 'ROUTE_CONFIGURATION'];

function patchesOf(object: ManifestObject): Parts {
  const patches = asArray(asObject(object.value.spec)?.configPatches).map((value, index) => ({
    path: ['spec', 'configPatches', index],
    ...patchOf(value),
  }));
  const inbound = patches.find(({ applyTo, context, harmless }) => {
    return !harmless && applyTo !== 'CLUSTER' && context !== 'SIDECAR_OUTBOUND';
  });
  const outbound = patches.find(({ applyTo, context, harmless }) => {
    const sends = applyTo === 'CLUSTER' || routeParts.includes(applyTo) || context === 'SIDECAR_OUTBOUND';
    return !harmless && sends && context !== 'SIDECAR_INBOUND';
  });
  const part = (patch: typeof inbound): Part | undefined => patch && { path: patch.path, ports: undefined };
  return { inbound: part(inbound), atGateway: part(inbound), outbound: part(outbound) };
}

function patchOf(value: JsonValue) {
  const { applyTo = '', match, patch } = asObject(value) ?? {};
  const { operation, value: written } = asObject(patch) ?? {};
  const content = asObject(written) ?? {};
  return {
    applyTo: asText(applyTo) ?? '',
    context: asText(asObject(match)?.context) ?? 'ANY',
    harmless: isHarmless(asText(applyTo) ?? '', asText(operation) ?? '', content),
  };
}

/** Only what adds a filter that is known, or settings that are known, is harmless. */
function isHarmless(applyTo: string, operation: string, content: Readonly<Record<string, JsonValue>>): boolean {
  if (applyTo === 'CLUSTER' && operation === 'MERGE') {
    return Object.keys(content).every((field) => harmlessClusterFields.has(field));
  }
  if (applyTo !== 'HTTP_FILTER' && applyTo !== 'NETWORK_FILTER') return false;
  return /^(?:INSERT_|ADD$)/.test(operation) && harmlessFilters.has(asText(content.name) ?? '');
}
