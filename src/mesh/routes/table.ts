import type { Route, RouteMatch, RouteRule } from './route.js';

/**
 * What one proxy does with the requests to one host at one port: the first entry whose match holds decides, and where
 * none does the answer is 404 (T-10). A proxy without a table for a host sends requests on to the Service that was addressed;
 * a sidecar goes by their Host (T-92). Everything that depends on the proxy is decided here already; what is left to
 * compare is in the request.
 */
export interface RouteTable {
  readonly entries: readonly RouteEntry[];
  /** The routes whose rules these are, in the order in which they count. */
  readonly routes: readonly Route[];
}

export interface RouteEntry {
  readonly rule: RouteRule;
  /** None: every request matches. */
  readonly match: RouteMatch | undefined;
  /** Whether it is only about preflight requests, which CORS may answer. */
  readonly isOfPreflights?: true;
}

/** The tables of which one counts: several where manifests do not tell which, none where nothing is routed. */
export interface RouteTables {
  readonly tables: readonly RouteTable[];
  /** What would tell. */
  readonly open: string;
}

export const noTables: RouteTables = { tables: [], open: '' };

/** A proxy that routes, as matches ask for it. */
export interface RoutingProxy {
  /** `mesh`, or the key of the gateway whose listener it is. */
  readonly gateway: string;
  readonly namespace: string;
  /** The labels of its pods; absent where matches by label are dropped, as waypoints do (T-12). */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** The port that clients address. */
  readonly port: number;
}

/** The entries of some rules that exist at a proxy, in their order. */
export function entriesAt(rules: readonly RouteRule[], proxy: RoutingProxy): readonly RouteEntry[] {
  return rules.flatMap((rule): readonly RouteEntry[] => {
    if (rule.matches.length === 0) return [{ rule, match: undefined }];
    return rule.matches.filter((match) => isFor(match.proxy, proxy)).map((match) => ({ rule, match }));
  });
}

/** Where a match names gateways, labels and namespace of the proxy are not asked for. */
export function isFor(wanted: RouteMatch['proxy'], { gateway, namespace, labels, port }: RoutingProxy): boolean {
  if (wanted.port !== undefined && wanted.port !== port) return false;
  const wantedLabels = Object.entries(wanted.sourceLabels);
  if (labels === undefined && wantedLabels.length > 0) return false;
  if (wanted.gateways.length > 0) return wanted.gateways.includes(gateway);
  if (wanted.sourceNamespace !== undefined && wanted.sourceNamespace !== namespace) return false;
  return wantedLabels.every(([name, value]) => labels?.[name] === value);
}

/** How messages name the objects of routes. */
export function namesOf(routes: readonly Route[]): string {
  const names = routes.flatMap(({ objects, namespace }) =>
    objects.map(({ kind, name }) => `${kind} ${namespace}/${name}`),
  );
  return [...new Set(names)].join(', ');
}

/** The names of the headers for which the rules of some tables ask. */
export function headersAsked({ tables }: RouteTables): readonly string[] {
  const matches = tables.flatMap(({ entries }) => entries.flatMap(({ match }) => match?.headers ?? []));
  return [...new Set(matches.map(({ name }) => name))];
}
