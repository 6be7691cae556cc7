import type { ClusterSettings, IstioVersion } from '../parse/mesh.js';
import { hasSince } from './releases.js';

/** Who routes a request: the caller's sidecar, a waypoint before the Service, or a gateway. */
export type RoutingPoint = 'sidecar' | 'waypoint' | 'gateway';

/** The kind of object that says how requests are routed. */
export type RouteForm = 'HTTPRoute' | 'VirtualService';

/** What traffic settings may ask of a route. */
export type RouteFeature =
  | 'matchPath'
  | 'matchPathRegex'
  | 'matchIgnoringCase'
  | 'matchHost'
  | 'matchMethod'
  | 'matchHeader'
  | 'matchQuery'
  | 'matchPort'
  | 'writtenOrder'
  | 'manyMatches'
  | 'versions'
  | 'split'
  | 'externalWeights'
  | 'otherService'
  | 'serviceWithoutVirtualIp'
  | 'otherHost'
  | 'hostAmongOthers'
  | 'throughGateway'
  | 'redirect'
  | 'redirectStatus'
  | 'respond'
  | 'rewritePath'
  | 'rewritePrefix'
  | 'rewriteRawPrefix'
  | 'rewriteHost'
  | 'changeHeaders'
  | 'mirror'
  | 'timeout'
  | 'perTryTimeout'
  | 'retries'
  | 'retryOn'
  | 'backoff'
  | 'fault'
  | 'cors'
  | 'corsPatterns'
  | 'exceptHeaders'
  | 'connections'
  | 'connectionsOfTls'
  | 'connectionsByName'
  | 'serverNames'
  | 'exported';

/** Whether one form says one feature, and at which points it is obeyed. */
export interface RouteCapability {
  readonly feature: RouteFeature;
  readonly form: RouteForm;
  /** Empty: the form cannot say it. */
  readonly points: readonly RoutingPoint[];
  /** First version with this behaviour; absent: every version that Ambit knows. */
  readonly since?: IstioVersion;
  /** The channel of Gateway API whose CRDs have it; absent: both. */
  readonly channel?: 'experimental';
  /** The feature flag of istiod without which it is not read; absent: none is needed. */
  readonly flag?: string;
  /** The law it was read from. */
  readonly fact: string;
  /** For a reader of a refusal: what the form says, or what it lacks. */
  readonly because: string;
}

const everywhere: readonly RoutingPoint[] = ['sidecar', 'waypoint', 'gateway'];

const says = (feature: RouteFeature, form: RouteForm, fact: string, because: string): RouteCapability => ({
  feature,
  form,
  points: everywhere,
  fact: `istio-traffic-topology ${fact}`,
  because,
});

const lacks = (feature: RouteFeature, form: RouteForm, fact: string, because: string): RouteCapability => ({
  ...says(feature, form, fact, because),
  points: [],
});

/** Turns on what Gateway API has in no stable version. */
const alphaFlag = 'PILOT_ENABLE_ALPHA_GATEWAY_API';

const unreadBytes = 'sidecars read no TCPRoute for a port that is declared TLS';
const unreadNames =
  'where a port is declared TLS sidecars read server names, and clients may ask for any; one that is declared TCP is led by its number';

const keptAddress =
  'for a Service without virtual IP connections go on to the address that the client chose, which is that of the Service before';

