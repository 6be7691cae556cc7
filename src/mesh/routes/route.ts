import type { ManifestObject, Path } from '../../parse/document.js';
import type { Labels } from '../../topology/model.js';

/**
 * Rules for the requests to some hosts, as istiod has them once it has read them: a VirtualService, or the Gateway API
 * routes of one namespace for one parent, merged. What each API means by its words is resolved here; nothing that reads a
 * Route asks which of them wrote it.
 */
export interface Route {
  readonly namespace: string;
  /** The objects that it is made of, the first of which gives it its age. */
  readonly objects: readonly ManifestObject[];
  /** Full names in lower case, `*.suffix` and `*`. */
  readonly hosts: readonly string[];
  /** The proxies that it is for. */
  readonly attachments: readonly Attachment[];
  /** Namespaces, `.`, `*` and `~`; all where nothing is said. */
  readonly exportTo: readonly string[];
  /** When its object was created, as far as manifests tell; empty where they do not. */
  readonly created: string;
  /** Routes of the Gateway API count for the proxies of their own namespace before others, and for Services by name. */
  readonly reach: 'by-host' | 'by-parent';
  /** The port of the parent in the mesh, where it names one. */
  readonly parentPort: number | undefined;
  readonly http: readonly RouteRule[];
  /** By the server name of a TLS handshake, then by the port alone. */
  readonly tls: readonly ConnectionRule[];
  readonly tcp: readonly ConnectionRule[];
}

/** The objects that it is made of, and those that its rules come from: VirtualServices to which it delegates. */
export function objectsBehind({ objects, http }: Route): readonly ManifestObject[] {
  return [...new Set([...objects, ...http.map(({ origin }) => origin.object)])];
}

/** All proxies of the mesh that route, or the listeners of a gateway. */
export type Attachment =
  | { readonly kind: 'mesh' }
  | {
      readonly kind: 'gateway';
      /** Which kind of object is named: Istio's own Gateway, or one of the Gateway API (a Gateway or a ListenerSet). */
      readonly api: 'istio' | 'gateway-api';
      readonly parent: 'Gateway' | 'ListenerSet';
      /** `namespace/name` */
      readonly gateway: string;
      /** The one listener, by its name. */
      readonly section: string | undefined;
      readonly port: number | undefined;
      /** Where it is named. */
      readonly object: ManifestObject;
      readonly place: Path;
    };

/** What is done with the requests that match. Rules are tried in their order; where none matches the answer is 404 (T-10). */
export interface RouteRule {
  readonly origin: Origin;
  /** One of them must match; none: every request does. */
  readonly matches: readonly RouteMatch[];
  readonly result: RouteResult;
  /** Some requests are answered before anything else is done with them. */
  readonly abort: Abort | undefined;
  /** What answers preflight requests. */
  readonly cors?: CorsPolicy;
  readonly mirrors: readonly Mirror[];
  readonly settings: RouteSettings;
}

