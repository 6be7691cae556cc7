import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { Mesh } from '../mesh/mesh.js';
import type { Token } from '../mesh/request.js';
import type { TokenOfCase } from '../parse/tokens/token-reference.js';
import { didYouMean, suggest } from '../util/suggest.js';

/** The token that a case sends, as its issuer would make it. */
export function tokenOf({ topology }: Mesh, written: TokenOfCase | undefined): Result<Token | undefined> {
  if (written === undefined) return { value: undefined, diagnostics: [] };
  const { tokenIssuers } = topology.mesh;
  const issuer = tokenIssuers.find(({ name }) => name === written.issuer.value);
  if (issuer === undefined) return { value: undefined, diagnostics: [unknownIssuer(tokenIssuers, written.issuer)] };
  const { subject = 'somebody', audiences = issuer.audiences, presenter, claims, valid } = written;
  const [place] = issuer.from ?? [];
  const token: Token = {
    issuer: issuer.issuer,
    subject,
    audiences,
    ...(presenter !== undefined && { presenter }),
    ...(place !== undefined && { in: place }),
    claims: Object.fromEntries(claims.map(({ path, values }) => [path.join('.'), values.map(({ value }) => value)])),
    valid,
  };
  return { value: token, diagnostics: [] };
}

function unknownIssuer(
  known: ReadonlyArray<{ readonly name: string }>,
  { value, span }: TokenOfCase['issuer'],
): Diagnostic {
  const names = known.map(({ name }) => name);
  return diagnostic('unknown-token-issuer', { name: value }, span, didYouMean(suggest(value, names)));
}