/** Each feature once for each form. ztunnel routes nothing: what is asked of ambient callers needs a waypoint. */
export const routeCapabilities: readonly RouteCapability[] = [
  says('matchPath', 'HTTPRoute', 'T-90', 'a path exactly, or by whole elements'),
  says('matchPath', 'VirtualService', 'T-90', 'a path exactly, or by its first characters'),
  says('matchPathRegex', 'HTTPRoute', 'F-03', 'a regular expression for the whole path'),
  says('matchPathRegex', 'VirtualService', 'F-01', 'a regular expression for the whole path'),
  says('matchIgnoringCase', 'HTTPRoute', 'F-22', 'a regular expression for any case'),
  says('matchIgnoringCase', 'VirtualService', 'F-22', 'ignoreUriCase'),
  { ...says('matchHost', 'HTTPRoute', 'F-23', 'a Service is asked for by its own names alone'), points: ['gateway'] },
  {
    ...says('matchHost', 'VirtualService', 'F-23', 'a Service is asked for by its own names alone'),
    points: ['gateway'],
  },
  says('matchMethod', 'HTTPRoute', 'F-03', 'one method a match'),
  says('matchMethod', 'VirtualService', 'F-01', 'one method a match'),
  says('matchHeader', 'HTTPRoute', 'F-03', 'a value exactly, or a regular expression'),
  says('matchHeader', 'VirtualService', 'F-01', 'a value exactly, by its beginning, or a regular expression'),
  says('matchQuery', 'HTTPRoute', 'F-03', 'a value exactly, or a regular expression'),
  says('matchQuery', 'VirtualService', 'F-01', 'a value exactly, by its beginning, or a regular expression'),
  says('matchPort', 'HTTPRoute', 'T-15', 'the port of its parent'),
  says('matchPort', 'VirtualService', 'F-01', 'a port of the match'),
  lacks('writtenOrder', 'HTTPRoute', 'F-03', 'Gateway API tries the most exact match first, whatever is written first'),
  says('writtenOrder', 'VirtualService', 'T-10', 'the first rule that matches decides'),
  lacks('manyMatches', 'HTTPRoute', 'F-04', 'it has at most 16 rules, 64 matches in a rule and 128 in all'),
  says('manyMatches', 'VirtualService', 'F-04', 'it has no limit of its own'),
  says('versions', 'HTTPRoute', 'T-22', 'one Service a version'),
  says('versions', 'VirtualService', 'T-21', 'subsets of a DestinationRule'),
  says('split', 'HTTPRoute', 'T-20', 'weights in proportion'),
  says('split', 'VirtualService', 'T-20', 'weights in proportion'),
  says('externalWeights', 'HTTPRoute', 'F-51', 'weights that a controller finds by the names of its Services'),
  says('externalWeights', 'VirtualService', 'F-50', 'weights that a controller finds by the name of the rule'),
  says('otherService', 'HTTPRoute', 'T-24', 'another Service as backend'),
  says('otherService', 'VirtualService', 'F-01', 'another host as destination'),
  { ...says('serviceWithoutVirtualIp', 'HTTPRoute', 'F-11', keptAddress), points: ['gateway'] },
  { ...says('serviceWithoutVirtualIp', 'VirtualService', 'F-11', keptAddress), points: ['gateway'] },
  says('otherHost', 'HTTPRoute', 'F-40', 'a backend of kind Hostname'),
  says('otherHost', 'VirtualService', 'F-01', 'another host as destination'),
  lacks('hostAmongOthers', 'HTTPRoute', 'F-41', 'a route for a ServiceEntry is for all of its hosts'),
  says('hostAmongOthers', 'VirtualService', 'F-41', 'the host alone'),
  lacks(
    'throughGateway',
    'HTTPRoute',
    'F-44',
    'it is obeyed at waypoints as well, which are the way out for ambient callers',
  ),
  {
    ...says('throughGateway', 'VirtualService', 'F-44', 'for ambient callers the waypoint is the way out of the mesh'),
    points: ['sidecar'],
  },
  says('redirect', 'HTTPRoute', 'T-30', 'filter RequestRedirect'),
  says('redirect', 'VirtualService', 'F-01', 'redirect'),
  lacks('redirectStatus', 'HTTPRoute', 'F-02', 'its CRD admits no status but 301 and 302 before Gateway API 1.5'),
  says('redirectStatus', 'VirtualService', 'F-01', 'redirectCode'),
  lacks('respond', 'HTTPRoute', 'F-02', 'Gateway API has no direct response'),
  says('respond', 'VirtualService', 'F-01', 'directResponse'),
  says('rewritePath', 'HTTPRoute', 'T-30', 'filter URLRewrite with ReplaceFullPath'),
  lacks('rewritePath', 'VirtualService', 'F-01', 'it replaces what was matched, and not the whole path'),
  says('rewritePrefix', 'HTTPRoute', 'T-30', 'filter URLRewrite with ReplacePrefixMatch'),
  says('rewritePrefix', 'VirtualService', 'F-01', 'rewrite of what was matched'),
  lacks('rewriteRawPrefix', 'HTTPRoute', 'F-02', 'it replaces whole elements of a path, and those alone'),
  says('rewriteRawPrefix', 'VirtualService', 'F-01', 'rewrite of what was matched'),
  says('rewriteHost', 'HTTPRoute', 'T-30', 'filter URLRewrite with hostname'),
  says('rewriteHost', 'VirtualService', 'F-01', 'rewrite of the authority'),
  says('changeHeaders', 'HTTPRoute', 'T-30', 'filters RequestHeaderModifier and ResponseHeaderModifier'),
  says('changeHeaders', 'VirtualService', 'T-31', 'headers'),
  says('mirror', 'HTTPRoute', 'T-30', 'filter RequestMirror'),
  says('mirror', 'VirtualService', 'F-01', 'mirrors'),
  says('timeout', 'HTTPRoute', 'T-32', 'timeouts.request'),
  says('timeout', 'VirtualService', 'F-01', 'timeout'),
  says('perTryTimeout', 'HTTPRoute', 'T-32', 'timeouts.backendRequest, with retries'),
  says('perTryTimeout', 'VirtualService', 'F-01', 'retries.perTryTimeout'),
  {
    ...says('retries', 'HTTPRoute', 'T-33', 'only its experimental channel has retries'),
    channel: 'experimental',
  },
  says('retries', 'VirtualService', 'F-01', 'retries'),
  lacks('retryOn', 'HTTPRoute', 'T-34', 'its retries are for the same failures always'),
  says('retryOn', 'VirtualService', 'F-01', 'retries.retryOn'),
  {
    ...says('backoff', 'HTTPRoute', 'T-33', 'only its experimental channel has retries'),
    channel: 'experimental',
  },
  says('backoff', 'VirtualService', 'F-01', 'retries.backoff'),
  lacks('fault', 'HTTPRoute', 'F-02', 'Gateway API makes no failures'),
  says('fault', 'VirtualService', 'F-20', 'fault'),
  {
    ...says('cors', 'HTTPRoute', 'F-21', 'the standard CRDs have filter CORS from Gateway API 1.5 on'),
    channel: 'experimental',
  },
  says('cors', 'VirtualService', 'F-21', 'corsPolicy'),
  lacks('corsPatterns', 'HTTPRoute', 'F-21', 'it names origins exactly, with a wildcard for a whole label alone'),
  says('corsPatterns', 'VirtualService', 'F-21', 'corsPolicy'),
  lacks('exceptHeaders', 'HTTPRoute', 'F-02', 'it asks for headers, and never for their absence'),
  says('exceptHeaders', 'VirtualService', 'F-01', 'withoutHeaders'),
  {
    ...says('connections', 'HTTPRoute', 'T-50', 'TCPRoute of the experimental channel'),
    points: ['gateway'],
    channel: 'experimental',
    flag: alphaFlag,
  },
  {
    ...says(
      'connections',
      'HTTPRoute',
      'T-50',
      'connections are for TCPRoute, which Istio reads from 1.31 on without a flag',
    ),
    since: '1.31',
  },
  says('connections', 'VirtualService', 'F-01', 'tcp'),
  { ...says('connectionsOfTls', 'HTTPRoute', 'F-30', unreadBytes), points: ['waypoint'] },
  { ...says('connectionsOfTls', 'VirtualService', 'F-30', unreadNames), points: ['waypoint'] },
  { ...says('connectionsByName', 'HTTPRoute', 'F-30', unreadBytes), points: ['waypoint'] },
  says('connectionsByName', 'VirtualService', 'F-30', 'tls'),
  {
    ...says('serverNames', 'HTTPRoute', 'T-52', 'TLSRoute of the experimental channel'),
    points: ['gateway'],
    channel: 'experimental',
    flag: alphaFlag,
  },
  {
    ...says(
      'serverNames',
      'HTTPRoute',
      'T-52',
      'server names are for TLSRoute, which gateways read from Istio 1.30 on without a flag, and waypoints for whole Services alone',
    ),
    points: ['gateway'],
    since: '1.30',
  },
  {
    ...says(
      'serverNames',
      'VirtualService',
      'L-22',
      'it asks for server names among its own hosts alone, and would take all else that is for them',
    ),
    points: ['gateway'],
  },
  lacks('exported', 'HTTPRoute', 'F-55', 'it cannot say to which namespaces it is exported'),
  says('exported', 'VirtualService', 'F-55', 'exportTo'),
];

/** The row by which a form cannot say a feature at a point; `undefined` where it can. */
export function missing(
  feature: RouteFeature,
  form: RouteForm,
  point: RoutingPoint,
  { istio, gatewayApi }: Pick<ClusterSettings, 'istio' | 'gatewayApi'>,
): RouteCapability | undefined {
  const rows = routeCapabilities.filter((row) => row.feature === feature && row.form === form);
  const isHere = (row: RouteCapability) =>
    row.points.includes(point) &&
    hasSince(istio.version, row.since) &&
    (row.flag === undefined || istio.flags?.[row.flag] === true) &&
    (row.channel === undefined || row.channel === gatewayApi.channel);
  return rows.some(isHere) ? undefined : rows.at(-1);
}
