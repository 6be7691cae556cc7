import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import type { Labels } from '../../topology/model.js';
import { compareText } from '../../util/order.js';
import { asArray, asLabels, asObject, asText, asTexts } from '../json.js';

/** A Sidecar resource: what the sidecars that it is for know of the mesh, and how they listen (§2.9). */
export interface SidecarResource {
  readonly object: ManifestObject;
  readonly namespace: string;
  readonly name: string;
  /** When it was created, as far as manifests tell. */
  readonly created: string;
  /** `undefined`: for all pods. */
  readonly selector: Labels | undefined;
  readonly egress: readonly EgressListener[];
  /** `undefined`: as the mesh has it. */
  readonly outbound: OutboundPolicy | undefined;
  readonly ingress: readonly IngressListener[];
}

/** What a sidecar does with traffic to hosts that it does not know. */
export type OutboundPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'egress proxy';

export interface EgressListener {
  /** `undefined`: every port that no other listener has. */
  readonly port: number | undefined;
  /** As written: `namespace/host`. */
  readonly hosts: readonly string[];
  /** Whether the application must send to this listener itself. */
  readonly isAddressed: boolean;
  /** Whether its port is declared HTTP. */
  readonly readsRequests: boolean;
}

export interface IngressListener {
  readonly port: number;
  readonly protocol: string;
  readonly hasTls: boolean;
  /** Whether it listens itself, beside what is redirected. */
  readonly isAddressed: boolean;
}

export function readSidecar(object: ManifestObject): SidecarResource {
  const { spec: written, metadata } = object.value;
  const spec = asObject(written) ?? {};
  const selector = asObject(spec.workloadSelector);
  const egress = asArray(spec.egress).map(readEgress);
  return {
    object,
    namespace: object.namespace ?? 'default',
    name: object.name,
    created: asText(asObject(metadata)?.creationTimestamp) ?? '',
    selector: selector && asLabels(selector.labels),
    egress: egress.length === 0 ? [everything] : egress,
    outbound: readOutbound(asObject(spec.outboundTrafficPolicy)),
    ingress: asArray(spec.ingress).flatMap(readIngress),
  };
}

const everything: EgressListener = { port: undefined, hosts: ['*/*'], isAddressed: false, readsRequests: false };

const protocolsOfRequests: ReadonlySet<string> = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);

function readEgress(value: JsonValue): EgressListener {
  const { port, hosts, bind, captureMode } = asObject(value) ?? {};
  const { number, protocol } = asObject(port) ?? {};
  const spoken = (asText(protocol) ?? '').toUpperCase();
  return {
    port: typeof number === 'number' ? number : undefined,
    hosts: asTexts(hosts),
    isAddressed: spoken === 'HTTP_PROXY' || captureMode === 'NONE' || (asText(bind) ?? '') !== '',
    readsRequests: protocolsOfRequests.has(spoken),
  };
}

function readIngress(value: JsonValue): readonly IngressListener[] {
  const { port, tls, captureMode } = asObject(value) ?? {};
  const { number, protocol } = asObject(port) ?? {};
  if (typeof number !== 'number') return [];
  const isAddressed = captureMode === 'NONE';
  return [{ port: number, protocol: asText(protocol) ?? '', hasTls: asObject(tls) !== undefined, isAddressed }];
}

/** A policy that names no mode is of the first one, REGISTRY_ONLY. */
function readOutbound(policy: JsonObject | undefined): OutboundPolicy | undefined {
  if (policy === undefined) return undefined;
  if (policy.mode !== 'ALLOW_ANY') return 'REGISTRY_ONLY';
  return asObject(policy.egressProxy) === undefined ? 'ALLOW_ANY' : 'egress proxy';
}

/** Of rivals the oldest counts: all that may be it, where manifests do not tell. */
export function oldestOf(rivals: readonly SidecarResource[]): readonly SidecarResource[] {
  const undated = rivals.filter(({ created }) => created === '');
  const [oldest] = rivals
    .filter(({ created }) => created !== '')
    .sort((left, right) => compareText(left.created, right.created) || compareText(left.name, right.name));
  return oldest === undefined ? undated : [oldest, ...undated];
}
