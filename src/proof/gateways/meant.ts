import { type Bits, bitsWhere } from '../../algebra/bits.js';
import { satisfying } from '../../algebra/conditions.js';
import type { Constants } from '../../algebra/constants.js';
import { mergeConstants } from '../../algebra/constants.js';
import type { GatewayLane } from '../../algebra/gateway-lanes.js';
import type { Mentions } from '../../algebra/mentions.js';
import {
  boxSet,
  emptySet,
  fullSet,
  intersect,
  isEmpty,
  type RequestSet,
  subtract,
  union,
} from '../../algebra/request-set.js';
import type { Space } from '../../algebra/space.js';
import { type Matcher, matchesText, type TextMatcher, textMatcher } from '../../mesh/policies/matcher.js';
import type { Attribute } from '../../mesh/view.js';
import type { Condition } from '../../parse/ast.js';
import type { TokenIssuer } from '../../parse/tokens/token-issuer.js';
import type { Caller, Origin } from '../../resolve/resolved.js';
import type { GatewayRequests, GatewayRule, ResolvedGatewaySecurity } from '../../resolve/resolved-gateway-security.js';
import type { Gateway } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { asBlock, testsOf } from '../intents/conditions.js';
import { means } from '../intents/meant-callers.js';
import { mentionsOfCallers } from '../intents/mentions.js';
import { constantsOfTokenGrants, foreignTokens, tokenSet } from '../intents/tokens.js';

/** What the intents say of requests to one listener: those that must be let through, and those that may be. */
export function meantAt(security: ResolvedGatewaySecurity, at: GatewayLane, space: Space) {
  const nothing = emptySet(space.shape);
  const setOf = (effect: GatewayRule['effect']) =>
    union(
      nothing,
      ...security.rules
        .filter((rule) => rule.effect === effect)
        .map((rule) => spokenOf(security.gateway, rule, at, space)),
    );
  const open = security.default?.value === 'Deny' ? setOf('Allow') : fullSet(space.shape);
  const may = subtract(open, setOf('Deny'));
  return { may, must: subtract(may, foreignTokens(space, { issuers: issuersOf(security) })) };
}

function issuersOf({ rules }: ResolvedGatewaySecurity): readonly TokenIssuer[] {
  const byName = new Map(rules.flatMap(({ issuers }) => issuers.map((issuer) => [issuer.name, issuer] as const)));
  return [...byName.values()];
}

/** The rule or setting that makes requests wanted, or unwanted. */
export function causeAt(
  security: ResolvedGatewaySecurity,
  at: GatewayLane,
  space: Space,
  set: RequestSet,
): { readonly origin: Origin | undefined; readonly says: string } {
  const isSpokenOf = (rule: GatewayRule) => !isEmpty(intersect(set, spokenOf(security.gateway, rule, at, space)));
  const speaking = security.rules.filter(isSpokenOf);
  const rule = speaking.find(({ effect }) => effect === 'Deny') ?? speaking[0];
  if (rule) return { origin: rule.origin, says: rule.effect === 'Deny' ? 'denies it' : 'allows it' };
  const { default: fallback } = security;
  if (fallback === undefined) return { origin: undefined, says: 'no intent denies it' };
  return {
    origin: fallback.origin,
    says: fallback.value === 'Deny' ? 'denies it, and no rule allows it' : 'allows it',
  };
}

/** By authorizer: what the rules have it asked about. */
export function askedAt(
  { gateway, asked }: ResolvedGatewaySecurity,
  at: GatewayLane,
  space: Space,
): ReadonlyMap<string, RequestSet> {
  const byAuthorizer = [...groupBy(asked, ({ authorizer }) => authorizer)];
  return new Map(
    byAuthorizer.map(([authorizer, rules]) => [
      authorizer,
      union(emptySet(space.shape), ...rules.flatMap((rule) => requestsAt(gateway, rule, at, space))),
    ]),
  );
}

