import type { ManifestObject } from '../../../parse/document.js';
import { asText } from '../../json.js';
import type { Abort, PathRewrite, RouteResult, RouteRule } from '../route.js';
import { corsOfVirtualService } from './cors.js';
import { asNumber, type Node, nodeOf, nodesOf } from './fields.js';
import { changesOf, ofVirtualService, type Rewrite } from './header-changes.js';
import { settingsOfVirtualService } from './route-settings.js';
import { destinationsOf, mirrorsOf, type Names, percentOf } from './virtual-service-destinations.js';
import { readMatch } from './virtual-service-match.js';

/** One entry of `http`. */
export function readHttpRule(
  object: ManifestObject,
  rule: Node,
  names: Names,
  matches = nodesOf(rule, 'match'),
): RouteRule {
  const cors = nodeOf(rule, 'corsPolicy');
  return {
    origin: { object, place: rule.place, name: asText(rule.value.name) },
    matches: matches.map((match) => readMatch(match, names.gatewayOf)),
    result: resultOf(rule, names),
    abort: abortOf(rule),
    ...(cors && { cors: corsOfVirtualService(cors) }),
    mirrors: mirrorsOf(rule, names),
    settings: settingsOfVirtualService(rule),
  };
}

/** A redirect goes before a direct response, and both before destinations. */
function resultOf(rule: Node, names: Names): RouteResult {
  const redirect = nodeOf(rule, 'redirect');
  if (redirect !== undefined) return redirectOf(redirect);
  const answer = nodeOf(rule, 'directResponse');
  if (answer !== undefined) return answerOf(answer);
  return forwardOf(rule, names);
}

function answerOf(answer: Node): RouteResult {
  const text = nodeOf(answer, 'body')?.value.string;
  const body = typeof text === 'string' && text !== '' ? { body: text } : {};
  return { kind: 'answer', status: asNumber(answer.value.status) ?? 200, because: 'the rule answers itself', ...body };
}

function forwardOf(rule: Node, names: Names): RouteResult {
  const headers = ofVirtualService(rule);
  const rewrite = rewriteOf(nodeOf(rule, 'rewrite'));
  const destinations = destinationsOf(rule, names, (entry, isOnly) =>
    changesOf(headers, ofVirtualService(entry), rewrite, isOnly),
  );
  const isDrawn = nodesOf(rule, 'route').length > destinations.length && ({ isDrawn: true } as const);
  if (destinations.length > 0) return { kind: 'forward', destinations, ...isDrawn };
  return { kind: 'not-modelled', why: 'a rule that leads nowhere, which Istio refuses', place: rule.place };
}

function rewriteOf(rewrite: Node | undefined): Rewrite {
  if (rewrite === undefined) return { path: undefined, host: undefined };
  return { path: pathRewriteOf(rewrite), host: asText(rewrite.value.authority) || undefined };
}

function pathRewriteOf(rewrite: Node): PathRewrite | undefined {
  const regex = nodeOf(rewrite, 'uriRegexRewrite');
  if (regex !== undefined) {
    return { kind: 'not-modelled', why: 'a path rewritten by a regular expression', place: regex.place };
  }
  const value = asText(rewrite.value.uri);
  return value ? { kind: 'prefix', value } : undefined;
}

/** Without a path of its own a redirect keeps that of the request. */
function redirectOf({ value }: Node): RouteResult {
  const path = asText(value.uri);
  return {
    kind: 'redirect',
    status: asNumber(value.redirectCode) || 301,
    to: {
      scheme: asText(value.scheme),
      host: asText(value.authority) || undefined,
      port: asNumber(value.port),
      path: path ? { kind: 'whole', value: path } : undefined,
    },
  };
}

/** An abort without a percentage aborts nothing. A gRPC status is written into an answer of status 200. */
function abortOf(rule: Node): Abort | undefined {
  const fault = nodeOf(rule, 'fault');
  const abort = fault && nodeOf(fault, 'abort');
  const percent = abort && percentOf(nodeOf(abort, 'percentage'));
  if (abort === undefined || percent === undefined || percent === 0) return undefined;
  return { place: abort.place, percent, status: asNumber(abort.value.httpStatus) ?? 200 };
}
