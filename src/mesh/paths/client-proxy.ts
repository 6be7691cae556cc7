import { keyOf } from '../../topology/model.js';
import { allSpeakMutualTls, labelledTlsMode } from '../../topology/tls-mode.js';
import { isOutsideMesh } from '../entry-services.js';
import { flag, inNamespaces } from '../mesh.js';
import { peerAuthenticationAt } from '../policies/attach.js';
import { hasNoSelector, sidecarMode, sidecarScopes, undecidedRivals } from '../policies/peer-authentication.js';
import type { PeerMode } from '../policies/policy.js';
import { obeyedRules } from '../routes/obeyed-rules.js';
import { policyFor } from '../routes/settings/traffic-policy.js';
import type { Caller } from './caller.js';
import type { Endpoint } from './endpoint.js';
import { type Carrier, noPath, notModelled, type Stop } from './hops.js';
import { outboundTo, outboundToUnknownHost } from './outbound.js';
import { type ClientTls, clientTlsIn, keepsAddress, obeyedSetting, type PortTls, tlsOfPort } from './tls-settings.js';

/** An endpoint that was addressed by a Service. */
export type ServiceEndpoint = Endpoint & { readonly service: NonNullable<Endpoint['service']> };

/** How the Envoy proxy of a client connects to a pod of a Service (§4.5, istio-traffic-topology §4.2). */
export function carrierOfProxy(caller: Caller, endpoint: ServiceEndpoint): Carrier | Stop {
  const { service, port } = endpoint.service;
  const sent = port.protocol === 'udp' ? outboundToUdp(caller) : outboundTo(caller, { ...service, port });
  if (sent !== 'known') return sent === 'passed on' ? 'plaintext' : sent;
  const rule = ruleFor(caller, endpoint);
  if ('kind' in rule) return rule;
  const { tls, keepsAddress } = rule;
  if (keepsAddress === 'otherwise') return notModelled(keptForSome);
  if (caller.speaks === 'gateway') {
    if (keepsAddress) return noPath(keptByGateway);
  } else if (service.headless || keepsAddress) return carrierToAll(rule, caller, endpoint);
  if (opensTunnel(endpoint)) return 'hbone';
  if (tls !== undefined) return spoken(tls, endpoint);
  return caller.withoutAutoMtls ? 'plaintext' : automatic(rule, endpoint);
}

/** A name that says UDP gets no listener and no cluster, whatever the transport. */
function outboundToUdp(caller: Caller): 'passed on' | Stop {
  return caller.speaks === 'gateway' ? noPath('a gateway knows no port for UDP') : outboundToUnknownHost(caller);
}

const keptForSome =
  'a DestinationRule lets connections go to the address that the client chose for some ports alone (F-11)';

const keptByGateway =
  'a DestinationRule has the gateway send on to the address that its client chose, and it knows none (F-11)';

const nothing: PortTls = { tls: undefined, endpoints: undefined, keepsAddress: false };

function ruleFor(caller: Caller, endpoint: ServiceEndpoint): PortTls | Stop {
  const { mesh, service: to } = endpoint;
  const { service, port, subset } = to;
  const lookup = { client: caller.namespace, service, rootNamespace: mesh.rootNamespace };
  const settings = mesh.tlsSettings.get(service.host) ?? [];
  const setting = obeyedSetting(settings, lookup, port.number);
  if (setting === undefined) return nothing;
  if (setting === 'undecided')
    return notModelled('which of several DestinationRules for one host is the oldest (T-07)');
  const name = `${setting.namespace}/${setting.name}`;
  if (setting.isForSome) return notModelled(`DestinationRule ${name}, which is for some clients of its namespace`);
  if (setting.open !== undefined) return notModelled(setting.open);
  const whole = tlsOfPort(setting, port.number);
  const differs = settings.some(({ routedSubset }) => routedSubset !== undefined);
  if (subset === undefined || (!differs && !whole.keepsAddress)) return whole;
  return ofVersion(caller, endpoint, subset, whole);
}

/** A version overrides what holds for the whole part by part. */
function ofVersion(
  { namespace, labels = {} }: Caller,
  { mesh, service: { service, port } }: ServiceEndpoint,
  subset: string,
  { endpoints }: PortTls,
): PortTls | Stop {
  const [rules, ...others] = obeyedRules(mesh, { namespace, labels }, service);
  const { tls, tunnel, proxyProtocol, loadBalancer } = policyFor(rules ?? [], port.number, subset);
  const isKept = loadBalancer !== undefined && keepsAddress({ loadBalancer: loadBalancer.node.value });
  if (others.length > 0 || isKept || (tunnel ?? proxyProtocol) !== undefined) {
    return notModelled(`how subset \`${subset}\` of \`${service.host}\` is spoken to`);
  }
  const own = tls && clientTlsIn(tls.node.value);
  return { tls: own, endpoints: own?.mode ?? endpoints, keepsAddress: false };
}

