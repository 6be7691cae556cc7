import { diagnostic } from '../../diagnostics/create.js';
import type { DestinationPolicy, PlacedPolicy, PlacedRule } from '../../ir/policy-ir.js';
import type { Effect } from '../../parse/ast.js';
import type { Setting } from '../../resolve/resolved.js';
import { namespaceOf } from '../../resolve/scopes.js';
import { isOutside } from '../../resolve/traffic/outside/outside-hosts.js';
import { type Cluster, type Gateway, keyInMesh, keyOf } from '../../topology/model.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { tellsPods } from './at-pods/selectors.js';
import type { PlaceContext } from './context.js';
import { isForeignAllow, reachesGateway } from './existing/existing-policy.js';
import { warnAboutDefaults } from './existing/warn-about-lost-access.js';

const waypointClass = 'istio-waypoint';

/** The policies behind the defaults of the mesh and of namespaces; they close also what no manifest shows. */
export function placeDefaults(context: PlaceContext, cluster: Cluster): PlacedPolicy[] {
  const { defaults } = context.ir;
  warnAboutDefaults(context, cluster);
  const deniedMesh = defaults.some(({ scope, value }) => scope.kind === 'mesh' && value === 'Deny');
  return defaults.flatMap((setting) => {
    const { scope, value } = setting;
    if (scope.kind === 'namespace' && !cluster.namespaces.has(scope.namespace)) return [];
    if (scope.kind === 'mesh') return value === 'Deny' ? meshDeny(context, cluster, setting) : [];
    if (scope.kind !== 'namespace') return [];
    if (value === 'Deny') return namespaceDeny(context, cluster, scope.namespace, setting);
    return deniedMesh ? [namespaceAllow(cluster, scope.namespace, setting)] : [];
  });
}

/** Istio's root-namespace policy reaches sidecars, ztunnel and gateways, but no waypoint: those need their own (istio-security §3.1). */
function meshDeny(context: PlaceContext, cluster: Cluster, setting: Setting<Effect>): PlacedPolicy[] {
  const namespace = context.ir.topology.mesh.rootNamespace;
  const base = closing(cluster.name, namespace, setting);
  const hasAmbient = [...cluster.workloads.values()].some(({ mode }) => mode.plane === 'ambient');
  const twin =
    hasAmbient ||
    cluster.waypoints.size > 0 ||
    context.ir.destinations.some(({ waypoint }) => waypoint?.cluster === cluster.name);
  return [
    {
      ...base,
      name: 'default-deny',
      attachment: { kind: 'namespace' },
      purpose: 'default of the mesh at sidecars and ztunnel: nothing but what other policies allow',
    },
    ...(twin
      ? [
          {
            ...base,
            name: 'default-deny-waypoints',
            attachment: { kind: 'gateway-class', name: waypointClass } as const,
            purpose: 'default of the mesh at every waypoint, which the policy without targetRefs does not reach',
          },
        ]
      : []),
    ...sparedGateways(context, cluster, [...cluster.gateways.values()], setting),
  ];
}

function namespaceDeny(
  context: PlaceContext,
  cluster: Cluster,
  namespace: string,
  setting: Setting<Effect>,
): PlacedPolicy[] {
  const { atPods, atWaypoint } = denialsIn(cluster.name)(setting);
  const gateways = gatewaysByNamespace(cluster.gateways).get(namespace) ?? [];
  return [
    atPods,
    ...twinsOf(context, cluster, namespace).map(atWaypoint),
    ...sparedGateways(context, cluster, gateways, setting),
  ];
}

const gatewaysByNamespace = oncePerObject((gateways: Cluster['gateways']) =>
  groupBy(gateways.values(), ({ namespace }) => namespace),
);

/** The policies of a namespace's default in a cluster, which are the same objects for as long as the setting is. */
const denialsIn = oncePer((cluster: string) =>
  oncePerObject((setting: Setting<Effect>) => {
    const namespace = namespaceOf(setting.scope) ?? '';
    const base = closing(cluster, namespace, setting);
    const atPods: PlacedPolicy = {
      ...base,
      name: 'default-deny',
      attachment: { kind: 'namespace' },
      purpose: `default of namespace ${namespace} at sidecars and ztunnel: nothing but what other policies allow`,
    };
    const atWaypoint = (name: string): PlacedPolicy => ({
      ...base,
      name: `${name}-default-deny`,
      attachment: { kind: 'gateway', name },
      purpose: `default of namespace ${namespace} at waypoint ${name}, for services that have no policy of their own`,
    });
    return { atPods, atWaypoint };
  }),
);

