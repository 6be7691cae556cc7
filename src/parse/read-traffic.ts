import type { Cursor } from './cursor.js';
import { readTexts } from './parse-references.js';
import { readEndpoints, readPortEndpoints } from './read-endpoints.js';
import type {
  Cors,
  Fault,
  HeaderChange,
  HeaderChanges,
  MirrorTarget,
  NamedPatterns,
  Redirect,
  RequestMatch,
  Response,
  Retries,
  Rewrite,
  RouteTarget,
  SplitShare,
  TextPattern,
  TrafficRoute,
  TrafficScope,
  TrafficSettings,
  Version,
} from './traffic-settings.js';

/** Reads a TrafficSettings document that its schema has accepted. */
export function readTrafficSettings(document: Cursor): TrafficSettings {
  const spec = document.field('spec');
  return {
    kind: 'TrafficSettings',
    name: document.field('metadata').field('name').text(),
    scope: readScope(spec.field('scope')),
    hosts: spec.optional('hosts', readTexts) ?? [],
    versions: spec.optional('versions', (node) => node.fields().map(readVersion)) ?? [],
    split: spec.optional('split', (node) => node.fields().map(readShare)) ?? [],
    routes: spec.optional('routes', (node) => node.items().map(readRoute)) ?? [],
    unmatched: spec.optional('unmatched', (node) => node.text() as NonNullable<TrafficSettings['unmatched']>),
    ...readLimits(spec),
    endpoints: readEndpoints(spec),
    ports: spec.optional('ports', readPortEndpoints) ?? [],
  };
}

function readScope(scope: Cursor): TrafficScope {
  const [field] = scope.fields();
  const kind = field?.key as TrafficScope['kind'];
  const { value, span } = scope.field(kind).text();
  return { kind, reference: value, span };
}

/** What settings say for all of their routes, and a route for itself. */
function readLimits(node: Cursor): Pick<TrafficRoute, 'timeout' | 'retries' | 'faults' | 'cors'> {
  return {
    timeout: node.optional('timeout', (field) => field.text()),
    retries: node.optional('retries', readRetries),
    faults: node.optional('faults', (faults) => faults.items().map(readFault)),
    cors: node.optional('cors', readCors),
  };
}

function readFault(fault: Cursor): Fault {
  return {
    name: fault.field('name').text(),
    reason: fault.optional('reason', textOf),
    delay: fault.optional('delay', (node) => node.text()),
    abort: fault.optional('abort', (node) => ({ value: numberOf(node), span: node.span })),
    percent: numberOf(fault.field('percent')),
    until: fault.optional('until', (node) => node.text()),
  };
}

function readCors(cors: Cursor): Cors {
  const texts = (name: string) => cors.optional(name, readTexts)?.map(({ value }) => value) ?? [];
  return {
    origins: readPatterns(cors.field('origins')),
    methods: texts('methods'),
    headers: texts('headers'),
    exposeHeaders: texts('exposeHeaders'),
    maxAge: cors.optional('maxAge', (node) => node.text()),
    credentials: cors.optional('credentials', (node) => node.value === true),
    span: cors.keySpan,
  };
}

function readRetries(retries: Cursor): Retries {
  return {
    attempts: Number(retries.field('attempts').value),
    perTryTimeout: retries.optional('perTryTimeout', (node) => node.text()),
    retryOn: retries.optional('retryOn', readTexts)?.map(({ value }) => value) ?? [],
    backoff: retries.optional('backoff', (node) => node.text()),
    span: retries.keySpan,
  };
}

function readVersion(version: Cursor): Version {
  const labels = version.field('labels').value as Readonly<Record<string, string>>;
  return { name: { value: version.key, span: version.keySpan }, labels, endpoints: readEndpoints(version) };
}

function readShare(share: Cursor): SplitShare {
  return { version: { value: share.key, span: share.keySpan }, weight: Number(share.value) };
}

function readRoute(route: Cursor): TrafficRoute {
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

function readMatch(match: Cursor): RequestMatch {
  return {
    paths: match.optional('paths', readPatterns) ?? [],
    methods: match.optional('methods', readTexts) ?? [],
    headers: match.optional('headers', readNamedPatterns) ?? [],
    query: match.optional('query', readNamedPatterns) ?? [],
    grpc: match.optional('grpc', readTexts) ?? [],
    port: match.optional('port', readPort),
    except: match.optional('except', (node) => readNamedPatterns(node.field('headers'))) ?? [],
    span: match.span,
  };
}

function readNamedPatterns(node: Cursor): NamedPatterns[] {
  return node
    .fields()
    .map((field) => ({ name: { value: field.key, span: field.keySpan }, values: readPatterns(field) }));
}

function readPatterns(node: Cursor): TextPattern[] {
  return node.items().map(readPattern);
}

function readPattern(node: Cursor): TextPattern {
  if (typeof node.value !== 'string') return { kind: 'regex', value: textOf(node.field('regex')), span: node.span };
  const { value, span } = node.text();
  if (value === '*') return { kind: 'any', value: '', span };
  if (value.endsWith('*')) return { kind: 'prefix', value: value.slice(0, -1), span };
  if (value.startsWith('*')) return { kind: 'suffix', value: value.slice(1), span };
  return { kind: 'exact', value, span };
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
  if (version) return { kind: 'version', reference: version.value, ...none, span: version.span };
  return { kind: 'self', reference: '', ...none, span: node.span };
}

function readPort(node: Cursor): { readonly value: string | number; readonly span: Cursor['span'] } {
  return { value: node.value as string | number, span: node.span };
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

function numberOf(node: Cursor): number {
  return Number(node.value);
}

function textOf(node: Cursor): string {
  return node.text().value;
}
