import { asText } from '../../json.js';
import type { CorsPolicy, Mirror, PathRewrite, RedirectTarget, RouteResult, UnreadRoute } from '../route.js';
import { type BackendContext, targetOf } from './backends.js';
import { corsOfFilter } from './cors.js';
import { asNumber, type Node, nodeOf, nodesOf } from './fields.js';
import { type Headers, ofModifier, type Rewrite } from './header-changes.js';

/** What the filters of a rule, or of one of its backends, do. */
export interface Filters {
  readonly headers: Headers;
  readonly rewrite: Rewrite;
  readonly redirect: Extract<RouteResult, { kind: 'redirect' }> | undefined;
  readonly mirrors: readonly Mirror[];
  readonly cors: CorsPolicy | undefined;
}

const ofBackends = ['RequestHeaderModifier', 'ResponseHeaderModifier'];
const ofGrpc = [...ofBackends, 'RequestMirror'];
const ofHttp = [...ofGrpc, 'RequestRedirect', 'URLRewrite', 'CORS'];

/** A filter that Istio does not know drops the whole route (T-30). */
export function filtersOf(rule: Node, context: BackendContext): Filters | UnreadRoute {
  const filters = nodesOf(rule, 'filters');
  const known = context.route.object.kind === 'GRPCRoute' ? ofGrpc : ofHttp;
  const unknown = filters.find(({ value }) => !known.includes(String(value.type)));
  if (unknown !== undefined) return unreadFilter(unknown, context);
  const redirect = settingsOf(filters, 'RequestRedirect', 'requestRedirect');
  const cors = settingsOf(filters, 'CORS', 'cors');
  return {
    headers: headersOf(filters),
    rewrite: rewriteOf(settingsOf(filters, 'URLRewrite', 'urlRewrite')),
    redirect: redirect && {
      kind: 'redirect',
      status: asNumber(redirect.value.statusCode) ?? 302,
      to: redirectTo(redirect),
    },
    mirrors: filters.flatMap((filter) => mirrorOf(nodeOf(filter, 'requestMirror'), context)),
    cors: cors && corsOfFilter(cors),
  };
}

/** For one backend only headers can be changed. */
export function backendHeaders(backend: Node, context: BackendContext): Headers | UnreadRoute {
  const filters = nodesOf(backend, 'filters');
  const unknown = filters.find(({ value }) => !ofBackends.includes(String(value.type)));
  if (unknown !== undefined) return unreadFilter(unknown, context);
  return headersOf(filters);
}

function headersOf(filters: readonly Node[]): Headers {
  return {
    request: ofModifier(settingsOf(filters, 'RequestHeaderModifier', 'requestHeaderModifier')),
    response: ofModifier(settingsOf(filters, 'ResponseHeaderModifier', 'responseHeaderModifier')),
  };
}

function unreadFilter({ value, place }: Node, { route: { object } }: BackendContext): UnreadRoute {
  return { object, place: [...place, 'type'], why: `Istio knows no filter of type \`${value.type}\` here` };
}

/** Of several filters of one type the last counts. */
function settingsOf(filters: readonly Node[], type: string, field: string): Node | undefined {
  const filter = filters.filter(({ value }) => value.type === type).at(-1);
  return filter && nodeOf(filter, field);
}

function rewriteOf(rewrite: Node | undefined): Rewrite {
  const path = rewrite && nodeOf(rewrite, 'path');
  return { path: path && pathOf(path), host: asText(rewrite?.value.hostname) };
}

function pathOf({ value }: Node): PathRewrite | undefined {
  const { type, replaceFullPath, replacePrefixMatch } = value;
  if (type === 'ReplaceFullPath') return { kind: 'whole', value: asText(replaceFullPath) ?? '/' };
  const prefix = (asText(replacePrefixMatch) ?? '').replace(/\/$/, '');
  return prefix === '' ? { kind: 'strip' } : { kind: 'prefix', value: prefix };
}

function redirectTo(redirect: Node): RedirectTarget {
  const { scheme, hostname, port } = redirect.value;
  const path = nodeOf(redirect, 'path');
  return {
    scheme: asText(scheme),
    host: asText(hostname),
    port: asNumber(port),
    path: path && pathOf(path),
  };
}

function mirrorOf(mirror: Node | undefined, context: BackendContext): readonly Mirror[] {
  const backend = mirror && nodeOf(mirror, 'backendRef');
  if (mirror === undefined || backend === undefined) return [];
  const target = targetOf(backend, context);
  const percent = percentOf(mirror);
  if ('why' in target || target.fault !== undefined || percent === 0) return [];
  return [{ place: backend.place, host: target.host, subset: undefined, port: target.port, percent }];
}

function percentOf(mirror: Node): number {
  const fraction = nodeOf(mirror, 'fraction')?.value;
  if (fraction === undefined) return asNumber(mirror.value.percent) ?? 100;
  return (100 * (asNumber(fraction.numerator) ?? 0)) / (asNumber(fraction.denominator) ?? 100);
}
