/** One behaviour of Istio that Ambit builds on, in Ambit's own words. */
export interface Law {
  /** `§2.3` or `W-13`: unique within its document. */
  readonly id: string;
  readonly title: string;
  /** First the law itself, then what belongs to it, one thing each. Inline code is all the markup there is. */
  readonly statements: readonly [string, ...string[]];
  /** The Istio versions for which it is known to hold. */
  readonly versions: string;
  readonly sources: readonly [Source, ...Source[]];
  readonly confirmed: readonly [Confirmation, ...Confirmation[]];
}

/** Where upstream says or does it. */
export type Source =
  | { readonly repository: string; readonly path: string; readonly symbols: readonly string[] }
  | { readonly repository: string; readonly issue: number };

/** How it is known; without `what`, the whole law in this way. */
export interface Confirmation {
  readonly how: keyof typeof confirmations;
  readonly what?: string;
}

/** From the strongest ground to the weakest. */
export const confirmations = {
  run: 'run on Istio’s own istiod, Envoy and ztunnel',
  tested: 'pinned by a test of Istio’s own',
  read: 'read in the code',
  documented: 'documented, and not looked for in the code',
  inferred: 'concluded from the code, and run by nobody',
} as const;

/** Whichever version Ambit knows: 1.29 to 1.31 were read, and 1.28 is taken to be like 1.29. */
export const everyVersion = '1.28 to 1.31';

export const read: Confirmation = { how: 'read' };
export const documented: Confirmation = { how: 'documented' };

export function run(what: string): Confirmation {
  return { how: 'run', what };
}

/** The test of Istio's that would fail if it were otherwise. */
export function tested(what: string): Confirmation {
  return { how: 'tested', what };
}

export function inferred(what: string): Confirmation {
  return { how: 'inferred', what };
}

export function istio(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'istio/istio', path, symbols };
}

export function ztunnel(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'istio/ztunnel', path, symbols };
}

export function istioApi(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'istio/api', path, symbols };
}

export function gatewayApi(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'kubernetes-sigs/gateway-api', path, symbols };
}

export function envoy(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'envoyproxy/envoy', path, symbols };
}

/** The rate limit service of Envoy’s own project. */
export function rateLimitServer(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'envoyproxy/ratelimit', path, symbols };
}

/** A page of istio.io, by its path below /latest/docs. */
export function istioDocs(page: string): Source {
  return { repository: 'istio/istio.io', path: `content/en/docs/${page}`, symbols: [] };
}

export function issue(number: number, repository = 'istio/istio'): Source {
  return { repository, issue: number };
}
