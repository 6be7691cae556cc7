/** A place in a request where a token may be: in a header behind a prefix, in a cookie, or in a parameter of the query. */
export type TokenPlace =
  | { readonly kind: 'header'; readonly name: string; readonly prefix: string }
  | { readonly kind: 'cookie' | 'parameter'; readonly name: string };
