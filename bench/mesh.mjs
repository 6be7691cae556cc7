import { createRandom } from './random.mjs';
import { planRules } from './rules.mjs';

const clusterNames = ['east', 'west', 'north', 'south'];
const teams = ['shop', 'payments', 'search', 'media', 'risk', 'support', 'data', 'fleet'];
const words = ['cart', 'ledger', 'orders', 'catalog', 'stock', 'prices', 'users', 'mail', 'reports', 'events'];

/** Plans a mesh as data: clusters, their namespaces, the services of each and the rules that guard them. */
export function planMesh({
  seed,
  clusters,
  namespaces,
  services,
  pods,
  modes,
  intents,
  routes,
  networkPolicies,
  layers,
}) {
  const random = createRandom(seed);
  const serviceCounts = shares(services, namespaces, random);
  const replicas = shares(pods, services, random);
  const planned = serviceCounts.map((count, index) => {
    const mode = random.weighted(modes);
    const name = `${teams[index % teams.length]}-${index + 1}`;
    const own = Array.from({ length: count }, (_, place) => planService(name, mode, place, replicas.pop(), random));
    const layer = layers === 0 ? 0 : Math.floor(index / clusters) % layers;
    return { name, mode, cluster: clusterName(index % clusters), layer, services: own };
  });
  const routed = planned.map((namespace) => withRoutes(namespace, routes));
  const inClusters = Array.from({ length: clusters }, (_, index) => planCluster(clusterName(index), routed));
  const guarded = inClusters.map((cluster) => withRules(cluster, { limit: intents / clusters, layers }, random));
  return guarded.map((cluster) => withNetworkPolicies(cluster, networkPolicies));
}

function planCluster(name, namespaces) {
  return {
    name,
    gateway: { namespace: `ingress-${name}`, name: 'public' },
    namespaces: namespaces.filter(({ cluster }) => cluster === name),
  };
}

function clusterName(index) {
  return clusterNames[index] ?? `cluster-${index + 1}`;
}

/** Splits a total into parts of at least one. */
function shares(total, parts, random) {
  const counts = Array.from({ length: parts }, () => 1);
  for (let rest = total - parts; rest > 0; rest--) counts[random.below(parts)]++;
  return counts;
}

function planService(namespace, mode, place, replicas, random) {
  const protocol = random.weighted({ http: 80, grpc: 12, tcp: 8 });
  const name =
    place < words.length ? words[place] : `${words[place % words.length]}-${Math.floor(place / words.length)}`;
  return {
    name,
    namespace,
    replicas,
    protocol,
    ownPlane: mode === 'mixed',
    plane: mode === 'mixed' ? random.pick(['ambient', 'sidecar']) : mode,
    matchesRequests: protocol === 'http' && random.chance(0.4),
    fromGateway: protocol === 'http' && random.chance(0.15),
  };
}

/** Every n-th Service of a namespace has a route, unless what it takes are connections. */
function withRoutes(namespace, every) {
  const services = namespace.services.map((service, place) => {
    return { ...service, isRouted: every > 0 && place % every === 0 && service.protocol !== 'tcp' };
  });
  return { ...namespace, services };
}

function withRules(cluster, { limit, layers }, random) {
  const callersOf = Array.from({ length: Math.max(layers, 1) }, (_, layer) => {
    const calling = cluster.namespaces.filter((namespace) => layers === 0 || namespace.layer === layer - 1);
    const all = calling.flatMap(({ services }) => services);
    return {
      ambient: all.filter(({ plane }) => plane === 'ambient'),
      sidecar: all.filter(({ plane }) => plane === 'sidecar'),
    };
  });
  const namespaces = cluster.namespaces.map((namespace, index) => {
    if (index >= limit || namespace.mode === 'none') return { ...namespace, rules: null };
    const rules = planRules(namespace, callersOf[namespace.layer], cluster.gateway, random);
    return { ...namespace, rules, services: namespace.services.map((service) => labelFor(service, rules)) };
  });
  return { ...cluster, namespaces };
}

/** Every n-th Service of a namespace with rules lets in nobody but its callers and its own namespace, where its waypoint is. */
function withNetworkPolicies(cluster, every) {
  const namespaces = cluster.namespaces.map((namespace) => {
    const { rules } = namespace;
    if (every === 0 || rules === null) return namespace;
    const letsIn = ({ name }) =>
      rules.allow.filter(({ to }) => to.service === name).flatMap(({ from }) => from.map(senderOf));
    const services = namespace.services.map((service, place) =>
      place % every === 0 ? { ...service, letsIn: letsIn(service) } : service,
    );
    return { ...namespace, services };
  });
  return { ...cluster, namespaces };
}

/** The pods of a caller; a gateway is known by its namespace. */
function senderOf({ gateway, service, serviceAccount }) {
  const [namespace, app] = (gateway ?? service ?? serviceAccount).split('/');
  return gateway === undefined ? { namespace, app } : { namespace };
}

/** A gateway passes an ambient service's waypoint by, unless the Service's label sends it there (W-60). */
function labelFor(service, { allow }) {
  const fromGateway = allow.some(({ from, to }) => to.service === service.name && from.some(({ gateway }) => gateway));
  return { ...service, ingressUsesWaypoint: fromGateway && service.plane === 'ambient' && service.matchesRequests };
}
