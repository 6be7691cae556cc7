import { diagnostic } from '../../../diagnostics/create.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { sortBy } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import type { BoundScope } from '../../resolved.js';
import { isIn, type ReachedHost, type ResolvedReachability } from '../../resolved-reachability.js';
import { bindScope, namespaceOf, scopeLabel } from '../../scopes.js';
import { isRouted } from '../check-scope-fields.js';
import { reachedHosts } from './reached-hosts.js';

/** Binds what settings say of what sidecars know; each scope takes it from one document. */
export function resolveReachability(
  context: ResolveContext,
  settings: readonly TrafficSettings[],
): readonly ResolvedReachability[] {
  const owners = new Map<string, TrafficSettings>();
  return sortBy(settings, ({ name }) => name.value).flatMap((each) => resolveOne(context, each, owners));
}

function resolveOne(
  context: ResolveContext,
  settings: TrafficSettings,
  owners: Map<string, TrafficSettings>,
): readonly ResolvedReachability[] {
  const { reachability, name } = settings;
  const scope = reachability && scopeOf(context, settings);
  if (reachability === undefined || scope === undefined) return [];
  reportTwice(context, settings, scope, owners);
  reportWithoutSidecars(context, settings, scope);
  const hosts = reachability.reaches.flatMap((each) => reachedHosts(context, each, namespaceOf(scope)));
  return [
    {
      origin: { id: name.value, span: name.span, reason: undefined, owner: undefined, ticket: undefined },
      scope,
      isDeclared: reachability.isDeclared,
      reaches: onceEach(hosts),
    },
  ];
}

function scopeOf(context: ResolveContext, { scope }: TrafficSettings): BoundScope | undefined {
  const { kind } = scope;
  return isRouted(kind) ? undefined : bindScope(context, { ...scope, kind });
}

function reportTwice(
  context: ResolveContext,
  settings: TrafficSettings,
  scope: BoundScope,
  owners: Map<string, TrafficSettings>,
): void {
  const label = scopeLabel(scope);
  const owner = owners.get(label);
  if (owner === undefined) owners.set(label, settings);
  else {
    const parameters = { first: owner.name.value, second: settings.name.value, scope: label };
    const notes = [{ message: 'the other is here', span: owner.name.span }];
    context.report(diagnostic('reachability-twice', parameters, settings.name.span, { notes }));
  }
}

/** A Sidecar is read by sidecars alone (istio-traffic-topology T-86). */
function reportWithoutSidecars(
  context: ResolveContext,
  { reachability, scope: written }: TrafficSettings,
  scope: BoundScope,
): void {
  const pods = context.topology.clusters.flatMap(({ workloads }) =>
    [...workloads.values()].filter((workload) => isIn(workload, scope)),
  );
  if (pods.some(({ mode }) => mode.plane === 'sidecar')) return;
  const notes = pods.slice(0, 3).map(({ namespace, name, mode }) => ({
    message: `\`${namespace}/${name}\` has none: ${mode.because}`,
  }));
  const why = 'none of its pods has a sidecar, and other proxies know of the mesh what they need by themselves';
  const field = reachability?.isDeclared === true ? 'reachability' : 'reaches';
  const help = 'drop it: ztunnel asks for no list, and a waypoint is told of what it serves alone';
  const parameters = { field, scope: scopeLabel(scope), why };
  context.report(diagnostic('not-of-scope', parameters, reachability?.span ?? written.span, { notes, help }));
}

function onceEach(hosts: readonly ReachedHost[]): readonly ReachedHost[] {
  const distinct = new Map(hosts.map((each) => [`${each.namespace}/${each.host}`, each]));
  return sortBy(
    [...distinct.values()],
    ({ namespace }) => namespace,
    ({ host }) => host,
  );
}
