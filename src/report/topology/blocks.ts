import type { Cluster, Gateway, Listener, Service, ServiceEntry, Waypoint, Workload } from '../../topology/model.js';
import type { Page } from '../layout.js';
import { counted } from '../words.js';
import { field, heading, table } from './layout.js';
import { admission, bindingPhrase, identityOf, planePhrase, servedPhrase } from './phrases.js';
import { servicePaths } from './service-paths.js';

/** How a workload takes part in the mesh, and the fact that decides it. */
export function workloadToText(workload: Workload, cluster: Cluster, page: Page): readonly string[] {
  const { kind, name, mode, services, ports } = workload;
  const hbone = mode.plane === 'sidecar' && mode.hbone ? ', accepts HBONE' : '';
  return [
    ...heading(`${kind} ${name}`, `${planePhrase(mode.plane)}${hbone}`, page),
    ...field('because', `${mode.because} (${mode.fact})`, page),
    ...(mode.plane === 'none' ? [] : field('identity', identityOf(workload, cluster), page)),
    ...(services.length === 0
      ? []
      : field('services', services.map((key) => shortName(key, workload)).join(', '), page)),
    ...(ports.length === 0 ? [] : field('ports', ports.map(containerPort).join(', '), page)),
  ];
}

function containerPort({ number, transport, name }: Workload['ports'][number]): string {
  return `${number}${transport === 'TCP' ? '' : `/${transport}`}${name === undefined ? '' : ` ${name}`}`;
}

/** Within its own namespace a name needs no namespace. */
function shortName(key: string, { namespace }: { readonly namespace: string }): string {
  return key.startsWith(`${namespace}/`) ? key.slice(namespace.length + 1) : key;
}

/** What a Service leads to, and how each kind of caller arrives there. */
export function serviceToText(service: Service, cluster: Cluster, page: Page): readonly string[] {
  const { name, type, headless, ports, workloads, binding, ingressUsesWaypoint } = service;
  const behind = workloads.map((key) => shortName(key, service)).join(', ');
  return [
    ...heading(`Service ${name}`, headless ? 'headless' : type, page),
    ...table('ports', ports.map(servicePort), page),
    ...field('workloads', behind === '' ? 'none' : behind, page),
    ...field('waypoint', bindingPhrase(binding), page),
    ...(ingressUsesWaypoint ? field('ingress', 'asked to use the waypoint', page) : []),
    ...servicePaths(service, cluster, page),
  ];
}

function servicePort({ number, name, targetPort, protocol, because }: Service['ports'][number]): readonly string[] {
  return [String(number), name ?? '', `→ ${targetPort}`, `${protocol} (${because})`];
}

/** A host that is made known. */
export function serviceEntryToText({ name, hosts, ports, binding }: ServiceEntry, page: Page): readonly string[] {
  return [
    ...heading(`ServiceEntry ${name}`, '', page),
    ...field('hosts', hosts.length === 0 ? 'none' : hosts.join(', '), page),
    ...table('ports', ports.map(servicePort), page),
    ...field('waypoint', bindingPhrase(binding), page),
  ];
}

/** Whom a waypoint serves. */
export function waypointToText(waypoint: Waypoint, cluster: Cluster, page: Page): readonly string[] {
  const key = `${waypoint.namespace}/${waypoint.name}`;
  const bound = [...cluster.services.values()].filter(({ binding }) => {
    return binding.kind === 'bound' && binding.waypoint === key;
  });
  return [
    ...heading(
      `Waypoint ${waypoint.name}`,
      waypoint.ready && waypoint.unserved === undefined ? waypoint.className : `${waypoint.className}, not ready`,
      page,
    ),
    ...field('identity', identityOf(waypoint, cluster), page),
    ...field('serves', `${servedPhrase(waypoint.waypointFor)}; ${counted(bound.length, 'Service')} bound`, page),
    ...field('admits', admission(waypoint), page),
  ];
}

/** Who answers at the edge, and as whom. */
export function gatewayToText(gateway: Gateway, cluster: Cluster, page: Page): readonly string[] {
  return [
    ...heading(`Gateway ${gateway.name}`, gateway.kind === 'classic' ? 'classic' : 'Gateway API', page),
    ...field('identity', identityOf(gateway, cluster), page),
    ...table(
      'listens',
      gateway.listeners.map((listener) => listenerRow(listener, gateway)),
      page,
    ),
  ];
}

function listenerRow({ name, podPort, protocol, tls, object, standing }: Listener, { fronts, namespace }: Gateway) {
  const behind = fronts.filter((front) => front.podPort === podPort && front.port !== podPort);
  const ports = behind.map(({ port }) => ` ← ${port}`).join('');
  const owner = `${object.kind} ${shortName(`${object.namespace ?? 'default'}/${object.name}`, { namespace })}`;
  const open =
    standing.kind === 'open' ? '' : `: ${standing.kind === 'left-out' ? 'left out' : 'undecided'}, ${standing.because}`;
  return [`${podPort}${ports}`, name, `${protocol}${tls === undefined ? '' : ` ${tls}`} (${owner})${open}`];
}
