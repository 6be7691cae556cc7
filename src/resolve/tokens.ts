import { diagnostic } from '../diagnostics/create.js';
import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Condition, Exception, Rule, TargetReference } from '../parse/ast.js';
import type { TokenIssuer } from '../parse/tokens/token-issuer.js';
import type { AcceptedTexts, ClaimReference, TokenReference, TokenTexts } from '../parse/tokens/token-reference.js';
import type { BindContext } from './context.js';
import { nearNames } from './names.js';
import { starFault } from './text-fault.js';

/** What a rule asks of tokens, as conditions on its requests. */
export interface TokenDemand {
  readonly conditions: readonly Condition[];
  /** Which of these requests are not meant. */
  readonly except: readonly Exception[];
  /** Whose tokens have to be validated for that. */
  readonly issuers: readonly TokenIssuer[];
}

const nothingAsked: TokenDemand = { conditions: [], except: [], issuers: [] };

/** Binds what a rule asks of tokens. Unknown issuers and what no token could say are reported. */
export function resolveToken(context: BindContext, token: TokenReference | undefined): TokenDemand {
  if (token === undefined) return nothingAsked;
  const { tokenIssuers } = context.topology.mesh;
  if (tokenIssuers.length === 0) {
    context.report(diagnostic('no-token-issuers', {}, token.span));
    return nothingAsked;
  }
  if (token.kind !== 'Claims') {
    const condition = token.kind === 'Absent' ? withoutToken(token.span) : issuedBy(tokenIssuers, token.span);
    return { conditions: [condition], except: [], issuers: tokenIssuers };
  }
  const issuers = issuersNamed(context, token.issuer);
  return {
    conditions: [issuedBy(issuers, token.span), ...textConditions(context, token)],
    except: token.except.flatMap((each) => excepted(context, each)),
    issuers,
  };
}

function textConditions(
  context: BindContext,
  { subjects, audiences, presenters, claims }: TokenTexts,
): readonly Condition[] {
  return [
    ...textCondition(context, 'claims[sub]', subjects),
    ...textCondition(context, 'audiences', audiences),
    ...textCondition(context, 'presenter', presenters),
    ...claims.flatMap((claim) => claimCondition(context, claim)),
  ];
}

/** Nothing is excepted by what is reported as a fault. */
function excepted(context: BindContext, texts: TokenTexts): readonly Exception[] {
  const { issuer, span } = texts;
  const ofIssuer = issuer === undefined ? [] : [issuedBy(issuersNamed(context, issuer), issuer.span)];
  const conditions = [...ofIssuer, ...textConditions(context, texts)];
  const isWhole = conditions.length > 0 && conditions.every(({ values }) => values.length > 0);
  return isWhole ? [{ port: undefined, conditions, span }] : [];
}

function issuersNamed({ topology, report }: BindContext, issuer: Located<string> | undefined): readonly TokenIssuer[] {
  const { tokenIssuers } = topology.mesh;
  if (issuer === undefined) return tokenIssuers;
  const found = tokenIssuers.filter(({ name }) => name === issuer.value);
  if (found.length === 0) {
    const near = nearNames(
      issuer.value,
      tokenIssuers.map(({ name }) => name),
    );
    report(diagnostic('unknown-token-issuer', { name: issuer.value }, issuer.span, near));
  }
  return found;
}

/** Without `iss` and `sub` there is no request principal; whoever has one has a valid token (istio-security §6.5). */
function withoutToken(span: Span): Condition {
  return { key: 'token', name: 'principal', values: [{ value: '*', span }], isNegated: true, span };
}

/** Named even where all are meant: an existing RequestAuthentication may accept tokens of others. */
function issuedBy(issuers: readonly TokenIssuer[], span: Span): Condition {
  const values = issuers.map(({ issuer }) => ({ value: `${issuer}/*`, span }));
  return { key: 'token', name: 'principal', values, isNegated: false, span };
}

function textCondition(context: BindContext, name: string, texts: AcceptedTexts | undefined): Condition[] {
  if (texts === undefined) return [];
  const { values, span } = texts;
  for (const each of values) checkText(context, each);
  return [{ key: 'token', name, values, isNegated: false, span }];
}

const ownFields: Readonly<Record<string, string>> = {
  iss: 'issuer',
  sub: 'subjects',
  aud: 'audiences',
  azp: 'presenters',
};

function claimCondition(context: BindContext, { path, values, span }: ClaimReference): Condition[] {
  const [first = '', ...inner] = path;
  const field = inner.length === 0 && Object.hasOwn(ownFields, first) ? ownFields[first] : undefined;
  if (field !== undefined) {
    context.report(diagnostic('claim-with-own-field', { claim: first, field }, span));
    return [];
  }
  const claim = path.join('.');
  if (path.some((name) => name === '' || /[[\]]/.test(name))) {
    const why = 'its name is empty or has a bracket, which no policy can write';
    context.report(diagnostic('malformed-claim', { claim, why }, span, { help: 'name another claim' }));
    return [];
  }
  const texts = values.flatMap((value) => textOf(context, value));
  for (const each of texts) checkText(context, each);
  return [
    { key: 'token', name: `claims${path.map((name) => `[${name}]`).join('')}`, values: texts, isNegated: false, span },
  ];
}

/** A boolean or a number is never equal to a text (istio-security §6.5). */
function textOf(
  { report }: BindContext,
  { value, span }: ClaimReference['values'][number],
): ReadonlyArray<Located<string>> {
  if (typeof value === 'string') return [{ value, span }];
  report(diagnostic('claim-not-text', { value: String(value), type: `a ${typeof value}` }, span));
  return [];
}

function checkText({ report }: BindContext, { value, span }: Located<string>): void {
  const found =
    value === '' ? { fault: 'it is empty', help: 'write the text that the token has' } : starFault(value, starHelp);
  if (found) report(diagnostic('malformed-claim', { claim: value, why: found.fault }, span, { help: found.help }));
}

const starHelp = 'write the value, its beginning before a star, or its end behind one';

/** What a rule asks of tokens holds for each of its targets. Without any it then means all requests in its scope. */
export function withToken({ to, name }: Rule, { conditions, except }: TokenDemand): Rule['to'] {
  if (conditions.length === 0) return to;
  const everything: TargetReference = {
    destination: undefined,
    port: undefined,
    conditions: [],
    except: [],
    span: name.span,
  };
  return (to ?? [everything]).map((target) => ({
    ...target,
    conditions: [...target.conditions, ...conditions],
    except: [...target.except, ...except],
  }));
}
