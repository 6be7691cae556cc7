import type { Cursor } from '../cursor.js';
import { readTexts } from '../parse-references.js';
import { numberOf, readPort, textOf } from './leaves.js';
import { readLimits } from './read-limits.js';
import { readMatch } from './read-match.js';
import type {
  HeaderChange,
  HeaderChanges,
  MirrorTarget,
  Redirect,
  Response,
  Rewrite,
  RouteTarget,
  TrafficRoute,
} from './settings.js';

export function readRoute(route: Cursor): TrafficRoute {
  return {
    name: route.field('name').text(),
    reason: route.optional('reason', textOf),
    owner: route.optional('owner', textOf),
    ticket: route.optional('ticket', textOf),
    match: route.optional('match', (node) => node.items().map(readMatch)) ?? [],
    to: route.optional('to', (node) => node.items().map(readTarget)),
    redirect: route.optional('redirect', readRedirect),
    respond: route.optional('respond', readResponse),
    rewrite: route.optional('rewrite', readRewrite),
    headers: route.optional('headers', readHeaderChanges),
    mirror: route.optional('mirror', (node) => node.items().map(readMirror)) ?? [],
    ...readLimits(route),
  };
}

function readTarget(node: Cursor): RouteTarget {
  return { ...readPlace(node), weight: node.optional('weight', numberOf) ?? 1 };
}

function readMirror(node: Cursor): MirrorTarget {
  return { ...readPlace(node), percent: node.optional('percent', numberOf) ?? 100 };
}

function readPlace(node: Cursor): Omit<RouteTarget, 'weight'> {
  const port = node.optional('port', readPort);
  const version = node.optional('version', (field) => field.text());
  const service = node.optional('service', (field) => field.text());
  if (service) return { kind: 'service', reference: service.value, versionOfOther: version, port, span: service.span };
  const none = { versionOfOther: undefined, port };
  const host = node.optional('host', (field) => field.text());
  if (host) return { kind: 'host', reference: host.value, ...none, span: host.span };
  if (version) return { kind: 'version', reference: version.value, ...none, span: version.span };
  return { kind: 'self', reference: '', ...none, span: node.span };
}

function readRedirect(redirect: Cursor): Redirect {
  return {
    scheme: redirect.optional('scheme', textOf) as Redirect['scheme'],
    host: redirect.optional('host', textOf),
    port: redirect.optional('port', numberOf),
    path: redirect.optional('path', textOf),
    status: redirect.optional('status', numberOf) ?? 302,
    span: redirect.keySpan,
  };
}

function readResponse(respond: Cursor): Response {
  return {
    status: numberOf(respond.field('status')),
    body: respond.optional('body', textOf),
    span: respond.keySpan,
  };
}

function readRewrite(rewrite: Cursor): Rewrite {
  return {
    path: rewrite.optional('path', textOf),
    prefix: rewrite.optional('prefix', textOf),
    host: rewrite.optional('host', textOf),
    span: rewrite.keySpan,
  };
}

function readHeaderChanges(headers: Cursor): HeaderChanges {
  return {
    request: headers.optional('request', readHeaderChange),
    response: headers.optional('response', readHeaderChange),
  };
}

function readHeaderChange(change: Cursor): HeaderChange {
  const texts = (node: Cursor) => node.value as Readonly<Record<string, string>>;
  return {
    set: change.optional('set', texts) ?? {},
    add: change.optional('add', texts) ?? {},
    remove: change.optional('remove', readTexts)?.map(({ value }) => value) ?? [],
  };
}
