import { type DestinationIndex, indexDestinations } from '../resolve/destinations.js';
import type { Caller, Destination, ResolvedRule, Target } from '../resolve/resolved.js';
import type { Resolved } from '../resolve/resolved-intents.js';
import type { ResolvedTelemetry } from '../resolve/resolved-telemetry.js';
import type { ResolvedTraffic } from '../resolve/resolved-traffic.js';
import { nearestOf } from '../resolve/scopes.js';
import { isOutside } from '../resolve/traffic/outside/outside-hosts.js';
import { type Binding, keyInMesh, keyOf, type Topology } from '../topology/model.js';
import { oncePerObject } from '../util/once.js';
import { groupBy, sortBy } from '../util/order.js';
import type { Inherited, InheritedRule } from './inherit/inherited-rule.js';
import type { Obligation, PolicyIr } from './policy-ir.js';

/** Turns rules about many destinations into obligations of one destination each. */
export function lower(resolved: Inherited): PolicyIr {
  const drafts = new Map<string, Draft>();
  const draftOf = (destination: Destination): Draft => {
    const known = drafts.get(destination.id) ?? newDraft(destination);
    drafts.set(destination.id, known);
    return known;
  };
  for (const rule of resolved.rules)
    for (const each of obligationsOf(rule)) draftOf(each.destination).obligations.push(each.obligation);
  for (const rule of resolved.plaintext)
    for (const each of obligationsOf(rule)) draftOf(each.destination).plaintext.push(each.obligation);
  for (const rule of resolved.audits)
    for (const each of obligationsOf(rule)) draftOf(each.destination).audits.push(each.obligation);
  for (const traffic of resolved.traffic)
    for (const destination of traffic.destinations) draftOf(destination).traffic = traffic;
  for (const destination of hostsOfEgress(resolved)) draftOf(destination);
  for (const telemetry of resolved.telemetry)
    for (const destination of telemetry.destinations) draftOf(destination).telemetry = telemetry;
  for (const destination of destinationsWithOwnSettings(resolved)) draftOf(destination);
  const podCallersOf = podCallers(resolved);
  const [defaultOf, mtlsOf] = [nearestOf(resolved.defaults), nearestOf(resolved.mtls)];
  return {
    topology: resolved.topology,
    destinations: sortBy([...drafts.values()], ({ destination }) => destination.id).map((draft) => ({
      ...draft,
      podCallers: podCallersOf(draft.destination),
      // What the mesh and namespaces are promised is about their own workloads.
      default: isOutside(draft.destination) ? undefined : defaultOf(draft.destination),
      mtls: isOutside(draft.destination) ? undefined : mtlsOf(draft.destination),
      waypoint: undefined,
    })),
    defaults: resolved.defaults.filter(({ scope }) => scope.kind === 'mesh' || scope.kind === 'namespace'),
    mtls: resolved.mtls.filter(({ scope }) => scope.kind === 'mesh' || scope.kind === 'namespace'),
    gatewayTraffic: resolved.gatewayTraffic,
    gatewayLimits: resolved.gatewayLimits,
    gatewaySecurity: resolved.gatewaySecurity,
    outsideHosts: resolved.outsideHosts,
    egress: resolved.egress,
    companions: resolved.companions,
    plannedGateways: resolved.plannedGateways,
    reachability: resolved.reachability,
    telemetry: resolved.telemetry,
    exports: resolved.exports,
    waypoints: resolved.waypoints,
  };
}

function hostsOfEgress({ egress }: Resolved): readonly Destination[] {
  return egress.flatMap(({ rules }) =>
    rules.flatMap(({ targets }) => targets.flatMap(({ destinations }) => destinations)),
  );
}

interface Draft {
  readonly destination: Destination;
  readonly obligations: Obligation[];
  readonly plaintext: Obligation[];
  readonly audits: Obligation[];
  traffic: ResolvedTraffic | undefined;
  telemetry: ResolvedTelemetry | undefined;
}

function newDraft(destination: Destination): Draft {
  return { destination, obligations: [], plaintext: [], audits: [], traffic: undefined, telemetry: undefined };
}

