import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { TokenIssuer } from '../../../parse/tokens/token-issuer.js';
import type { Origin } from '../../../resolve/resolved.js';
import type { PlaceContext } from '../context.js';

/** Where tokens are validated, and what lets requests pass there that have none. */
interface Validation {
  /** As a sentence has it. */
  readonly destination: string;
  readonly issuers: readonly TokenIssuer[];
  readonly open: ReadonlyArray<Pick<Origin, 'id' | 'span'>>;
  /** Where the default lets everything pass, the place to say it. */
  readonly openDefault: Span | undefined;
}

/**
 * Where tokens are validated, a request with one that nobody accepts is refused on every path, those included for which
 * no token is asked (istio-security §6.3).
 */
export function tellOfForeignTokens(
  context: PlaceContext,
  { destination, issuers, open, openDefault }: Validation,
): void {
  const names = issuers.map(({ name }) => `\`${name}\``).join(' or ');
  const tell = (what: string, span: Span) =>
    context.report(diagnostic('foreign-token-refused', { what, issuers: names, destination }, span));
  for (const { id, span } of open) tell(`\`${id}\``, span);
  if (openDefault) tell('the default', openDefault);
}
