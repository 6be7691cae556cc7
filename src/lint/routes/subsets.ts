import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asLabels, asObject, asText } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { labelsOfNodes, withoutLabelsOfNodes } from '../../mesh/routes/follow/labels-of-nodes.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { keyOf, type Labels, type Service, selects } from '../../topology/model.js';
import { withoutTemplateHash } from '../../topology/rollouts/template-hash.js';
import { groupBy, sortedUnique } from '../../util/order.js';
import { suggest } from '../../util/suggest.js';
import type { LintContext } from '../context.js';
import { delegatesOf } from './delegates.js';
import { indexByHost } from './host-index.js';
import { ownersOf } from './known-hosts.js';
import { allRoutes, type RouteIn, type Sending, sendingsOf, writtenRoutes } from './route-rules.js';
import { failing, lawsOf } from './shown.js';

/** A version that a DestinationRule defines, and for which host. */
interface Subset {
  readonly object: ManifestObject;
  readonly place: Path;
  readonly name: string;
  readonly host: string;
  readonly labels: Labels;
}

function subsetsIn({ cluster }: MeshCluster, clusterDomain: string): readonly Subset[] {
  return cluster.routes
    .filter(({ kind }) => kind === 'DestinationRule')
    .flatMap((object) => {
      const spec = asObject(object.value.spec) ?? {};
      const { namespace = 'default' } = object;
      const host = fullHost(asText(spec.host) ?? '', namespace, clusterDomain).toLowerCase();
      return asArray(spec.subsets).map((subset, index) => {
        const { name, labels } = asObject(subset) ?? {};
        const place = ['spec', 'subsets', index];
        const lasting = withoutTemplateHash(cluster.rollouts, namespace, asLabels(labels));
        return { object, place, host, name: asText(name) ?? '', labels: lasting };
      });
    });
}

function isForHost({ host: own }: Subset, host: string): boolean {
  return own.startsWith('*') ? host.endsWith(own.slice(1)) : own === host;
}

/** A route to a version that no DestinationRule defines: no cluster of endpoints is made for it (S-02). */
export function subsetsMissing(context: LintContext): readonly Diagnostic[] {
  const { clusterDomain } = context.mesh.topology.mesh;
  const routes: readonly RouteIn[] = [...writtenRoutes(context), ...delegatesOf(context)];
  const known = new Map(
    [...context.mesh.clusters.values()].map((at) => [
      at,
      indexByHost(subsetsIn(at, clusterDomain), ({ host }) => host),
    ]),
  );
  const said = new Set<string>();
  return routes.flatMap(({ at, route }) =>
    sendingsOf(route).flatMap((sending) => {
      const { subset, host, object, place } = sending;
      const key = `${at.cluster.name} ${describe(object)} ${place.join('.')}`;
      if (subset === undefined || said.has(key)) return [];
      said.add(key);
      const ofHost = (known.get(at)?.(host) ?? []).filter((each) => isForHost(each, host));
      if (ofHost.some(({ name }) => name === subset) || !isWorthSaying(at, sending, ofHost)) return [];
      const names = sortedUnique(ofHost.map(({ name }) => name));
      const [near] = suggest(subset, names);
      const why = `no DestinationRule for \`${host}\` defines it`;
      const help = near === undefined ? { help: defining(names) } : { help: `did you mean \`${near}\`?` };
      return diagnostic('subset-missing', { route: describe(object), subset, why }, spanIn(object, place), {
        ...failing(route, sending, 503),
        ...lawsOf('a version exists where a DestinationRule defines it (istio-traffic-topology S-02)'),
        ...help,
      });
    }),
  );
}

/** Manifests that have neither the host nor any rule for it tell nothing of its versions. */
function isWorthSaying(at: MeshCluster, { host }: Sending, ofHost: readonly Subset[]): boolean {
  return ofHost.length > 0 || ownersOf(at, host).length > 0;
}

function defining(names: readonly string[]): string {
  const known = names.map((name) => `\`${name}\``).join(', ');
  return names.length === 0 ? 'define it under `subsets` of a DestinationRule' : `define it, or name one of ${known}`;
}

/** A version whose labels no pod of the Service has: whatever is sent to it is answered 503 (S-02). */
export function subsetsWithoutPods(context: LintContext): readonly Diagnostic[] {
  const { clusterDomain } = context.mesh.topology.mesh;
  const routes: readonly RouteIn[] = [...allRoutes(context), ...delegatesOf(context)];
  const sent = routes.flatMap(({ at, route }) => sendingsOf(route).map((sending) => ({ at, route, sending })));
  const byName = groupBy(sent, ({ sending }) => sending.subset);
  return [...context.mesh.clusters.values()].flatMap((at) =>
    subsetsIn(at, clusterDomain).flatMap((subset) => {
      const found = ownersOf(at, subset.host).find(({ kind }) => kind === 'Service');
      if (found?.kind !== 'Service' || !lacksPods(at, found.owner, subset)) return [];
      const leading = (byName.get(subset.name) ?? []).find(
        (each) => each.at === at && isForHost(subset, each.sending.host),
      );
      return withoutPods(subset, found.owner, leading);
    }),
  );
}

/** Versions are often defined before their pods are there: until a route leads there, nothing is wrong. */
function withoutPods(
  subset: Subset,
  service: Service,
  leading: { readonly route: RouteIn['route']; readonly sending: Sending } | undefined,
): readonly Diagnostic[] {
  const never = Object.keys(subset.labels).find((key) => subset.labels[key] === '' && labelsOfNodes.includes(key));
  if (leading === undefined && never === undefined) return [];
  const why =
    never === undefined ? `no pod of Service \`${keyOf(service)}\` has its labels` : `no pod has an empty \`${never}\``;
  const parameters = { rule: describe(subset.object), subset: subset.name, why };
  const unseen = leading === undefined ? ['no request shows it: no route leads to it'] : [];
  const details = {
    ...(leading && failing(leading.route, leading.sending, 503)),
    ...lawsOf('requests to a version without pods are answered 503 (istio-traffic-topology S-02)', ...unseen),
  };
  return [diagnostic('subset-without-pods', parameters, spanIn(subset.object, [...subset.place, 'labels']), details)];
}

function lacksPods({ cluster }: MeshCluster, { workloads, selector }: Service, { labels }: Subset): boolean {
  const pods = workloads.flatMap((key) => cluster.workloads.get(key) ?? []);
  const own = withoutLabelsOfNodes(labels);
  return selector !== undefined && !pods.some((pod) => selects(own, pod.labels));
}
