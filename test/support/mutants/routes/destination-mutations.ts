import type { Cluster } from '../../../../src/topology/model.js';
import { at, listOf, namespaceOf } from '../emitted.js';
import type { Mutation } from '../mutation.js';
import { added, type Change, dropped, droppedBesideOthers, mutation, type Place, replaced, written } from './change.js';

const gatewayRoutes = 'HTTPRoute|GRPCRoute|TCPRoute|TLSRoute';
const shares = ['spec.http|tls|tcp.*.route.*', 'spec.rules.*.backendRefs.*'];
const destinations = ['spec.http|tls|tcp.*.route.*.destination', 'spec.http.*.mirror'];
const backends = ['spec.rules.*.backendRefs.*', 'spec.rules.*.filters.*.requestMirror.backendRef'];

/** Where a request goes. */
export const destinationMutations: readonly Mutation[] = [
  mutation('destination dropped', `VirtualService|${gatewayRoutes}`, shares, droppedBesideOthers),
  mutation(
    'share changed',
    `VirtualService|${gatewayRoutes}`,
    shares.map((share) => `${share}.weight`),
    sharesChanged,
  ),
  mutation(
    'host of a destination replaced',
    'VirtualService',
    destinations.map((each) => `${each}.host`),
    replaced((host, place) => otherNames(String(host), place)),
  ),
  mutation(
    'subset dropped',
    'VirtualService',
    destinations.map((each) => `${each}.subset`),
    dropped,
  ),
  mutation(
    'subset replaced',
    'VirtualService',
    destinations.map((each) => `${each}.subset`),
    replaced((_, { cluster }) => [...subsetsIn(cluster), 'nothing']),
  ),
  mutation(
    'port of a destination replaced',
    'VirtualService',
    destinations.map((each) => `${each}.port`),
    written({ number: 9999 }),
  ),
  mutation(
    'backend replaced',
    gatewayRoutes,
    backends.map((backend) => `${backend}.name`),
    replaced((name, place) => otherNames(String(name), place)),
  ),
  mutation(
    'namespace of a backend replaced',
    gatewayRoutes,
    backends.map((backend) => `${backend}.namespace`),
    elsewhere,
  ),
  mutation(
    'port of a backend replaced',
    gatewayRoutes,
    backends.map((backend) => `${backend}.port`),
    replaced(() => [9999]),
  ),
  mutation(
    'kind of a backend replaced',
    gatewayRoutes,
    backends.map((backend) => `${backend}.kind`),
    written('Deployment'),
  ),
  mutation('grant removed', 'ReferenceGrant', [''], () => [{ what: 'removed', instead: [] }]),
  mutation('grant from elsewhere', 'ReferenceGrant', ['spec.from.*.namespace', 'metadata.namespace'], elsewhere),
  mutation(
    'grant of another kind',
    'ReferenceGrant',
    ['spec.from.*.kind', 'spec.to.*.kind'],
    replaced(() => ['Secret']),
  ),
  mutation('grant of one name', 'ReferenceGrant', ['spec.to.*.name'], written('nothing')),
  mutation('subset of a rule dropped', 'DestinationRule', ['spec.subsets.*'], dropped),
  mutation(
    'subset of a rule renamed',
    'DestinationRule',
    ['spec.subsets.*.name'],
    replaced(() => ['nothing']),
  ),
  mutation('labels of a subset dropped', 'DestinationRule', ['spec.subsets.*.labels.*'], dropped),
  mutation(
    'labels of a subset replaced',
    'DestinationRule',
    ['spec.subsets.*.labels.*'],
    replaced(() => ['nothing']),
  ),
  mutation(
    'host of a rule replaced',
    'DestinationRule',
    ['spec.host'],
    replaced((host, place) => [
      ...otherNames(String(host), place),
      `*.${namespaceOf(place.emitted)}.svc.cluster.local`,
    ]),
  ),
  mutation(
    'TLS of a rule replaced',
    'DestinationRule',
    [
      'spec.trafficPolicy.tls.mode',
      'spec.trafficPolicy.portLevelSettings.*.tls.mode',
      'spec.subsets.*.trafficPolicy.tls.mode',
    ],
    replaced(() => ['DISABLE', 'SIMPLE', 'ISTIO_MUTUAL']),
  ),
  mutation('TLS of a rule dropped', 'DestinationRule', ['spec.trafficPolicy.tls'], dropped),
  mutation('TLS of a rule added', 'DestinationRule', ['spec.trafficPolicy'], added({ tls: { mode: 'DISABLE' } })),
];

function sharesChanged(place: Place): ReturnType<Change> {
  const { emitted, way } = place;
  const isOnly = listOf(at(emitted.value, way.slice(0, -2))).length < 2;
  return isOnly ? [] : written(0, 97)(place);
}

function elsewhere(place: Place): ReturnType<Change> {
  const own = String(place.value ?? namespaceOf(place.emitted));
  return written(...[...place.cluster.namespaces.keys()].filter((name) => name !== own).slice(0, 2), 'nowhere')(place);
}

/** Other Services of the namespace, the nearest two, and none at all. */
export function otherNames(name: string, { cluster, emitted }: Place): readonly string[] {
  const short = name.split('.')[0];
  const own = [...cluster.services.values()].filter(({ namespace }) => namespace === namespaceOf(emitted));
  const others = own.map((service) => service.name).filter((each) => each !== short);
  return [...others.slice(0, 2), 'nothing-of-this-name'];
}

function subsetsIn(cluster: Cluster): readonly string[] {
  const rules = cluster.routes.filter(({ kind }) => kind === 'DestinationRule');
  return [
    ...new Set(
      rules.flatMap(({ value }) =>
        listOf(at(value, ['spec', 'subsets'])).map((subset) => String(at(subset, ['name']))),
      ),
    ),
  ];
}
