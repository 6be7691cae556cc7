import type { JsonValue } from '../../../parse/document.js';
import { asLabels, asObject, asText, asTexts } from '../../json.js';
import type { NamedMatch, PathMatch, ProxyMatch, RouteMatch, TextMatch } from '../route.js';
import { asNumber, type Node } from './fields.js';

/** One entry of `match` of an HTTP rule. A `prefix` is raw text. */
export function readMatch(entry: Node, gatewayOf: (name: string) => string): RouteMatch {
  const { value, place } = entry;
  const claims = [value.headers, value.withoutHeaders].flatMap((headers) => Object.keys(asObject(headers) ?? {}));
  return {
    place,
    path: pathMatch(value.uri, value.ignoreUriCase === true),
    method: textMatch(value.method),
    authority: textMatch(value.authority),
    scheme: textMatch(value.scheme),
    headers: [...named(value.headers, false), ...named(value.withoutHeaders, true)].map(inLowerCase),
    query: named(value.queryParams, false),
    doubt: claims.some(isClaim) ? 'the claims of a token, by which the rule chooses' : undefined,
    proxy: proxyMatch(entry, gatewayOf),
  };
}

/** What a match asks of the proxy: likewise for HTTP, TLS and TCP. */
export function proxyMatch({ value }: Node, gatewayOf: (name: string) => string): ProxyMatch {
  return {
    port: asNumber(value.port),
    gateways: asTexts(value.gateways).map(gatewayOf),
    sourceLabels: asLabels(value.sourceLabels),
    sourceNamespace: asText(value.sourceNamespace),
  };
}

function pathMatch(value: JsonValue | undefined, ignoreCase: boolean): PathMatch | undefined {
  const match = textMatch(value);
  if (match === undefined || match.kind === 'present') return undefined;
  return { ...match, ignoreCase };
}

/** An empty match is any value, and so is the regular expression `*`, which is none. */
function textMatch(value: JsonValue | undefined): TextMatch | undefined {
  const match = asObject(value);
  if (match === undefined) return undefined;
  const { exact, prefix, regex } = match;
  if (typeof exact === 'string') return { kind: 'exact', value: exact };
  if (typeof prefix === 'string') return { kind: 'prefix', value: prefix };
  if (typeof regex === 'string' && regex !== '*') return { kind: 'regex', value: regex };
  return { kind: 'present' };
}

function named(value: JsonValue | undefined, negated: boolean): readonly NamedMatch[] {
  return Object.entries(asObject(value) ?? {}).flatMap(([name, match]) => {
    if (isClaim(name)) return [];
    return [{ name, match: textMatch(match) ?? ({ kind: 'present' } as const), negated }];
  });
}

function inLowerCase(match: NamedMatch): NamedMatch {
  return { ...match, name: match.name.toLowerCase() };
}

/** Claims of validated tokens stand among the headers. */
function isClaim(name: string): boolean {
  return name.startsWith('@request.auth.claims');
}
