import { moved } from '../attachment-mutations.js';
import { namespaceOf } from '../emitted.js';
import type { Mutation } from '../mutation.js';
import {
  added,
  type Change,
  dropped,
  droppedBesideOthers,
  mutation,
  objectRemoved,
  replaced,
  written,
} from './change.js';
import { otherNames } from './destination-mutations.js';

const gatewayRoutes = 'HTTPRoute|GRPCRoute|TCPRoute|TLSRoute';
const routes = `VirtualService|${gatewayRoutes}`;
const all = `${routes}|DestinationRule|ServiceEntry|Sidecar|Gateway|ListenerSet|XListenerSet`;
const exported = 'VirtualService|DestinationRule|ServiceEntry';
const parents = 'spec.parentRefs.*';

/** Whether an object counts, for whom, and at which proxies. */
export const ownershipMutations: readonly Mutation[] = [
  mutation('object removed', all, [''], objectRemoved),
  mutation('object in another namespace', all, [''], ({ emitted, cluster }) => moved(emitted, cluster)),
  mutation('object older than all', routes, ['metadata.creationTimestamp'], written('2001-01-01T00:00:00Z')),
  mutation('object younger than all', routes, ['metadata.creationTimestamp'], written('2029-01-01T00:00:00Z')),
  mutation('exported to its own namespace', exported, ['spec.exportTo'], written(['.'])),
  mutation('exported to everybody', exported, ['spec.exportTo'], written(['*'])),
  mutation('exported to another namespace', exported, ['spec.exportTo'], exportedElsewhere),
  mutation(
    'host of a route replaced',
    'VirtualService',
    ['spec.hosts.*'],
    replaced((host, place) => otherNames(String(host), place)),
  ),
  mutation('host of a route dropped', 'VirtualService', ['spec.hosts.*'], droppedBesideOthers),
  mutation(
    'host of a route widened',
    'VirtualService',
    ['spec.hosts.*'],
    replaced((host) => [wider(String(host))]),
  ),
  mutation('gateways of a route dropped', 'VirtualService', ['spec.gateways', 'spec.gateways.*'], dropped),
  mutation(
    'gateway of a route replaced',
    'VirtualService',
    ['spec.gateways.*'],
    replaced(() => ['mesh', 'nothing-of-this-name']),
  ),
  mutation('only at a gateway', 'VirtualService', ['spec.gateways'], added(['nothing-of-this-name'])),
  mutation('parent dropped', gatewayRoutes, [parents], droppedBesideOthers),
  mutation(
    'parent replaced',
    gatewayRoutes,
    [`${parents}.name`],
    replaced((name, place) => otherNames(String(name), place)),
  ),
  mutation('namespace of a parent replaced', gatewayRoutes, [`${parents}.namespace`], written('nowhere')),
  mutation('group of a parent dropped', gatewayRoutes, [`${parents}.group`], dropped),
  mutation('kind of a parent dropped', gatewayRoutes, [`${parents}.kind`], dropped),
  mutation('section of a parent replaced', gatewayRoutes, [`${parents}.sectionName`], written('nothing')),
  mutation('section of a parent dropped', gatewayRoutes, [`${parents}.sectionName`], dropped),
  mutation('port of a parent replaced', gatewayRoutes, [`${parents}.port`], written(9999)),
  mutation('port of a parent dropped', gatewayRoutes, [`${parents}.port`], dropped),
  mutation(
    'hostname of a route replaced',
    gatewayRoutes,
    ['spec.hostnames.*'],
    replaced((host) => ['nowhere.example', wider(String(host))]),
  ),
  mutation('hostnames of a route dropped', gatewayRoutes, ['spec.hostnames'], dropped),
  mutation('hostname of a route added', gatewayRoutes, ['spec.hostnames'], added(['nowhere.example'])),
  mutation(
    'host of an entry replaced',
    'ServiceEntry',
    ['spec.hosts.*'],
    replaced(() => ['nowhere.example']),
  ),
  mutation(
    'protocol of an entry replaced',
    'ServiceEntry',
    ['spec.ports.*.protocol'],
    replaced(() => ['TCP', 'HTTP']),
  ),
  mutation(
    'port of an entry replaced',
    'ServiceEntry',
    ['spec.ports.*.number'],
    replaced(() => [9999]),
  ),
  mutation('imports replaced', 'Sidecar', ['spec.egress.*.hosts'], written(['./*'], ['*/*'], ['nowhere/*'])),
  mutation('import dropped', 'Sidecar', ['spec.egress.*.hosts.*'], droppedBesideOthers),
  mutation('for all pods of the namespace', 'Sidecar', ['spec.workloadSelector'], dropped),
];

function exportedElsewhere(place: Parameters<Change>[0]): ReturnType<Change> {
  const { cluster, emitted } = place;
  const other = [...cluster.namespaces.keys()].find((name) => name !== namespaceOf(emitted));
  return other === undefined ? [] : written([other])(place);
}

/** `*.example.com` for `shop.example.com`; a name without dots is left alone. */
function wider(host: string): string {
  return host.startsWith('*') ? host : host.replace(/^[^.]+(?=\.)/, '*');
}

const listeners = 'spec.listeners.*';
const servers = 'spec.servers.*';

/** What a gateway lets in. The Gateways of waypoints have mutations of their own. */
export const gatewayMutations: readonly Mutation[] = [
  mutation('listener dropped', 'Gateway|ListenerSet', [listeners, servers], dropped),
  mutation(
    'listener renamed',
    'Gateway|ListenerSet',
    [`${listeners}.name`],
    replaced(() => ['renamed']),
  ),
  mutation(
    'hostname of a listener replaced',
    'Gateway|ListenerSet',
    [`${listeners}.hostname`, `${servers}.hosts.*`],
    replaced((host) => ['nowhere.example', wider(String(host))]),
  ),
  mutation('hostname of a listener dropped', 'Gateway|ListenerSet', [`${listeners}.hostname`], dropped),
  mutation('hostname of a listener added', 'Gateway|ListenerSet', [`${listeners}.hostname`], added('nowhere.example')),
  mutation('host of a server dropped', 'Gateway', [`${servers}.hosts.*`], droppedBesideOthers),
  mutation(
    'port of a listener replaced',
    'Gateway|ListenerSet',
    [`${listeners}.port`, `${servers}.port.number`],
    replaced(() => [9999]),
  ),
  mutation(
    'protocol of a listener replaced',
    'Gateway|ListenerSet',
    [`${listeners}.protocol`, `${servers}.port.protocol`],
    replaced(() => ['TCP', 'HTTP']),
  ),
  mutation(
    'routes that are allowed',
    'Gateway|ListenerSet',
    [`${listeners}.allowedRoutes`],
    written({ namespaces: { from: 'Same' } }, { namespaces: { from: 'All' } }, { kinds: [{ kind: 'TCPRoute' }] }),
  ),
  mutation(
    'redirect of a server changed',
    'Gateway',
    [`${servers}.tls.httpsRedirect`],
    replaced((value) => [value !== true]),
  ),
  mutation(
    'gateway of another class',
    'Gateway',
    ['spec.gatewayClassName'],
    replaced(() => ['nothing']),
  ),
  mutation(
    'gateway for other pods',
    'Gateway',
    ['spec.selector.*'],
    replaced(() => ['nobody']),
  ),
];