/** Which pages of other origins may read the answers, and what else they may do. */
export interface CorsPolicy {
  readonly origins: readonly TextMatch[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  /** The headers of answers that pages may read. */
  readonly exposed: readonly string[];
  readonly maxAge: Milliseconds;
  readonly credentials: boolean;
  /** Whether preflight requests of other origins are answered too, and not passed on. */
  readonly answersOthers?: true;
}

/** The place of a rule: `spanIn(object, place)` is its line. */
export interface Origin {
  readonly object: ManifestObject;
  readonly place: Path;
  /** The name that its author gave it. */
  readonly name: string | undefined;
}

/** All that is named must hold. What the proxy itself is asked (port, gateways, labels, namespace) is no part of a request. */
export interface RouteMatch {
  readonly place: Path;
  readonly path: PathMatch | undefined;
  readonly method: TextMatch | undefined;
  readonly authority: TextMatch | undefined;
  readonly scheme: TextMatch | undefined;
  /** By name in lower case. */
  readonly headers: readonly NamedMatch[];
  readonly query: readonly NamedMatch[];
  /** What is not read of it, and may keep requests out. */
  readonly doubt: string | undefined;
  readonly proxy: ProxyMatch;
}

/** The proxies to which a match applies; a rule of which no match applies does not exist there. */
export interface ProxyMatch {
  /** The port that the client addressed. */
  readonly port: number | undefined;
  /** `mesh`, and keys of gateways; none: those of the route. Where some are named, labels and namespace do not count. */
  readonly gateways: readonly string[];
  readonly sourceLabels: Labels;
  readonly sourceNamespace: string | undefined;
}

/** Without its query, normalised. `elements`: the path itself, or what goes on after it with a slash. */
export interface PathMatch {
  readonly kind: 'exact' | 'prefix' | 'elements' | 'regex';
  readonly value: string;
  readonly ignoreCase: boolean;
}

/** `regex` is RE2 over the whole text. `present` is any value, the empty one included. */
export type TextMatch =
  | { readonly kind: 'exact' | 'prefix' | 'regex'; readonly value: string }
  | { readonly kind: 'present' };

export interface NamedMatch {
  readonly name: string;
  readonly match: TextMatch;
  /** Whether it must not hold: an absent value is then taken for an empty one. */
  readonly negated: boolean;
  /** Whether an empty value is none. */
  readonly nonEmpty?: true;
}

/** What is made of a request before the next proxy sees it, and of the answer on its way back. */
export interface RequestChanges {
  readonly path: PathRewrite | undefined;
  readonly host: string | undefined;
  /** What is added to the name, before its port. */
  readonly hostSuffix?: string;
  /** One after the other. */
  readonly headers: readonly HeaderChanges[];
  /** Likewise of the answer; absent where nothing is changed. */
  readonly responseHeaders?: readonly HeaderChanges[];
}

/**
 * `whole`: the path becomes `value`. `prefix`: what the match named becomes `value`, or the whole path where it named
 * all of it. `strip`: what the match named is taken off, and one slash stays. The query stays in each case.
 */
export type PathRewrite =
  | { readonly kind: 'whole' | 'prefix'; readonly value: string }
  | { readonly kind: 'strip' }
  | { readonly kind: 'not-modelled'; readonly why: string; readonly place: Path };

/** First what is removed, then what is set, then what is added to what is there. Names in lower case. */
export interface HeaderChanges {
  readonly remove: readonly string[];
  readonly set: Labels;
  readonly add: Labels;
}

export type RouteResult =
  | {
      readonly kind: 'forward';
      readonly destinations: readonly WeightedDestination[];
      /** Whether others are written beside them that no request gets: then the one that is left is drawn all the same. */
      readonly isDrawn?: true;
    }
  | { readonly kind: 'redirect'; readonly status: number; readonly to: RedirectTarget }
  | { readonly kind: 'answer'; readonly status: number; readonly because: string; readonly body?: string }
  | { readonly kind: 'not-modelled'; readonly why: string; readonly place: Path };

export interface RedirectTarget {
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly path: PathRewrite | undefined;
}

/** Where some of the requests go. */
export interface WeightedDestination {
  readonly place: Path;
  /** The full name of a host. */
  readonly host: string;
  readonly subset: string | undefined;
  /** The Service's port; that of the request, or the only one of the Service, where none is named. */
  readonly port: number | undefined;
  /** Out of the sum of all; 0 only where a controller may change it. */
  readonly weight: number;
  /** Whether a rollout controller changes the weight while the mesh runs: any share of the requests may come here. */
  readonly isExternal?: true;
  /** All of them: those of the rule and those for this destination alone. */
  readonly changes: RequestChanges;
  /** What the caller sees where the destination does not exist. */
  readonly statusIfMissing: 500 | 503;
  /** Why it leads nowhere, whatever exists. */
  readonly fault: string | undefined;
}

export interface Mirror {
  readonly place: Path;
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
  /** Out of 100. */
  readonly percent: number;
}

export interface Abort {
  readonly place: Path;
  /** Out of 100, never 0. */
  readonly percent: number;
  readonly status: number;
}

/** What is said of time and repetition; a field is absent where nothing is. */
export interface RouteSettings {
  /** `undefined` as a value: no end. */
  readonly timeout: Stated<Milliseconds | undefined> | undefined;
  /** `undefined` as a value: no request is sent again. */
  readonly retries: Stated<StatedRetries | undefined> | undefined;
  readonly delay: Stated<Delay> | undefined;
}

export type Milliseconds = number;

export interface Stated<T> {
  readonly value: T;
  readonly place: Path;
}

/** How often a request is sent again, and when. */
export interface StatedRetries {
  /** Beside the first try. */
  readonly attempts: number;
  /** `undefined`: a try has the time of the whole request. */
  readonly perTryTimeout: Milliseconds | undefined;
  /** As Envoy calls them; sorted. */
  readonly conditions: readonly string[];
  /** Those of responses that count as a failure; sorted. */
  readonly statusCodes: readonly number[];
  /** The shortest pause between tries, where one is said. */
  readonly backoff: Milliseconds | undefined;
  /** Whether pods that failed are left out; `undefined` where nothing is said. */
  readonly avoidsTriedPods: boolean | undefined;
  readonly triesOtherLocalities: boolean;
}

/** Some requests wait before anything else is done with them. */
export interface Delay {
  /** Out of 100, never 0. */
  readonly percent: number;
  readonly duration: Milliseconds;
}

/** What is done with the connections that match: where none does, they go on as if there were no rule. */
export interface ConnectionRule {
  readonly origin: Origin;
  readonly matches: readonly ConnectionMatch[];
  readonly destinations: readonly WeightedDestination[];
}

export interface ConnectionMatch {
  readonly place: Path;
  /** The server names, of which one must be that of the handshake; none: any. */
  readonly serverNames: readonly string[];
  /** What is not read of it, and may keep connections out. */
  readonly doubt: string | undefined;
  readonly proxy: ProxyMatch;
}

export const noSettings: RouteSettings = { timeout: undefined, retries: undefined, delay: undefined };

export const noChanges: RequestChanges = { path: undefined, host: undefined, headers: [] };

/** Every proxy. */
export const anyProxy: ProxyMatch = { port: undefined, gateways: [], sourceLabels: {}, sourceNamespace: undefined };

export interface MissingParent {
  readonly kind: 'Service' | 'ServiceEntry';
  readonly namespace: string;
  readonly name: string;
}

/** An object that Istio does not route by, and why. */
export interface UnreadRoute {
  readonly object: ManifestObject;
  readonly place: Path;
  readonly why: string;
  /** The parent that it names, where only that is missing. */
  readonly missing?: MissingParent;
}
