import type { ManifestObject } from '../../../parse/document.js';
import { asObject, asText, asTexts } from '../../json.js';
import {
  type Attachment,
  anyProxy,
  type ConnectionRule,
  type Route,
  type RouteRule,
  type UnreadRoute,
} from '../route.js';
import { type MeshParent, parentsOf, type ReadParents } from './parents.js';
import { type RouteObject, routeObject, type Surroundings } from './route-object.js';
import { rulesAtParent } from './rules-at-parent.js';

/** The rules of one kind of route, for one kind of parent; or why the whole object is dropped. */
export type RuleReader = (route: RouteObject, parent: 'mesh' | 'gateway') => Rules | UnreadRoute;

export interface Rules {
  readonly http: readonly RouteRule[];
  readonly tls: readonly ConnectionRule[];
  readonly tcp: readonly ConnectionRule[];
}

export interface ReadRoutes {
  readonly routes: readonly Route[];
  readonly unread: readonly UnreadRoute[];
}

/** One Route for each parent in the mesh, named by the parent's host, and one for all its gateways. */
export function readGatewayApiRoute(object: ManifestObject, surroundings: Surroundings, read: RuleReader): ReadRoutes {
  const route = routeObject(object);
  const { exportTo } = surroundings;
  const parents = parentsOf(route, surroundings);
  const { mesh, gateways, unread } = parents;
  const forMesh = mesh.length === 0 ? undefined : read(route, 'mesh');
  const forGateways = gateways.length === 0 ? undefined : read(route, 'gateway');
  const faults = [forMesh, forGateways].filter((rules) => rules !== undefined && 'why' in rules);
  const routes = [
    ...(isRules(forMesh) ? mesh.map((parent) => ({ ...meshRoute(route, parent, parents, forMesh), exportTo })) : []),
    ...(isRules(forGateways) ? [{ ...gatewayRoute(route, gateways, forGateways), exportTo }] : []),
  ];
  return { routes, unread: [...unread, ...faults.slice(0, 1)] };
}

function isRules(rules: Rules | UnreadRoute | undefined): rules is Rules {
  return rules !== undefined && !('why' in rules);
}

type Unexported = Omit<Route, 'exportTo'>;

/** Host names are not asked there (T-16); the port of the parent is (T-15). */
function meshRoute(route: RouteObject, parent: MeshParent, parents: ReadParents, rules: Rules): Unexported {
  const { hosts, port } = parent;
  const atPort = rulesAtParent(rules.http, parent, parents).map((rule) => withPort(rule, port));
  return {
    ...baseOf(route),
    hosts,
    attachments: [{ kind: 'mesh' }],
    parentPort: port,
    http: atPort,
    tls: rules.tls.map((rule) => connectionsAt(namedAs(rule, hosts), port)),
    tcp: rules.tcp.map((rule) => connectionsAt(rule, port)),
  };
}

function gatewayRoute(route: RouteObject, attachments: readonly Attachment[], rules: Rules): Unexported {
  const hostnames = asTexts(route.spec.value.hostnames).map((host) => host.toLowerCase());
  return {
    ...baseOf(route),
    hosts: hostnames.length === 0 ? ['*'] : hostnames,
    attachments,
    parentPort: undefined,
    ...rules,
  };
}

function baseOf({ object, namespace }: RouteObject): Pick<Route, 'namespace' | 'objects' | 'created' | 'reach'> {
  const created = asText(asObject(object.value.metadata)?.creationTimestamp) ?? '';
  return { namespace, objects: [object], created, reach: 'by-parent' };
}

function withPort(rule: RouteRule, port: number | undefined): RouteRule {
  if (port === undefined) return rule;
  const matches = rule.matches.length === 0 ? [anything(rule.origin.place)] : rule.matches;
  return { ...rule, matches: matches.map((match) => ({ ...match, proxy: { ...match.proxy, port } })) };
}

function anything(place: RouteRule['origin']['place']): RouteRule['matches'][number] {
  const none = { path: undefined, method: undefined, authority: undefined, scheme: undefined };
  return { place, ...none, headers: [], query: [], doubt: undefined, proxy: anyProxy };
}

function connectionsAt(rule: ConnectionRule, port: number | undefined): ConnectionRule {
  if (port === undefined) return rule;
  const any = { place: rule.origin.place, serverNames: [], doubt: undefined, proxy: anyProxy };
  const matches = rule.matches.length === 0 ? [any] : rule.matches;
  return { ...rule, matches: matches.map((match) => ({ ...match, proxy: { ...match.proxy, port } })) };
}

/** A TLSRoute that names no host is for the host of its parent (T-52). */
function namedAs(rule: ConnectionRule, hosts: readonly string[]): ConnectionRule {
  const named = (names: readonly string[]) => (names.length === 1 && names[0] === '*' ? hosts : names);
  return {
    ...rule,
    matches: rule.matches.map((match) => ({ ...match, serverNames: named(match.serverNames) })),
  };
}
