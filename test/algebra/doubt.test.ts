import { expect, it } from 'vitest';
import { factInDoubt } from '../../src/algebra/doubt.js';
import { decide } from '../../src/mesh/decide.js';
import { meshOf, requestAuthentication, threeNamespaces } from '../mesh/support/mesh.js';
import { get, requestOf, tokenOf } from '../mesh/support/requests.js';

const writing = requestAuthentication(
  'side',
  'jwt',
  "{ jwtRules: [{ issuer: a, jwksUri: 'https://a/k', outputClaimToHeaders: [{ header: X-Role, claim: role }] }] }",
);

it.each([
  [
    'a header that a token writes, where the request itself is decided',
    writing,
    'what tokens write into header `x-role` (§6.1)',
  ],
  [
    'what the model lacks, where it is not',
    `${writing.replace('issuer: a, ', '')}`,
    'what a rule without an issuer, or a prefix, accepts',
  ],
  ['what decides, where no token writes', '', 'no policy denies it'],
])('names %s', (_, manifests, fact) => {
  const token = tokenOf('a', 'ann');
  const decision = decide(
    meshOf(threeNamespaces + manifests),
    requestOf('side/client', 'side/server:80', get('/', { token })),
  );
  expect(factInDoubt(decision)).toBe(fact);
});
