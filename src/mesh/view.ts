import type { TokenPlace } from '../parse/tokens/token-place.js';
import { ownValue } from '../util/own-value.js';
import { accountOf, type Identity, principalOf } from './identity.js';
import { type Matcher, matches, matchesText, type TextMatcher } from './policies/matcher.js';
import { headerOf } from './policies/token-place-text.js';
import { anyOf, type Known, known, type Truth, unknown } from './truth.js';

/** What a policy can look at, under one name for `from`, `to` and `when` (§1.3, §1.4, §1.6). */
export type Attribute =
  | 'source.principal'
  | 'source.namespace'
  | 'source.serviceAccount'
  | 'source.trustDomain'
  | 'source.ip'
  | 'remote.ip'
  | 'destination.ip'
  | 'destination.port'
  | 'connection.sni'
  | 'request.host'
  | 'request.method'
  | 'request.path'
  | `request.headers[${string}]`
  /** Asked for by routes alone. */
  | `request.query[${string}]`
  | 'request.auth.principal'
  /** Where the token is, which no policy asks for; absent: in the usual place. */
  | 'request.auth.place'
  | 'request.auth.audiences'
  | 'request.auth.presenter'
  | `request.auth.claims[${string}]`
  | `experimental.${string}`;

/** What one enforcement point sees of one request (§4.1). */
export interface View {
  /** `null` where the peer shows no certificate. */
  readonly principal: Known<Identity | null>;
  /** `undefined` where there is none to see. */
  readonly sourceIp: Known<string | undefined>;
  /** Of the client, as a gateway takes it from what comes before it. */
  readonly remoteIp: Known<string | undefined>;
  readonly destinationIp: Known<string>;
  readonly destinationPort: number;
  /** For which the client asks in its TLS handshake; `undefined` where it asks for none. */
  readonly serverName: Known<string | undefined>;
  /** Absent on a TCP chain and at ztunnel. */
  readonly http: HttpView | undefined;
}

export interface HttpView {
  readonly method: string;
  /** Normalised, without query (§8.1). */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers of which it is not known what they are at this point. */
  readonly headerDoubts: readonly HeaderDoubt[];
  /** Why the path is not known, where that is so. */
  readonly pathDoubt: string | undefined;
  /** Why nothing of the request is known for certain, where that is so. */
  readonly requestDoubt: string | undefined;
  /** The names of the query's parameters. */
  readonly parameters: readonly string[];
  /** What a validated token says; absent where none was validated at this point. */
  readonly token: TokenView | undefined;
  /** Where a token arrives, if one does: what is then left of the header that carries it depends on who validates it. */
  readonly tokenIn: TokenPlace | undefined;
  /** Why it is not known what a token says, where that is so. */
  readonly tokenDoubt: string | undefined;
}

/** Before anything is checked of a request. */
export const unchecked = {
  token: undefined,
  tokenIn: undefined,
  tokenDoubt: undefined,
  headerDoubts: [],
  pathDoubt: undefined,
  requestDoubt: undefined,
} as const satisfies Partial<HttpView>;

export interface HeaderDoubt {
  readonly name: TextMatcher;
  readonly why: string;
}

export interface TokenView {
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly audiences: readonly string[];
  readonly presenter: string | undefined;
  readonly claims: Readonly<Record<string, readonly string[]>>;
}

/** The values an attribute has; none when it is absent. */
export type Seen = Known<readonly string[]>;

/** Whether one of the values matches. An absent attribute matches nothing, which is why every `notX` holds for it (§1.3). */
export function seenMatches(seen: Seen, matcher: Matcher): Truth {
  if (!seen.known) return 'unknown';
  return anyOf(seen.value.map((value) => matches(matcher, value)));
}

/** What the enforcement point sees of one attribute. */
export function see(view: View, attribute: Attribute): Seen {
  switch (attribute) {
    case 'source.principal':
      return ofPrincipal(view, principalOf);
    case 'source.namespace':
      return ofPrincipal(view, ({ namespace }) => namespace);
    case 'source.serviceAccount':
      return ofPrincipal(view, accountOf);
    case 'source.trustDomain':
      return ofPrincipal(view, ({ trustDomain }) => trustDomain);
    case 'source.ip':
      return view.sourceIp.known ? one(view.sourceIp.value) : view.sourceIp;
    case 'destination.ip':
      return view.destinationIp.known ? one(view.destinationIp.value) : view.destinationIp;
    case 'destination.port':
      return one(String(view.destinationPort));
    case 'remote.ip':
      return view.remoteIp.known ? one(view.remoteIp.value) : view.remoteIp;
    case 'connection.sni':
      return view.serverName.known ? one(view.serverName.value) : view.serverName;
    default:
      return attribute.startsWith('experimental.')
        ? { known: false, why: `the metadata \`${attribute}\` of an Envoy filter` }
        : ofRequest(view.http, attribute);
  }
}

function one(value: string | undefined): Seen {
  return known(optional(value));
}

function ofPrincipal({ principal }: View, part: (identity: Identity) => string): Seen {
  if (!principal.known) return principal;
  return one(principal.value === null ? undefined : part(principal.value));
}

function ofRequest(http: HttpView | undefined, attribute: Attribute): Seen {
  if (http === undefined) return known([]);
  if (attribute.startsWith('request.auth.')) {
    return http.tokenDoubt === undefined ? known(ofToken(http.token, attribute)) : unknown(http.tokenDoubt);
  }
  if (http.requestDoubt !== undefined) return unknown(http.requestDoubt);
  if (attribute === 'request.host') return one(http.host);
  if (attribute === 'request.method') return one(http.method);
  if (attribute === 'request.path') return http.pathDoubt === undefined ? one(http.path) : unknown(http.pathDoubt);
  if (attribute.startsWith('request.query[')) return unknown('a parameter of the query, which no policy reads');
  if (isHeaderOfProxies(attribute)) return unknown(`what proxies write as \`${attribute}\``);
  const header = /^request\.headers\[(.*)\]$/.exec(attribute)?.[1] ?? '';
  if (http.tokenIn !== undefined && headerOf(http.tokenIn) === header) return unknown('the header of the token');
  const doubt = http.headerDoubts.find(({ name }) => matchesText(name, header));
  return doubt === undefined ? one(ownValue(http.headers, header)) : unknown(doubt.why);
}

/** Headers that stand for parts of the request line, which proxies write and not callers. */
export function isHeaderOfProxies(attribute: Attribute): boolean {
  return attribute === 'request.headers[host]' || attribute.startsWith('request.headers[:');
}

/** Both issuer and subject must exist for a request principal; claims that are no text are absent (§6.5). */
function ofToken(token: TokenView | undefined, attribute: Attribute): readonly string[] {
  if (token === undefined) return [];
  if (attribute === 'request.auth.principal') {
    return token.subject === undefined ? [] : [`${token.issuer}\n${token.subject}`];
  }
  if (attribute === 'request.auth.audiences') return token.audiences;
  if (attribute === 'request.auth.presenter') return optional(token.presenter);
  const claim = /^request\.auth\.claims\[(.*)\]$/.exec(attribute)?.[1] ?? '';
  return ownValue(token.claims, claim.split('][').join('.')) ?? [];
}

function optional(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