/** What policies of a default share: an ALLOW without rules, which matches nothing (istio-security §1.1). */
function closing(cluster: string, namespace: string, { origin }: Setting<Effect>) {
  return { cluster, namespace, effect: 'Allow', role: 'default', rules: [], origins: [origin] } as const;
}

/** Waypoints of the namespace that serve more than one service, or will as soon as there is one more, and only closed ones. */
function twinsOf({ behindWaypoints }: PlaceContext, cluster: Cluster, namespace: string): string[] {
  const served = groupBy(
    behindWaypoints.get(`${cluster.name}/${namespace}`) ?? [],
    ({ waypoint }) => waypoint?.name ?? '',
  );
  const isShared = (policies: readonly DestinationPolicy[]) => policies.length > 1 || policies.some(isBoundByNamespace);
  const isClosed = (policies: readonly DestinationPolicy[]) =>
    policies.every(({ destination, default: own }) => own?.value === 'Deny' || isOutside(destination));
  return [...served]
    .filter(([, policies]) => isShared(policies) && isClosed(policies))
    .map(([name]) => name)
    .sort();
}

/** A label on the namespace sends every further Service through the same waypoint (W-11). */
function isBoundByNamespace({ destination }: DestinationPolicy): boolean {
  const binding = destination.service?.binding;
  return (binding?.kind === 'bound' || binding?.kind === 'broken') && binding.by === 'Namespace';
}

/** A gateway that has allow policies of its own is closed but for them already or by settings, and one more would open it. */
function sparedGateways(
  context: PlaceContext,
  cluster: Cluster,
  gateways: readonly Gateway[],
  setting: Setting<Effect>,
): PlacedPolicy[] {
  if (gateways.length === 0) return [];
  const { ir } = context;
  const foreign = cluster.policies.filter(isForeignAllow);
  const { rootNamespace } = ir.topology.mesh;
  const closed = new Set(
    ir.gatewaySecurity.flatMap((each) => (each.default?.value === 'Deny' ? [keyInMesh(each.gateway)] : [])),
  );
  return gateways
    .filter((gateway) => !closed.has(keyInMesh(gateway)))
    .filter((gateway) => !foreign.some((object) => reachesGateway(object, gateway, rootNamespace)))
    .flatMap((gateway) => (isToldApart(context, gateway, setting) ? [sparedGateway(gateway, setting)] : []));
}

/** What a selector opens has to be the gateway alone, and no pod that is still to come. */
function isToldApart({ report }: PlaceContext, gateway: Gateway, { origin }: Setting<Effect>): boolean {
  if (gateway.kind === 'gateway-api' || tellsPods(gateway.podLabels)) return true;
  report(diagnostic('selector-not-exact', { workload: keyOf(gateway), other: 'pods to come' }, origin.span));
  return false;
}

/** A default for services must not shut the gateway that lets the world in; who may call a gateway is not said here. */
function sparedGateway(gateway: Gateway, setting: Setting<Effect>): PlacedPolicy {
  const everyone: PlacedRule = {
    origins: [],
    sources: undefined,
    ports: undefined,
    conditions: [],
    why: ['defaults speak about services; the gateway stays as it is'],
  };
  return {
    cluster: gateway.cluster,
    namespace: gateway.namespace,
    name: `${gateway.name}-stays-open`,
    attachment:
      gateway.kind === 'gateway-api'
        ? { kind: 'gateway', name: gateway.name }
        : { kind: 'selector', labels: gateway.podLabels },
    effect: 'Allow',
    role: 'rules',
    purpose: `gateway ${gateway.namespace}/${gateway.name} is not meant by the default, which would reach it`,
    rules: [everyone],
    origins: [setting.origin],
  };
}

function namespaceAllow(cluster: Cluster, namespace: string, setting: Setting<Effect>): PlacedPolicy {
  const everyone: PlacedRule = {
    origins: [],
    sources: undefined,
    ports: undefined,
    conditions: [],
    why: ['open by its own default, under a wider one that denies'],
  };
  return {
    cluster: cluster.name,
    namespace,
    name: 'default-allow',
    attachment: { kind: 'namespace' },
    effect: 'Allow',
    role: 'rules',
    purpose: `default of namespace ${namespace} at sidecars and ztunnel: open, though the mesh is closed`,
    rules: [everyone],
    origins: [setting.origin],
  };
}
