import type { MeshCluster } from '../../mesh/mesh.js';
import type { ConnectionRule, Route, RouteRule } from '../../mesh/routes/route.js';
import type { ManifestObject, Path } from '../../parse/document.js';
import type { LintContext } from '../context.js';

/** What rules are for, and who may read them. */
export type RuleOwner = Pick<
  Route,
  'namespace' | 'exportTo' | 'objects' | 'hosts' | 'attachments' | 'http' | 'tls' | 'tcp'
>;

export interface RouteIn<T extends RuleOwner = RuleOwner> {
  readonly at: MeshCluster;
  readonly route: T;
}

/** Every route that Istio may read. An object with several parents in the mesh is one for each. */
export function allRoutes({ mesh }: LintContext): ReadonlyArray<RouteIn<Route>> {
  return [...mesh.clusters.values()].flatMap((at) =>
    at.routes.filter((route) => !isForOthers(at, route)).map((route) => ({ at, route })),
  );
}

/** Whether a route may well be for gateways of another controller, and for nobody else. */
function isForOthers(at: MeshCluster, { attachments }: Route): boolean {
  const { gateways, waypoints } = at.cluster;
  return (
    hasForeignGateways(at) &&
    attachments.every(
      (each) =>
        each.kind === 'gateway' &&
        each.api === 'gateway-api' &&
        each.parent === 'Gateway' &&
        !gateways.has(each.gateway) &&
        !waypoints.has(each.gateway),
    )
  );
}

/** Gateways that another controller runs are not known by name. */
export function hasForeignGateways({ cluster }: MeshCluster): boolean {
  return [...cluster.ignored.keys()].some((kind) => kind.endsWith('/Gateway'));
}

/** Those as well that the cluster refuses: what else is wrong with them is told in the same run. */
export function writtenRoutes(context: LintContext): ReadonlyArray<RouteIn<Route>> {
  const refused = [...context.mesh.clusters.values()].flatMap((at) =>
    at.refusedRoutes.filter((route) => !isForOthers(at, route)).map((route) => ({ at, route })),
  );
  return [...allRoutes(context), ...refused];
}

/** Where something is sent: some of the requests, all of them a second time, or connections. */
export interface Sending {
  readonly object: ManifestObject;
  readonly place: Path;
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
  readonly statusIfMissing: 500 | 503;
  readonly fault: string | undefined;
  /** `undefined` for connections. */
  readonly rule: RouteRule | undefined;
  /** What a caller gets of it: the only answer, one of several, or none. */
  readonly share: 'all' | 'some' | 'a copy';
}

export function sendingsOf({ http, tls, tcp }: RuleOwner): readonly Sending[] {
  return [...http.flatMap(sendingsOfRule), ...[...tls, ...tcp].flatMap(sendingsOfConnections)];
}

function sendingsOfRule(rule: RouteRule): readonly Sending[] {
  const { object } = rule.origin;
  const destinations = rule.result.kind === 'forward' ? rule.result.destinations : [];
  const share = destinations.length === 1 ? 'all' : 'some';
  return [
    ...destinations.map((destination) => ({ ...destination, object, rule, share }) as const),
    ...rule.mirrors.map((mirror) => {
      return { ...mirror, object, rule, share: 'a copy', statusIfMissing: 503, fault: undefined } as const;
    }),
  ];
}

function sendingsOfConnections({ origin: { object }, destinations }: ConnectionRule): readonly Sending[] {
  const share = destinations.length === 1 ? 'all' : 'some';
  return destinations.map((destination) => ({ ...destination, object, rule: undefined, share }));
}
