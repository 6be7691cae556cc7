import type { Payload, Token } from '../../../src/mesh/request.js';
import type { Condition } from '../../../src/parse/ast.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';

/**
 * Tokens to try where rules ask for any: of each issuer one that says all that rules ask for, one that says nothing of it, and
 * one that names nobody; one that is badly signed, and one of somebody whom nobody knows.
 */
export function tokensOf(resolved: Resolved): readonly Token[] {
  const asked = conditionsOf(resolved).filter(({ key }) => key === 'token');
  if (asked.length === 0) return [];
  const issuers = (resolved.topology.mesh.tokenIssuers ?? []).filter(({ from }) => from === undefined);
  const known = issuers.flatMap(({ issuer, audiences = [] }): readonly Token[] => {
    const plain: Token = { issuer, subject: 'somebody', audiences, claims: {}, valid: true };
    const { subject: _, ...nameless } = plain;
    return [plain, saying(plain, asked), nameless];
  });
  const [first] = known;
  return first === undefined
    ? []
    : [...known, { ...first, valid: false }, { ...first, issuer: 'https://nobody.example', audiences: [] }];
}

function conditionsOf({ rules, gatewaySecurity }: Resolved): readonly Condition[] {
  return [
    ...rules.flatMap(({ targets }) => targets.flatMap(({ conditions }) => conditions)),
    ...gatewaySecurity.flatMap((security) =>
      security.rules.flatMap(({ requests }) => requests.flatMap(({ conditions }) => conditions)),
    ),
  ];
}

function saying(plain: Token, asked: readonly Condition[]): Token {
  const texts = (name: string) =>
    asked
      .filter((each) => each.name === name)
      .flatMap(({ values }) => values.map(({ value }) => value.replace('*', 'x')));
  const claims = asked.flatMap(({ name = '' }) => {
    const path = /^claims\[(.*)\]$/.exec(name)?.[1];
    return path === undefined ? [] : [[path.split('][').join('.'), texts(name).slice(0, 1)] as const];
  });
  const [subject = plain.subject] = texts('claims[sub]');
  const [presenter] = texts('presenter');
  return {
    ...plain,
    ...(subject !== undefined && { subject }),
    ...(presenter !== undefined && { presenter }),
    audiences: [...plain.audiences, ...texts('audiences').slice(0, 1)],
    claims: Object.fromEntries(claims.filter(([path]) => path !== 'sub')),
  };
}

export function hasToken(payload: Payload): boolean {
  return payload.kind === 'http' && payload.token !== undefined;
}

/** Whether a request has no token, or one that the rule asks for: others are validated by nobody, or answered 401. */
export function takesToken({ conditions }: { readonly conditions: readonly Condition[] }, payload: Payload): boolean {
  return !hasToken(payload) || conditions.some(({ key, isNegated }) => key === 'token' && !isNegated);
}