/** The requests to one listener, of those that a rule speaks of; bytes that are no request satisfy no condition. */
function requestsAt(
  gateway: Gateway,
  { requests }: Pick<GatewayRule, 'requests'>,
  { lane, listener: { podPort } }: GatewayLane,
  space: Space,
  within: (each: GatewayRequests) => RequestSet = () => fullSet(space.shape),
): readonly RequestSet[] {
  return requests
    .filter(({ ports, exceptPorts }) => ports?.includes(podPort) ?? !exceptPorts.includes(podPort))
    .filter(({ conditions }) => lane.payload === 'http' || conditions.every(({ key }) => key === 'serverNames'))
    .filter(({ conditions }) => conditions.every((condition) => isOfName(condition, lane)))
    .map((each) =>
      intersect(within(each), ...comparisons(gateway, each).map((test) => satisfying(space, test, 'surely'))),
    );
}

/** Whether a condition, if it is about the server name, holds for that of a lane. */
function isOfName({ key, values, isNegated }: Condition, { destination }: GatewayLane['lane']): boolean {
  if (key !== 'serverNames') return true;
  const name = destination.kind === 'gateway' ? destination.serverName?.toLowerCase() : undefined;
  const isOne = name !== undefined && values.some(({ value }) => matchesText(textMatcher(value), name));
  return isOne !== isNegated;
}

/** What the rules compare server names with. */
export function namesOfSecurity({ rules, asked }: ResolvedGatewaySecurity): readonly TextMatcher[] {
  const through = rules.flatMap((rule) => rule.through ?? []);
  return [...rules, ...asked, ...through].flatMap(({ requests }) =>
    requests.flatMap(({ conditions }) =>
      conditions.flatMap(({ key, values }) =>
        key === 'serverNames' ? values.map(({ value }) => textMatcher(value)) : [],
      ),
    ),
  );
}

export function spokenOf(gateway: Gateway, rule: GatewayRule, at: GatewayLane, space: Space): RequestSet {
  const tokens = (target: GatewayRequests) => tokenSet(space, { rule, target });
  const requests = requestsAt(gateway, rule, at, space, tokens);
  const callers = rule.callers.map((caller) => callerSet(space, caller, rule, at));
  return intersect(union(emptySet(space.shape), ...callers), union(emptySet(space.shape), ...requests));
}

/** A listener of Istio's own mutual TLS takes nobody without a certificate of the mesh, and no other asks for one. */
function callerSet(space: Space, caller: Caller, rule: GatewayRule, { listener }: GatewayLane): RequestSet {
  if (caller.kind === 'unidentified' && listener.tls === 'ISTIO_MUTUAL') return emptySet(space.shape);
  const { classes } = space.callers;
  const meant: Bits = bitsWhere(classes.length, (index) => {
    const each = classes[index];
    return each !== undefined && means(caller, each, rule, 'some');
  });
  const whole = boxSet(space.shape, new Map([[0, meant]]));
  if (caller.kind !== 'addresses') return whole;
  const [anyOf, noneOf] = [caller.ipBlocks.map(asBlock), caller.exceptBlocks.map(asBlock)];
  return intersect(whole, satisfying(space, { attribute: 'source.ip', anyOf, noneOf }, 'surely'));
}

function comparisons({ listeners, fronts }: Gateway, { conditions }: GatewayRequests) {
  return testsOf(conditions, [...listeners.map(({ port }) => port), ...fronts.map(({ port }) => port)]);
}

/** Everything that the rules compare requests with. */
export function constantsOfSecurity(security: ResolvedGatewaySecurity): Constants {
  const { gateway, rules, asked } = security;
  const blocks = rules.flatMap(({ callers }) =>
    callers.flatMap((caller) => (caller.kind === 'addresses' ? [...caller.ipBlocks, ...caller.exceptBlocks] : [])),
  );
  const through = rules.flatMap((rule) => rule.through ?? []);
  const tests = [...rules, ...asked, ...through].flatMap(({ requests }) =>
    requests.flatMap((each) => comparisons(gateway, each)),
  );
  return mergeConstants([
    ...tests.map(
      ({ attribute, anyOf, noneOf }) => new Map<Attribute, readonly Matcher[]>([[attribute, [...anyOf, ...noneOf]]]),
    ),
    constantsOfTokenGrants(
      rules.flatMap((rule) => rule.requests.map((target) => ({ rule, target }))),
      issuersOf(security),
    ),
    ...(blocks.length === 0 ? [] : [new Map([['source.ip' as const, blocks.map(asBlock)]])]),
  ]);
}

export function mentionsOfSecurity({ rules }: ResolvedGatewaySecurity): Mentions {
  return mentionsOfCallers(rules.flatMap(({ callers }) => callers));
}
