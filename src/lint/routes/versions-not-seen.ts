import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { callerOf } from '../../mesh/paths/caller.js';
import { outboundTo } from '../../mesh/paths/outbound.js';
import { isVisible } from '../../mesh/paths/visibility.js';
import { appliesTo } from '../../mesh/routes/obeyed-rules.js';
import type { Route } from '../../mesh/routes/route.js';
import { versionOf } from '../../mesh/routes/versions.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { Service, Workload } from '../../topology/model.js';
import { keyOf } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import type { LintContext } from '../context.js';
import { ownersOf } from './known-hosts.js';
import { allRoutes, type Sending, sendingsOf } from './route-rules.js';
import { failing, lawsOf } from './shown.js';

/**
 * A version that some clients see and others do not, whose sidecars follow the route all the same: the DestinationRule is not
 * exported to them. One of their own that hides it is told elsewhere.
 */
export function versionsNotSeen(context: LintContext): readonly Diagnostic[] {
  return allRoutes(context).flatMap(({ at, route }) => {
    if (!route.attachments.some(({ kind }) => kind === 'mesh')) return [];
    return sendingsOf(route).flatMap((sending) => {
      const found = ownersOf(at, sending.host).find(({ kind }) => kind === 'Service');
      if (sending.subset === undefined || found?.kind !== 'Service') return [];
      return notSeen({ mesh: context.mesh, at, route }, sending, found.owner, sending.subset);
    });
  });
}

interface Scene {
  readonly mesh: Mesh;
  readonly at: MeshCluster;
  readonly route: Route;
}

function notSeen(scene: Scene, sending: Sending, service: Service, subset: string): readonly Diagnostic[] {
  const { at, route } = scene;
  const isDefined = at.versions.some(({ host, subsets }) => appliesTo(host, service.host) && subsets.has(subset));
  const blind = isDefined
    ? [...clientsIn(at).values()].find((client) => isBlind(scene, client, service, subset))
    : undefined;
  if (blind === undefined) return [];
  const why = `clients of namespace \`${blind.namespace}\` obey no DestinationRule that defines it`;
  const parameters = { route: describe(sending.object), subset, why };
  return [
    diagnostic('subset-missing', parameters, spanIn(sending.object, sending.place), {
      ...failing(route, sending, 503),
      ...lawsOf('a proxy takes the DestinationRules that are exported to its namespace (istio-traffic-topology T-07)'),
      help: 'export the DestinationRule to them, or the route to the others alone',
    }),
  ];
}

/** One client with a sidecar for each namespace. */
const clientsIn = oncePerObject(({ cluster }: MeshCluster): ReadonlyMap<string, Workload> => {
  const clients = [...cluster.workloads.values()].filter(({ mode }) => mode.plane === 'sidecar');
  return new Map(clients.map((client) => [client.namespace, client]));
});

function isBlind({ mesh, at, route }: Scene, client: Workload, service: Service, subset: string): boolean {
  const { namespace, cluster } = client;
  const own = at.versions.some((rule) => rule.namespace === namespace && appliesTo(rule.host, service.host));
  const version = versionOf(at, { namespace, labels: client.labels }, service, subset);
  if (own || !isVisible(route, namespace) || !version.known || version.value !== undefined) return false;
  const caller = callerOf(mesh, { kind: 'workload', cluster, workload: keyOf(client) });
  return caller.kind === 'caller' && service.ports.some((port) => outboundTo(caller, { ...service, port }) === 'known');
}