/** What a rule asks of each of its destinations. */
const obligationsOf = oncePerObject((rule: ResolvedRule & Partial<InheritedRule>) =>
  rule.targets.map((target) => ({ destination: target.destination, obligation: obligation(rule, target) })),
);

function obligation(rule: ResolvedRule & Partial<InheritedRule>, target: Target): Obligation {
  return {
    origin: rule.origin,
    within: rule.within ?? [],
    effect: rule.effect,
    authorizer: rule.authorizer,
    callers: rule.callers,
    ports: target.ports,
    exceptPorts: target.exceptPorts,
    conditions: target.conditions,
    issuers: rule.issuers,
    named: target.named,
    ...(rule.pin && { pin: rule.pin }),
    accept: rule.accept,
    layer: 'L4',
    span: target.span,
  };
}

/** Whom rules that name no Service let in, by the pods that they are for. */
function podCallers({ rules }: Inherited): (destination: Destination) => readonly Caller[] {
  const byPods = groupBy(
    rules.flatMap((rule) => allowedToPods(rule)),
    ({ pods }) => pods,
  );
  return (destination) => {
    if (byPods.size === 0) return [];
    const others = destination.workloads
      .flatMap((workload) => byPods.get(keyInMesh(workload)) ?? [])
      .filter(({ id }) => id !== destination.id);
    return [...new Set(others.flatMap(({ callers }) => callers))];
  };
}

interface AllowedToPods extends Pick<ResolvedRule, 'callers'> {
  /** Of the destination. */
  readonly id: string;
  readonly pods: string;
}

const allowedToPods = oncePerObject(
  ({ effect, authorizer, callers, targets }: ResolvedRule): readonly AllowedToPods[] => {
    if (effect !== 'Allow' || authorizer !== undefined) return [];
    return targets
      .filter(({ named }) => !named)
      .flatMap(({ destination: { id, workloads } }) =>
        workloads.map((workload) => ({ id, pods: keyInMesh(workload), callers })),
      );
  },
);

/**
 * A destination with settings of its own, or behind a waypoint, needs policies even where no rule names it. A label that
 * waits for its waypoint counts: the Service is behind it as soon as somebody plans it (W-31).
 */
function destinationsWithOwnSettings(resolved: Resolved): Destination[] {
  const { topology, defaults, mtls } = resolved;
  const index = indexDestinations(topology);
  const scoped = [...defaults, ...mtls].flatMap(({ scope }) => {
    if (scope.kind === 'service') return index.service(keyOf(scope));
    return scope.kind === 'workload' ? index.workload(keyOf(scope)) : [];
  });
  return [...scoped, ...behindWaypoints(topology), ...siblingsOfRequests(resolved, index)].filter(
    ({ workloads }) => workloads.length > 0,
  );
}

const behindWaypoints = oncePerObject((topology: Topology): readonly Destination[] => {
  const index = indexDestinations(topology);
  return topology.clusters.flatMap((cluster) =>
    [...cluster.services]
      .filter(([, { binding }]) => leadsToWaypoint(binding))
      .flatMap(([key]) => index.service(key).filter((destination) => destination.cluster === cluster.name)),
  );
});

/** A rule about requests that means pods has to be read at every Service of theirs. */
function siblingsOfRequests({ rules }: Resolved, index: DestinationIndex): Destination[] {
  return rules
    .flatMap((rule) => askingOfPods(rule))
    .flatMap(({ destination: { cluster, workloads } }) =>
      workloads.flatMap(({ services }) =>
        services.flatMap((key) => index.service(key).filter((sibling) => sibling.cluster === cluster)),
      ),
    );
}

/** The targets of a rule about requests that means their pods. */
const askingOfPods = oncePerObject(({ effect, authorizer, targets }: ResolvedRule): readonly Target[] =>
  targets.filter(
    ({ conditions, named }) => (conditions.length > 0 || authorizer !== undefined) && (effect === 'Deny' || !named),
  ),
);

function leadsToWaypoint(binding: Binding): boolean {
  return binding.kind === 'bound' || (binding.kind === 'broken' && binding.reason === 'missing');
}