/** SIMPLE and MUTUAL are between the client's proxy and the application. */
function spoken({ mode, subjectAltNames }: ClientTls, endpoint: ServiceEndpoint): Carrier | Stop {
  if (mode === 'DISABLE') return 'plaintext';
  return mode === 'ISTIO_MUTUAL' ? mutualTls(endpoint, subjectAltNames) : 'own-tls';
}

/**
 * To a Service without a virtual IP, or where a DestinationRule has it so, a sidecar sends straight on to the address that the
 * application chose, without looking at the pod: it opens no tunnel, and speaks to all pods alike (istio#54921, istio#39439, F-11).
 */
function carrierToAll({ tls }: PortTls, caller: Caller, endpoint: ServiceEndpoint): Carrier | Stop {
  if (tls !== undefined) return spoken(tls, endpoint);
  if (caller.withoutAutoMtls) return 'plaintext';
  if (isOutsideMesh(endpoint.service.service)) return 'plaintext';
  const inferred = modeOfNamespace(endpoint);
  if (!allSpeakMutualTls(endpoint.mesh.cluster, endpoint.service.service)) return 'plaintext';
  if (inferred === undefined) return notModelled(undatedModes);
  return inferred === 'DISABLE' ? 'plaintext' : mutualTls(endpoint, []);
}

/** Mutual TLS where the pod speaks it and takes it on this port, unless that is off for the namespace. */
function automatic({ endpoints }: PortTls, endpoint: ServiceEndpoint): Carrier | Stop {
  const inferred = modeOfNamespace(endpoint);
  if (labelledTlsMode(endpoint.workload) !== 'istio' || isOutsideMesh(endpoint.service.service)) return 'plaintext';
  if (inferred === undefined) return notModelled(undatedModes);
  if (inferred === 'DISABLE') return 'plaintext';
  if (endpoints !== undefined) return endpoints === 'ISTIO_MUTUAL' ? mutualTls(endpoint, []) : 'plaintext';
  const plain = wantsPlaintext(endpoint);
  if (plain === undefined) return notModelled(undatedModes);
  return plain ? 'plaintext' : mutualTls(endpoint, []);
}

const undatedModes = 'which of several PeerAuthentications is the oldest (§5.1)';

/** Mutual TLS whatever the pod speaks; it fails where the pod does not, or shows another certificate than is expected. */
function mutualTls(endpoint: ServiceEndpoint, expected: readonly string[]): Carrier | Stop {
  const { mesh, workload } = endpoint;
  if (workload.mode.plane !== 'sidecar') {
    return noPath(`the client speaks mutual TLS, and \`${keyOf(workload)}\` has no sidecar that does (§4.5)`);
  }
  const plain = wantsPlaintext(endpoint);
  if (plain === undefined) return notModelled(undatedModes);
  if (plain)
    return { ...noPath('the client speaks mutual TLS, and the port is of mode DISABLE (§5.1)'), isOfMode: true };
  const own = `spiffe://${mesh.cluster.settings.trustDomain}/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
  if (expected.length === 0 || expected.includes(own)) return 'mtls';
  return noPath(`a DestinationRule expects the certificate of ${expected.join(' or ')} (§4.5)`);
}

/** A pod that is said to speak the mutual TLS of sidecars is called so, unless a flag prefers HBONE (§9.3). */
function opensTunnel({ mesh, workload }: Endpoint): boolean {
  const { plane, hbone } = workload.mode;
  if (plane !== 'ambient' && !hbone) return false;
  return labelledTlsMode(workload) !== 'istio' || flag(mesh, 'PILOT_PREFER_SENDING_HBONE');
}

/** Whether a sidecar's port is of mode DISABLE; `undefined` where manifests do not tell which policy counts. */
function wantsPlaintext({ mesh, workload, podPort }: Endpoint): boolean | undefined {
  const policies = peerAuthenticationAt('sidecar', workload, mesh);
  const disables = policies.some(({ mode, ports }) => [mode, ...ports.map((port) => port.mode)].includes('DISABLE'));
  if (!disables) return false;
  if (undecidedRivals(policies, mesh.rootNamespace).length > 0) return undefined;
  return sidecarMode(sidecarScopes(policies, mesh.rootNamespace), podPort) === 'DISABLE';
}

/** The mode that clients infer for a Service: its namespace's, whatever single workloads say. */
function modeOfNamespace({ mesh, service: { service } }: ServiceEndpoint): Exclude<PeerMode, 'UNSET'> | undefined {
  const { peerAuthentication, rootNamespace } = mesh;
  const policies = inNamespaces(peerAuthentication, rootNamespace, service.namespace).filter(hasNoSelector);
  if (!policies.some(({ mode }) => mode === 'DISABLE')) return 'PERMISSIVE';
  if (undecidedRivals(policies, rootNamespace).length > 0) return undefined;
  return sidecarMode({ ...sidecarScopes(policies, rootNamespace), workload: undefined }, 0);
}

/** Where a request to a Service arrives at a pod: what is sent straight to its address keeps the port of the Service. */
export function arrivalPort({ speaks }: Caller, { podPort, service }: Endpoint): number {
  if (service === undefined || !service.service.headless || speaks === 'gateway') return podPort;
  return service.port.number;
}
