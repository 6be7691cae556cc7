import type { Located, Span } from '../../diagnostics/diagnostic.js';

/** What a rule asks of the token of a request, as it is written. */
export type TokenReference =
  | { readonly kind: 'Required' | 'Absent'; readonly span: Span }
  | (TokenTexts & {
      readonly kind: 'Claims';
      /** Which of these tokens are not meant: whatever says all of one item. */
      readonly except: readonly TokenTexts[];
    });

/** What a token says: all of it must hold together. */
export interface TokenTexts {
  /** `undefined`: any issuer of the Mesh document. */
  readonly issuer: Located<string> | undefined;
  readonly subjects: AcceptedTexts | undefined;
  readonly audiences: AcceptedTexts | undefined;
  readonly presenters: AcceptedTexts | undefined;
  readonly claims: readonly ClaimReference[];
  readonly span: Span;
}

/** One of them must match. */
export interface AcceptedTexts {
  readonly values: ReadonlyArray<Located<string>>;
  readonly span: Span;
}

/** The token of a request that a test sends. */
export interface TokenOfCase {
  readonly issuer: Located<string>;
  readonly subject: string | undefined;
  /** `undefined`: those that its issuer declares. */
  readonly audiences: readonly string[] | undefined;
  readonly presenter: string | undefined;
  readonly claims: readonly ClaimReference[];
  readonly valid: boolean;
}

export interface ClaimReference {
  /** Several names for a claim in another one. */
  readonly path: readonly string[];
  readonly values: ReadonlyArray<Located<string | number | boolean>>;
  readonly span: Span;
}
