import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedSidecar } from '../../../ir/placed-sidecar.js';
import { isIn, type ResolvedReachability } from '../../../resolve/resolved-reachability.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import { indexSources } from '../../../resolve/sources.js';
import { type Cluster, keyOf, type Labels, type Workload } from '../../../topology/model.js';
import { groupBy, sortBy } from '../../../util/order.js';
import { exactSelectors } from '../at-pods/selectors.js';
import type { PlaceContext } from '../context.js';
import { type CallableService, callableServices, type Who } from './callable-services.js';
import { reportKnowingAll } from './knowing-all.js';
import { keptOf, reportRivals } from './replaced-sidecars.js';
import { sidecarHosts } from './sidecar-hosts.js';

/** One Sidecar for each namespace, or for each workload, of which somebody says what its sidecars know. */
export function placeSidecars(context: PlaceContext): PlacedSidecar[] {
  const { topology, reachability } = context.ir;
  if (reachability.length === 0) return [];
  const callable = callableServices(context.ir);
  const placed = topology.clusters.flatMap((cluster) =>
    reachability.flatMap((each) => sitesOf(context, cluster, each).flatMap((site) => place(context, site, callable))),
  );
  return sortBy(
    placed,
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}

/** Pods of one namespace that get one Sidecar. */
interface Site {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly workloads: readonly Workload[];
  readonly reachability: ResolvedReachability;
}

/** A namespace's own words go before those for the mesh. */
function sitesOf(context: PlaceContext, cluster: Cluster, reachability: ResolvedReachability): readonly Site[] {
  const { scope } = reachability;
  const withOwn = context.ir.reachability.flatMap(({ scope: other }) =>
    scope.kind === 'mesh' && other.kind === 'namespace' ? [other.namespace] : [],
  );
  const meant = [...cluster.workloads.values()].filter((workload) => isIn(workload, scope));
  const byNamespace = groupBy(meant, ({ namespace }) => namespace);
  return [...byNamespace].flatMap(([namespace, workloads]) => {
    const hasSidecars = workloads.some(({ mode }) => mode.plane === 'sidecar');
    return hasSidecars && !withOwn.includes(namespace) ? [{ cluster, namespace, workloads, reachability }] : [];
  });
}

function place(context: PlaceContext, site: Site, callable: readonly CallableService[]): PlacedSidecar[] {
  const { cluster, namespace, workloads, reachability } = site;
  const { origin, scope } = reachability;
  if (isOfWholeMesh(context, site)) return [];
  const ofWorkload = scope.kind === 'workload' ? workloads[0] : undefined;
  const selector = ofWorkload && selectorFor(context, cluster, ofWorkload, origin.span);
  if (ofWorkload !== undefined && selector === undefined) return [];
  const pods = { namespace, workloads, isForAll: ofWorkload === undefined, scope, origin };
  reportRivals(context, cluster, pods);
  if (scope.kind !== 'mesh') reportKnowingAll(context, cluster, workloads, reachability);
  const what = ofWorkload === undefined ? `namespace ${namespace}` : `workload ${keyOf(ofWorkload)}`;
  return [
    {
      cluster: cluster.name,
      namespace,
      name: ofWorkload?.name ?? 'default',
      selector,
      hosts: sidecarHosts(context, cluster, reachability, callable, whoOf(context, site)),
      kept: keptOf(context, cluster, pods),
      purpose: `what the sidecars of ${what} know of the mesh`,
      origin,
    },
  ];
}

/** In the root namespace a Sidecar for all pods is one for the pods of all namespaces that have none. */
function isOfWholeMesh({ ir, report }: PlaceContext, { namespace, reachability: { scope, origin } }: Site): boolean {
  if (scope.kind === 'workload' || namespace !== ir.topology.mesh.rootNamespace) return false;
  if (scope.kind === 'mesh') return true;
  const why = `in the root namespace \`${namespace}\` it would be for all namespaces that have none of their own`;
  const help = `write it for workloads of \`${namespace}\`, or for \`scope: mesh\`, which gives each other namespace its own`;
  report(diagnostic('no-sidecar-possible', { scope: scopeLabel(scope), why }, origin.span, { help }));
  return true;
}

function selectorFor(
  context: PlaceContext,
  cluster: Cluster,
  workload: Workload,
  span: Parameters<typeof exactSelectors>[4],
): Labels | undefined {
  return exactSelectors(context, cluster, [workload], undefined, span)[0];
}

function whoOf({ ir }: PlaceContext, { cluster, namespace, workloads, reachability: { scope } }: Site): Who {
  const [workload] = workloads;
  const sources = scope.kind === 'workload' && workload ? indexSources(ir.topology).workload(keyOf(workload)) : [];
  return { namespace, source: sources.find((source) => source.cluster === cluster.name) };
}
