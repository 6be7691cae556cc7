import { diagnostic } from '../../diagnostics/create.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { RequestMatch, TextPattern } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';
import { pathFault } from '../path-fault.js';
import type { RouteMatch } from '../resolved-traffic.js';
import { starFault } from '../text-fault.js';
import { regexFault } from './regex-fault.js';
import type { RouteSite } from './route-site.js';

/** One match with its port bound; what could never match is reported. */
export function resolveMatch(context: ResolveContext, match: RequestMatch, site: RouteSite): RouteMatch {
  const { serverNames, hosts, ignoreCase, headers, query, port, except, span } = match;
  for (const path of match.paths) checkPath(context, path);
  for (const { name, values } of [...headers, ...query, ...except])
    for (const value of values) checkText(context, name.value, value);
  for (const host of hosts) site.checkHost(host);
  if (port) site.checkPort(port);
  return {
    serverNames,
    hosts,
    ignoreCase,
    ...requestsOf(match),
    headers,
    query,
    port: port?.value,
    except,
    span,
  };
}

/** A gRPC method is the path of its calls, which are POST. */
export function requestsOf({ paths, methods, grpc }: RequestMatch): Pick<RouteMatch, 'paths' | 'methods'> {
  if (grpc.length === 0) return { paths, methods: methods.map(({ value }) => value) };
  return { paths: grpc.map(({ value, span }) => grpcPath(value, span)), methods: ['POST'] };
}

function grpcPath(method: string, span: Span): TextPattern {
  return method.includes('/')
    ? { kind: 'exact', value: `/${method}`, span }
    : { kind: 'prefix', value: `/${method}/`, span };
}

function checkPath(context: ResolveContext, pattern: TextPattern): void {
  const { kind, value, span } = pattern;
  if (kind === 'regex') {
    checkRegex(context, value, span);
    return;
  }
  const written = textOf(pattern);
  if (/[{}]/.test(written)) {
    const parameters = { path: written, why: 'a route has no templates' };
    const help = 'write a regular expression: `{ regex: "/items/[^/]+" }`';
    context.report(diagnostic('malformed-path', parameters, span, { help }));
    return;
  }
  const found = pathFault(written);
  if (found)
    context.report(diagnostic('malformed-path', { path: written, why: found.fault }, span, { help: found.help }));
}

function checkText(context: ResolveContext, name: string, pattern: TextPattern): void {
  const { kind, value, span } = pattern;
  if (kind === 'regex') checkRegex(context, value, span);
  if (kind === 'regex' || kind === 'any') return;
  const found = starFault(textOf(pattern), 'leave the star at one end, or write `{ regex: … }`');
  if (found === undefined) return;
  const parameters = { header: `${name}: ${textOf(pattern)}`, why: found.fault };
  context.report(diagnostic('malformed-header', parameters, span, { help: found.help }));
}

function checkRegex(context: ResolveContext, regex: string, span: Span): void {
  const why = regexFault(regex);
  if (why !== undefined) context.report(diagnostic('malformed-regex', { regex, why }, span));
}

/** The pattern as it was written. */
export function textOf({ kind, value }: TextPattern): string {
  if (kind === 'any') return '*';
  return kind === 'prefix' ? `${value}*` : kind === 'suffix' ? `*${value}` : value;
}
