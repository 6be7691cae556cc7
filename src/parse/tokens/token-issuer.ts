import type { Span } from '../../diagnostics/diagnostic.js';
import type { TokenPlace } from './token-place.js';

/** Who issues tokens to end users, as the Mesh document declares it. */
export interface TokenIssuer {
  readonly name: string;
  /** What `iss` of its tokens says. */
  readonly issuer: string;
  /** Empty: a token may be for anybody. */
  readonly audiences: readonly string[];
  readonly keys: IssuerKeys;
  /** Where its tokens are; `undefined`: where Istio looks by itself. */
  readonly from: readonly TokenPlace[] | undefined;
  readonly forwardOriginalToken: boolean;
  readonly outputClaimToHeaders: readonly ClaimHeader[];
  readonly outputPayloadToHeader: string | undefined;
  readonly spaceDelimitedClaims: readonly string[];
  readonly timeout: string | undefined;
  readonly span: Span;
}

/** Where the keys are; `discovered`: where the issuer itself says, by OpenID Connect discovery. */
export type IssuerKeys =
  | { readonly kind: 'discovered' }
  | { readonly kind: 'jwksUri' | 'jwks'; readonly value: string };

/** A header into which a proxy writes a claim. */
export interface ClaimHeader {
  readonly header: string;
  readonly claim: string;
}
