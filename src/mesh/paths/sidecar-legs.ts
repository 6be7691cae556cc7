import type { Workload } from '../../topology/model.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import { followConnection, readsNames } from '../routes/follow/connections.js';
import type { RoutedRequest } from '../routes/follow/matching.js';
import type { Target } from '../routes/follow/target.js';
import { ordersAtSidecar, tablesAtSidecar } from '../routes/owner/at-sidecar.js';
import { isRouted, meshRoutesOf } from '../routes/owner/mesh-routes.js';
import type { Caller } from './caller.js';
import { listenersAtPod } from './carrier.js';
import type { Stop } from './hops.js';
import { meaningOf, type NamedHost, nameIn } from './host-names.js';
import { withAddressOfPod, withKeptAddresses } from './kept-addresses.js';
import { atHost, hostAt, type Leg, type LegEnd, type ServiceAt, toAll, unrouted } from './legs.js';
import { type Outbound, outboundTo, outboundToUnknownHost } from './outbound.js';
import { listensForRequests } from './request-listeners.js';
import { connectionLegs, requestLegs } from './routed-legs.js';
import { claimOf, imported, proxyOf, tablesForName } from './routed-names.js';
import type { Router } from './router.js';
import { isVisible } from './visibility.js';

/**
 * What the sidecar of a caller does with what is sent to a Service, before anything else sees it: on a port that is
 * declared HTTP it goes by the Host header, elsewhere by the address (T-92). What it does not know it takes for what its other
 * listeners are for (T-97).
 */
export function sidecarLegs(
  mesh: Mesh,
  caller: Caller,
  addressed: ServiceAt,
  sent: RoutedRequest | undefined,
  serverName: string | undefined,
): readonly Leg[] {
  const { service } = addressed;
  const at = mesh.clusters.get(caller.cluster ?? '');
  const asIs = [unrouted(addressed, sent)];
  if (at === undefined) return asIs;
  if (at.cluster.name !== service.cluster) return isRouted(at, service.host) ? [betweenClusters] : asIs;
  return withKeptAddresses(at, addressed, legsWithin(at, caller, addressed, sent, serverName) ?? asIs);
}

/** `undefined` where it goes on as it was addressed. */
function legsWithin(
  at: MeshCluster,
  caller: Caller,
  addressed: ServiceAt,
  sent: RoutedRequest | undefined,
  serverName: string | undefined,
): readonly Leg[] | undefined {
  const { service, port } = addressed;
  const named = hostAt(addressed);
  const known = outboundTo(caller, named);
  const isUnknown = isHidden(known);
  const isRead = isUnknown ? listensForRequests(at, caller, port.number) : port.layer !== 'tcp';
  const open = [known, isRead].find(isNotModelled);
  if (open !== undefined) return [{ share: 1, step: undefined, sent, applied: [], to: open }];
  if (sent === undefined && port.layer === 'http' && !isUnknown) return [bytesPassedOn(caller, port.number)];
  if (sent === undefined || (!isRead && port.layer === 'tcp')) return ofConnection(at, caller, addressed, serverName);
  if (!isRead) return passedOn(caller, sent, named.host);
  const isByAddress = port.layer === 'detected' && !isUnknown;
  if (isByAddress) return ofHost(at, caller, named, sent);
  return ofRequest(at, caller, { port: port.number, host: service.host }, sent);
}

/**
 * What it does with a request to a pod's own address: a listener for requests to the port takes it whatever its address, and goes
 * by the Host header (T-92). `undefined` where it is left to a listener at the pod, or leaves its own as it came.
 */
export function legsToAddress(
  at: MeshCluster,
  caller: Caller,
  { workload, port }: AddressOfPod,
  sent: RoutedRequest,
): readonly Leg[] | undefined {
  const isRead = listensForRequests(at, caller, port);
  const isTaken = listenersAtPod(at, workload, port).some((own) => !isHidden(outboundTo(caller, hostAt(own))));
  if (isRead === false || isTaken) return undefined;
  const legs = ofRequest(at, caller, { port }, sent);
  if (legs.every(({ to }) => to.kind === 'passed on')) return undefined;
  if (isRead !== true) return [{ share: 1, step: undefined, sent, applied: [], to: isRead }];
  return withAddressOfPod(at, workload, legs);
}

/** A pod, and the port of it that is addressed. */
interface AddressOfPod {
  readonly workload: Workload;
  readonly port: number;
}

/** What is addressed: a port, and the host that has the address, if one has. */
interface Addressed {
  readonly port: number;
  readonly host?: string;
}

/** By the Host header. */
function ofRequest(at: MeshCluster, caller: Caller, { port, host }: Addressed, sent: RoutedRequest): readonly Leg[] {
  const meaning = meaningOf(at, caller.namespace ?? '', sent.request.host, port);
  switch (meaning.kind) {
    case 'host':
      if (isHidden(outboundTo(caller, meaning.named))) return ofName(at, caller, nameIn(sent.request.host), port, sent);
      return ofNamed(at, caller, meaning.named, sent, atHost(meaning.named).service.host !== host);
    case 'unknown':
      return ofName(at, caller, meaning.name, port, sent);
    default:
      return [{ share: 1, step: undefined, sent, applied: [], to: { kind: 'not-modelled', because: meaning.because } }];
  }
}

function isNotModelled(answer: Outbound | boolean): answer is Stop & { kind: 'not-modelled' } {
  return typeof answer === 'object' && answer.kind === 'not-modelled';
}

/** What a sidecar does not know is a name to it that nothing has. */
function isHidden(known: Outbound): boolean {
  return known === 'passed on' || (known !== 'known' && known.kind === 'no-path');
}

