import type { Access } from '../../access/access.js';
import type { AccessGraph } from '../../access/access-graph.js';
import type { WayIn } from '../../access/into-workloads.js';
import type { AccessOut } from '../../access/out-of-mesh.js';
import type { WayToGateway } from '../../access/to-gateways.js';
import { keyOf } from '../../topology/model.js';
import type { FromOutside } from '../../trace/matrix/from-outside.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import { planePhrase } from '../topology/phrases.js';
import type { AccessReport, EntryReport, GatewayReport, HostReport, WayReport, WorkloadReport } from './mesh-report.js';
import type { SayingRules } from './saying-rules.js';

export function workloadsOf({ ways }: AccessGraph, saying: SayingRules): readonly WorkloadReport[] {
  const byWorkload = groupBy(ways, ({ workload }) => workload);
  const reports = [...byWorkload].map(([workload, own]): WorkloadReport => {
    const { cluster, namespace, name, mode, services } = workload;
    return {
      cluster,
      namespace,
      name,
      plane: planePhrase(mode.plane),
      because: mode.because,
      services,
      ways: own.map((way) => wayReport(way, addressOf(way), way.podPort, (who) => saying.toWorkload(way, who))),
    };
  });
  return sortBy(
    reports,
    ({ namespace }) => namespace,
    ({ name }) => name,
    ({ cluster }) => cluster,
  );
}

function addressOf({ address, podPort }: WayIn): string {
  if (address.kind === 'service') return `Service ${address.service}:${address.port}`;
  return podPort === undefined ? 'any other pod port' : `pod port ${podPort}`;
}

export function gatewaysOf(
  { toGateways }: AccessGraph,
  fromOutside: readonly FromOutside[],
  saying: SayingRules,
): readonly GatewayReport[] {
  const reports = [...groupBy(toGateways, ({ gateway }) => gateway)].map(([gateway, own]): GatewayReport => {
    const { cluster, namespace, name } = gateway;
    const toPods = fromOutside.flatMap(({ pods, entries }) =>
      entries
        .filter((entry) => entry.gateway === keyOf(gateway))
        .flatMap(({ url }) => pods.map((pod) => `${url} → ${pod}`)),
    );
    const toHosts = own.flatMap(({ leadsOut }) => leadsOut.map((host) => `${host} outside the mesh`));
    return {
      cluster,
      namespace,
      name,
      ways: own.map((way) =>
        wayReport(way, listenerOf(way), way.listener.podPort, (who) => saying.toGateway(way, who)),
      ),
      leadsTo: sortedUnique([...toPods, ...toHosts]),
    };
  });
  return sortBy(
    reports,
    ({ namespace }) => namespace,
    ({ name }) => name,
    ({ cluster }) => cluster,
  );
}

/** `port 443, https for shop.example.com`. */
function listenerOf({ listener, port, serverName }: WayToGateway): string {
  const hosts = serverName ?? sortedUnique(listener.hosts.map(({ host }) => host)).join(', ');
  return `port ${port}, ${listener.protocol} for ${hosts === '' || hosts === '*' ? 'any host' : hosts}`;
}

export function hostsOf({ out, unknownHosts }: AccessGraph, saying: SayingRules): readonly HostReport[] {
  const known = out.map((way): HostReport => {
    const { cluster, host, entry, port, payload } = way;
    return {
      cluster,
      host,
      port: port.number,
      protocol: port.protocol.toUpperCase(),
      serviceEntry: entry,
      carries: carriedBy(payload),
      access: outReports(way.access, (each) => saying.toHost(way, each)),
    };
  });
  const others = unknownHosts.map(({ cluster, access }): HostReport => {
    const base = { host: null, port: null, protocol: null, serviceEntry: null, carries: 'connections' } as const;
    return { cluster, ...base, access: outReports(access, () => []) };
  });
  const sorted = sortBy(
    known,
    ({ host }) => host ?? '',
    ({ port }) => port ?? 0,
    ({ cluster }) => cluster,
  );
  return [...sorted, ...others];
}

function outReports(all: readonly AccessOut[], rulesFor: (access: AccessOut) => readonly string[]) {
  return all.map((each) => ({ ...accessReport(each, all, () => rulesFor(each)), points: each.points }));
}

function carriedBy(payload: 'http' | 'tcp'): WayReport['carries'] {
  return payload === 'http' ? 'requests' : 'connections';
}

function wayReport(
  { payload, points, access }: WayIn | WayToGateway,
  by: string,
  podPort: number | undefined,
  rulesFor: (who: Access['who']) => readonly string[],
): WayReport {
  return {
    by,
    podPort: podPort ?? null,
    carries: carriedBy(payload),
    points: points.map(({ name, policies }) => ({
      name,
      policies: policies.map((policy) => `${policy.kind} ${policy.namespace}/${policy.name}`),
    })),
    access: access.map((each) => accessReport(each, access, rulesFor)),
  };
}

function accessReport(
  each: Access,
  all: readonly Access[],
  rulesFor: (who: Access['who']) => readonly string[],
): AccessReport {
  const { who, kind, through, asks, because = null, encryption, needsToken } = each;
  const isOthers = all.some((other) => other.who.kind !== 'outside' && other.who.kind !== who.kind);
  const label = who.kind === 'rest' ? `every${isOthers ? ' other' : ''} ${who.label}` : who.label;
  const many = who.kind === 'rest' ? `every ${who.label}` : who.label;
  return {
    who: label,
    kind: who.kind,
    callers: who.members.length > 0 ? who.members : [many],
    clusters: who.clusters,
    planes: who.planes,
    nobodyYet: who.isFuture,
    verdict: kind === 'not-modelled' ? 'undecided' : kind,
    through,
    asks,
    because,
    encryption,
    needsToken,
    rules: kind === 'none' ? [] : rulesFor(who),
  };
}

export function entriesOf({ pods, entries }: FromOutside): readonly EntryReport[] {
  return entries.map(({ url, gateway, rows }) => ({
    url,
    gateway,
    pods: sortedUnique(pods),
    access: rows.flatMap(({ who, cells: [cell] }) =>
      cell === undefined
        ? []
        : {
            who: who.join(', ').replace('everyone outside', 'anyone outside'),
            verdict: cell.kind === 'not-modelled' ? ('undecided' as const) : cell.kind,
            through: cell.through,
            because: cell.because ?? null,
            needsToken: cell.needsToken,
          },
    ),
  }));
}
