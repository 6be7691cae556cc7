import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isGiven } from '../../mesh/given-namespaces.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { sortedNumbers, sortedUnique } from '../../util/order.js';
import { didYouMean } from '../../util/suggest.js';
import type { LintContext } from '../context.js';
import { delegatesOf } from './delegates.js';
import { istioGatewaysIn } from './istio-gateways.js';
import { hostsBelow, isKnownIn, namespaceOfHost, ownersOf, portsOf } from './known-hosts.js';
import { nearHosts } from './near-hosts.js';
import { type RouteIn, type RuleOwner, type Sending, sendingsOf, writtenRoutes } from './route-rules.js';
import { failing, lawsOf } from './shown.js';

/** Where a route sends and nothing is: a host or a port that nobody has, or that the proxies do not know (T-91). */
export function destinationsMissing(context: LintContext): readonly Diagnostic[] {
  const routes: readonly RouteIn[] = [...writtenRoutes(context), ...delegatesOf(context)];
  const said = new Set<string>();
  return routes.flatMap(({ at, route }) =>
    sendingsOf(route).flatMap((sending) => {
      const missing = missingAt({ at, route }, sending);
      const key = `${at.cluster.name} ${describe(sending.object)} ${sending.place.join('.')} ${missing?.why}`;
      if (missing === undefined || said.has(key)) return [];
      said.add(key);
      return [finding(route, sending, missing)];
    }),
  );
}

interface Missing {
  readonly why: string;
  readonly help: string;
}

function missingAt({ at, route }: RouteIn, sending: Sending): Missing | undefined {
  const { host, port, fault } = sending;
  if (fault !== undefined) return { why: fault, help: 'name a Service that the route may lead to' };
  const owners = ownersOf(at, host);
  if (owners.length === 0) return unknownHost(at, sending);
  const blind = viewersOf(at, route).filter((viewer) => !owners.some((owner) => isKnownIn(owner, viewer)));
  if (blind.length > 0) return unseenHost(host, blind);
  const ports = sortedNumbers(owners.flatMap((owner) => portsOf(owner).map(({ number }) => number)));
  if (port === undefined) return ports.length < 2 ? undefined : portOfRequest(at, route, host, ports);
  if (ports.length === 0 || ports.includes(port)) return undefined;
  return { why: `\`${host}\` has no port ${port}`, help: `write ${ports.join(' or ')}` };
}

/** Without a port of its own the destination is called by that of the request, unless it has only one. */
function portOfRequest(at: MeshCluster, route: RuleOwner, host: string, ports: readonly number[]): Missing | undefined {
  const strange = portsOfRequests(at, route).find((number) => !ports.includes(number));
  if (strange === undefined) return undefined;
  return {
    why: `\`${host}\` has several ports, and no port ${strange}, on which requests come`,
    help: `write \`port\`: ${ports.join(' or ')}`,
  };
}

function portsOfRequests(at: MeshCluster, { attachments, hosts }: RuleOwner): readonly number[] {
  const gateways = attachments.flatMap((each) => (each.kind === 'gateway' ? [each.gateway] : []));
  const served = istioGatewaysIn(at).filter(({ key }) => gateways.includes(key));
  const ofGateways = served.flatMap(({ servers }) => servers.map(({ port }) => port));
  if (!attachments.some(({ kind }) => kind === 'mesh')) return ofGateways;
  const ofHosts = hosts.flatMap((host) => ownersOf(at, host).flatMap((owner) => portsOf(owner)));
  return [...ofGateways, ...ofHosts.map(({ number }) => number)];
}

function unseenHost(host: string, blind: readonly string[]): Missing {
  const viewers = blind.map((viewer) => `\`${viewer}\``).join(' and ');
  return {
    why: `\`${host}\` is not exported to namespace ${viewers}`,
    help: `export it to ${viewers}, or export the route only to those who know it`,
  };
}

/** A Service of a namespace of which nothing is given is not known to be missing. */
function unknownHost(at: MeshCluster, { host, place }: Sending): Missing | undefined {
  const namespace = namespaceOfHost(host, at.clusterDomain);
  if (host === '' || (namespace !== undefined && !isGiven(at.cluster, namespace))) return undefined;
  if (host.startsWith('*') && hostsBelow(at, host).length > 0) return undefined;
  const near = nearHosts(at, host).map((each) =>
    place.includes('backendRefs') ? nameOfBackend(each, namespace) : each,
  );
  const { help = 'correct the host, or add the manifest of what has it' } = didYouMean(near);
  return { why: `no Service and no ServiceEntry has host \`${host}\``, help };
}

/** A backend is named by the name of its Service, with its namespace where that is another. */
function nameOfBackend(host: string, home: string | undefined): string {
  const [name = '', namespace = ''] = host.split('.');
  return namespace === home ? name : `${namespace}/${name}`;
}

/** The namespaces whose proxies are surely among those that read a route. */
function viewersOf({ cluster }: MeshCluster, { namespace, exportTo, attachments }: RuleOwner): readonly string[] {
  const gateways = attachments.flatMap((each) => (each.kind === 'gateway' ? [each.gateway] : []));
  if (gateways.length > 0 && gateways.length === attachments.length) {
    const serving = [...cluster.gateways.values()].filter(({ listeners }) =>
      listeners.some(({ object }) => gateways.includes(`${object.namespace ?? 'default'}/${object.name}`)),
    );
    return sortedUnique(serving.map((gateway) => gateway.namespace));
  }
  const named = exportTo.filter((each) => each !== '*' && each !== '~');
  return named.length === 0 ? [namespace] : sortedUnique(named.map((each) => (each === '.' ? namespace : each)));
}

function finding(route: RuleOwner, sending: Sending, { why, help }: Missing): Diagnostic {
  const { object, place, statusIfMissing, share } = sending;
  const law =
    share === 'a copy'
      ? 'the answer to a copy is thrown away, and so is the error (istio-traffic-topology T-91)'
      : 'a route may lead to nothing, and nobody says so (istio-traffic-topology T-91)';
  return diagnostic('destination-missing', { route: describe(object), why }, spanIn(object, place), {
    ...failing(route, sending, statusIfMissing),
    ...lawsOf(law),
    help,
  });
}
