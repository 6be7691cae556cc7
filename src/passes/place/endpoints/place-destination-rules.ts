import type { PlacedDestinationRule, VersionService } from '../../../ir/placed-traffic.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged } from '../../../parse/document.js';
import type { ResolvedTraffic, ResolvedVersion } from '../../../resolve/resolved-traffic.js';
import type { Cluster, Service } from '../../../topology/model.js';
import { mayCall } from '../../reach.js';
import type { PlaceContext } from '../context.js';
import { exportedToAll } from '../exports.js';
import { exportedToSome } from '../reachability/exported-to-some.js';
import { rolloutNotes } from '../rollouts/rollout-notes.js';
import { checkDestinationRules } from '../routes/check-destination-rules.js';
import { checkBackendTls } from './check-backend-tls.js';
import { checkKept } from './check-kept.js';
import { placedEndpoints } from './placed-endpoints.js';

/** How routes name the versions of a Service. */
export interface NamedVersions {
  readonly hasSubsets: boolean;
  readonly versions: readonly VersionService[];
}

/**
 * The DestinationRules of a Service: one for its host, with its versions where a VirtualService names them, and one for
 * each Service that stands for a version, to which the rule of the whole does not apply (istio-traffic-topology T-07, T-22).
 */
export function placeDestinationRules(
  context: PlaceContext,
  policy: DestinationPolicy,
  { hasSubsets, versions }: NamedVersions,
): PlacedDestinationRule[] {
  const { traffic, destination } = policy;
  const { service } = destination;
  if (traffic === undefined || service === undefined) return [];
  const cluster = context.clusterOf(policy);
  const callers = context.sources.filter((source) => mayCall(source, policy, cluster));
  checkKept(context, policy, traffic, callers);
  checkBackendTls(context, policy, traffic, callers);
  const subsets = hasSubsets ? traffic.versions : [];
  const whole = wholeRule(policy, traffic, service, subsets);
  const labelled = subsets.length > 0 ? rolloutNotes(policy, cluster, '.spec.subsets[].labels') : [];
  const named = whole && { ...whole, name: freeName(cluster, whole), notes: [...whole.notes, ...labelled] };
  const exportTo = exportedToSome(context, policy) ?? exportedToAll.DestinationRule(cluster);
  const rules = [
    ...(named ? [named] : []),
    ...versions.flatMap((backend) => versionRule(policy, traffic, service, backend)),
  ].map((rule) => ({ ...rule, exportTo }));
  for (const rule of rules) checkDestinationRules(context, policy, traffic, rule, callers);
  return rules;
}

type Draft = Omit<PlacedDestinationRule, 'exportTo'>;

/** Most DestinationRules have the name of their Service; an existing one keeps it, and Istio makes one rule of both. */
function freeName({ routes }: Cluster, { namespace, name }: Pick<Draft, 'namespace' | 'name'>): string {
  const isTaken = routes.some(
    (route) =>
      route.kind === 'DestinationRule' &&
      !isManaged(route) &&
      route.name === name &&
      (route.namespace ?? 'default') === namespace,
  );
  return isTaken ? `${name}-settings` : name;
}

function wholeRule(
  { destination }: DestinationPolicy,
  traffic: ResolvedTraffic,
  service: Service,
  versions: readonly ResolvedVersion[],
): Draft | undefined {
  const settings = placedEndpoints(service, traffic.endpoints);
  if (settings === undefined && versions.length === 0) return undefined;
  const { cluster, namespace, name } = destination;
  const parts = [
    ...(settings ? [`what proxies keep to on the way to ${name}`] : []),
    ...(versions.length > 0 ? [`the versions of ${name}, by labels of its pods`] : []),
  ];
  return {
    cluster,
    namespace,
    name,
    host: service.host,
    settings,
    subsets: versions.map((version) => ({
      name: version.name,
      labels: version.labels,
      settings: version.endpoints && placedEndpoints(service, version.endpoints),
    })),
    purpose: parts.join(', and '),
    notes: notesOf(traffic),
    origins: [traffic.origin],
  };
}

function versionRule(
  { destination }: DestinationPolicy,
  traffic: ResolvedTraffic,
  service: Service,
  { version, name }: VersionService,
): Draft[] {
  const own = traffic.versions.find((each) => each.name === version)?.endpoints ?? traffic.endpoints;
  const settings = placedEndpoints(service, own);
  if (settings === undefined) return [];
  const { cluster, namespace } = destination;
  return [
    {
      cluster,
      namespace,
      name,
      host: `${name}${service.host.slice(service.name.length)}`,
      settings,
      subsets: [],
      purpose: `what proxies keep to on the way to version ${version} of ${service.name}, for which the rule of ${service.name} is not read`,
      notes: notesOf(traffic),
      origins: [traffic.origin],
    },
  ];
}

/** Detecting outliers has an effect that nobody writes down. */
function notesOf({ endpoints, versions }: ResolvedTraffic): string[] {
  const all = [endpoints, ...versions.flatMap((version) => version.endpoints ?? [])];
  const detects = all.some(({ whole, ports }) =>
    [whole, ...ports.map(({ settings }) => settings)].some(({ outliers }) => outliers !== undefined),
  );
  if (!detects || endpoints.whole.locality !== undefined) return [];
  return [
    'with outlier detection callers prefer pods of their own locality (T-43), unless `locality: Disabled` is written',
  ];
}
