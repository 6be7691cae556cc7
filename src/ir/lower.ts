import type { Effect } from '../parse/ast.js';
import type { Destination, Resolved, ResolvedRule, ResolvedTraffic, Target } from '../resolve/resolved.js';
import { nearest } from '../resolve/scopes.js';
import { sortBy } from '../util/order.js';
import type { DestinationPolicy, Obligation, PolicyIr } from './policy-ir.js';

/** Turns rules about many destinations into obligations of one destination each. */
export function lower(resolved: Resolved): PolicyIr {
  const drafts = new Map<string, Draft>();
  const draftOf = (destination: Destination): Draft => {
    const known = drafts.get(destination.id) ?? { destination, obligations: [], plaintext: [], traffic: undefined };
    drafts.set(destination.id, known);
    return known;
  };
  for (const rule of resolved.rules)
    for (const target of rule.targets) draftOf(target.destination).obligations.push(obligation(rule, target));
  for (const rule of resolved.plaintext)
    for (const target of rule.targets) draftOf(target.destination).plaintext.push(obligation(rule, target));
  for (const traffic of resolved.traffic)
    for (const destination of traffic.destinations) draftOf(destination).traffic = traffic;
  for (const destination of destinationsWithOwnSettings(resolved)) draftOf(destination);
  return {
    topology: resolved.topology,
    destinations: sortBy([...drafts.values()], ({ destination }) => destination.id).map((draft) =>
      finish(draft, resolved),
    ),
    defaults: resolved.defaults.filter(({ scope }) => scope.kind === 'mesh' || scope.kind === 'namespace'),
    mtls: resolved.mtls.filter(({ scope }) => scope.kind === 'mesh' || scope.kind === 'namespace'),
  };
}

interface Draft {
  readonly destination: Destination;
  readonly obligations: Obligation[];
  readonly plaintext: Obligation[];
  traffic: ResolvedTraffic | undefined;
}

function obligation(rule: ResolvedRule, target: Target): Obligation {
  return {
    origin: rule.origin,
    effect: rule.effect,
    callers: rule.callers,
    ports: target.ports,
    conditions: target.conditions,
    named: target.named,
    accept: rule.accept,
    layer: 'L4',
    span: target.span,
  };
}

function finish(draft: Draft, { defaults, mtls }: Resolved): DestinationPolicy {
  return {
    ...draft,
    default: nearest<Effect>(defaults, draft.destination),
    mtls: nearest(mtls, draft.destination),
    waypoint: undefined,
  };
}

/** A destination with settings of its own, or behind a waypoint already, needs policies even where no rule names it. */
function destinationsWithOwnSettings({ topology, defaults, mtls }: Resolved): Destination[] {
  const named = [...defaults, ...mtls].flatMap(({ scope }) =>
    scope.kind === 'service' || scope.kind === 'workload' ? [scope] : [],
  );
  const names = new Set(named.map(({ namespace, name }) => `${namespace}/${name}`));
  return topology.clusters.flatMap((cluster) =>
    [...cluster.services.entries()]
      .filter(([key, { binding, workloads }]) => workloads.length > 0 && (names.has(key) || binding.kind === 'bound'))
      .map(([key, service]) => ({
        id: `${cluster.name}/${key}`,
        cluster: cluster.name,
        namespace: service.namespace,
        name: service.name,
        service,
        workloads: service.workloads.flatMap((workload) => cluster.workloads.get(workload) ?? []),
      })),
  );
}