const betweenClusters: Leg = {
  share: 1,
  step: undefined,
  sent: undefined,
  applied: [],
  to: { kind: 'not-modelled', because: 'routes in another cluster than the Service’s' },
};

function routerOf(mesh: MeshCluster, caller: Caller, port: number): Router {
  const { namespace, labels = {} } = caller;
  const obeying = { namespace, labels };
  return {
    mesh,
    at: 'sidecar',
    name: undefined,
    obeying,
    port,
    admit: (target, status) => admitted(caller, target, status),
  };
}

/**
 * A sidecar knows whatever its routes lead to, if it is of its own namespace or exported to it: what is not has no cluster to send
 * to (T-91).
 */
function admitted({ namespace }: Caller, target: Target, status: number): LegEnd {
  if (target.kind !== 'pods' && target.kind !== 'external') return target;
  const host = target.kind === 'pods' ? { ...target.service, port: target.port } : target.named;
  if (host.namespace === namespace || isVisible(host, namespace)) return target;
  return {
    kind: 'answer',
    status,
    because: `the sidecar does not know \`${host.host}\`, to which its rule leads`,
  };
}

/** To what has the name in the Host header. */
function ofNamed(
  mesh: MeshCluster,
  caller: Caller,
  named: NamedHost,
  sent: RoutedRequest,
  isOther: boolean,
): readonly Leg[] {
  const claim = claimOf(mesh, caller, named, nameIn(sent.request.host));
  switch (claim.kind) {
    case 'routes':
      return requestLegs(routerOf(mesh, caller, named.port.number), claim.tables, sent);
    case 'undecided':
      return [{ share: 1, step: undefined, sent, applied: [], to: { kind: 'not-modelled', because: claim.because } }];
    default:
      return ofHost(mesh, caller, named, sent, isOther);
  }
}

/** To a host that is found in the mesh: by its routes, else to what has it. */
function ofHost(
  mesh: MeshCluster,
  caller: Caller,
  named: NamedHost,
  sent: RoutedRequest,
  isOther = false,
): readonly Leg[] {
  const known = outboundTo(caller, named);
  if (known === 'passed on') return passedOn(caller, sent, named.host);
  if (known !== 'known') return [{ share: 1, step: undefined, sent, applied: [], to: known }];
  const router = routerOf(mesh, caller, named.port.number);
  const tables = tablesAtSidecar(mesh, proxyOf(caller, named.port.number), named, imported(caller, named.port.number));
  if (tables.tables.length > 0) return requestLegs(router, tables, sent);
  const to = toAll(atHost(named));
  const because = `the Host header names ${named.host}, and a sidecar goes by it (T-92)`;
  const base = {
    at: router.at,
    name: router.name,
    rule: undefined,
    tried: '',
    because,
    before: sent,
    after: sent,
  };
  return [{ share: 1, step: isOther ? base : undefined, sent, applied: [], to }];
}

/** To a name that only routes may have; what has none leaves the pod as it came (T-92). */
function ofName(mesh: MeshCluster, caller: Caller, name: string, port: number, sent: RoutedRequest): readonly Leg[] {
  const tables = tablesForName(mesh, caller, name, port);
  if (tables.tables.length > 0) return requestLegs(routerOf(mesh, caller, port), tables, sent);
  return passedOn(caller, sent, name);
}

function passedOn(caller: Caller, sent: RoutedRequest, host: string): readonly Leg[] {
  const answer = outboundToUnknownHost(caller);
  const because = `the sidecar knows no \`${host}\`, and passes the request on in plaintext (T-92)`;
  const to: LegEnd = answer === 'passed on' ? { kind: 'passed on', because } : answer;
  return [{ share: 1, step: undefined, sent, applied: [], to }];
}

/** `undefined` where no rule leads the connection elsewhere. */
function ofConnection(
  mesh: MeshCluster,
  caller: Caller,
  addressed: ServiceAt,
  serverName: string | undefined,
): readonly Leg[] | undefined {
  const { port, outside } = addressed;
  const named = hostAt(addressed);
  const known = outboundTo(caller, named);
  if (known !== 'known') return outside === undefined ? undefined : [unsent(known, named.host)];
  if (meshRoutesOf(mesh).all.length === 0) return undefined;
  const proxy = proxyOf(caller, port.number);
  const orders = ordersAtSidecar(mesh, proxy, named, imported(caller, port.number));
  const outcome = followConnection(orders, proxy, { host: named.host, readsNames: readsNames(port), serverName });
  switch (outcome.kind) {
    case 'as addressed':
      return undefined;
    case 'forward':
      return connectionLegs(routerOf(mesh, caller, port.number), outcome.rule);
    case 'unmatched':
      return [unsent(outboundToUnknownHost(caller), serverName ?? named.host)];
    default:
      return [{ share: 1, step: undefined, sent: undefined, applied: [], to: outcome }];
  }
}

/** What a listener for requests cannot read leaves the pod as it came, whoever has the address. */
function bytesPassedOn(caller: Caller, port: number): Leg {
  const answer = outboundToUnknownHost(caller);
  const because = `the listener of the sidecar for port ${port} reads requests, and passes other bytes on in plaintext (T-92)`;
  const to: LegEnd = answer === 'passed on' ? { kind: 'passed on', because } : answer;
  return { share: 1, step: undefined, sent: undefined, applied: [], to };
}

/** What the sidecar has no cluster for leaves the pod as it came, if it may. */
function unsent(known: Exclude<Outbound, 'known'>, host: string): Leg {
  const because = `the sidecar has no rule for \`${host}\`, and passes the connection on as it came (T-92)`;
  const to: LegEnd = known === 'passed on' ? { kind: 'passed on', because } : known;
  return { share: 1, step: undefined, sent: undefined, applied: [], to };
}
