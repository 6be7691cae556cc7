import { groupBy } from '../../util/order.js';
import type { Hop } from '../paths/hops.js';
import type { Token } from '../request.js';
import { anyOf, type Truth } from '../truth.js';
import type { HttpView, View } from '../view.js';
import { changesOf, withChanges } from './authorizer-changes.js';
import type { CompiledPolicy, Loss } from './compiled.js';
import { askingPolicies, type Enforcement, enforcementAt } from './enforcement.js';
import { policyMatches } from './evaluate.js';
import { explainRule, type RuleTrace, unknownsOf } from './explain.js';
import type { Action } from './policy.js';
import { checkToken, type TokenCheck } from './token.js';
import { bearer } from './token-places.js';
import { withWrittenHeaders } from './written-headers.js';

/** What one enforcement point did with a request, and all that it considered. */
export interface HopTrace {
  readonly hop: Hop;
  readonly sees: View;
  readonly outcome: HopOutcome;
  readonly policies: readonly PolicyTrace[];
}

export type HopOutcome =
  | {
      readonly kind: 'passes';
      readonly because: string;
      readonly asks: readonly string[];
      readonly token: Token | undefined;
    }
  | {
      readonly kind: 'denied';
      readonly because: string;
      readonly response: 'forbidden' | 'unauthenticated' | 'closed';
      /** The external authorizers whose policies decide, where they do. */
      readonly providers?: readonly string[];
      /** Whether the token is refused, before any policy is asked about it (§2.6). */
      readonly byToken?: true;
    }
  | { readonly kind: 'unknown'; readonly because: string };

export interface PolicyTrace {
  readonly policy: CompiledPolicy['policy'];
  readonly action: Action;
  readonly matched: Truth;
  readonly rules: readonly RuleTrace[];
  /** What this plane does not enforce of the policy as written. */
  readonly lost: readonly Loss[];
}

/** Decides a request at one enforcement point, in the order of its filters (§2.6). */
export function decideHop(hop: Hop, view: View, token: Token | undefined): HopTrace {
  const enforcement = enforcementAt(hop);
  const early = checkConnection(view, enforcement);
  if (early !== undefined) return { hop, sees: view, outcome: early, policies: [] };
  const arriving = viewWith(view, view.http && { ...view.http, tokenIn: token && (token.in ?? bearer) });
  const authorized = viewWith(arriving, arriving.http && afterAuthorizers(hop, enforcement, arriving));
  const checked = checkToken(token, authorized.http, enforcement.authentication);
  const sees = viewWith(authorized, authorized.http && withToken(authorized.http, token, checked, enforcement));
  const seenBy = ({ action }: CompiledPolicy) => (action === 'CUSTOM' ? arriving : sees);
  const policies = enforcement.policies.map((policy) => tracePolicy(policy, seenBy(policy)));
  const outcome = conclude(hop, enforcement, { arriving, sees }, checked);
  return { hop, sees, outcome, policies };
}

function viewWith(view: View, http: HttpView | undefined): View {
  return http === undefined ? view : { ...view, http };
}

/** External authorizers come first, and what they make of a request is what all others see (§7). */
function afterAuthorizers({ mesh }: Hop, { policies }: Enforcement, view: View): HttpView | undefined {
  const asked = policies.filter((policy) => policy.action === 'CUSTOM' && policyMatches(policy, view) !== 'no');
  return asked.reduce((http, { provider = '' }) => http && withChanges(http, changesOf(provider, mesh)), view.http);
}

function withToken(
  http: HttpView,
  sent: Token | undefined,
  checked: TokenCheck,
  { authentication }: Enforcement,
): HttpView {
  const token = checked.kind === 'passes' ? checked.view : undefined;
  const tokenDoubt = checked.kind === 'not-modelled' ? checked.because : undefined;
  return { ...withWrittenHeaders(http, sent, checked, authentication), token, tokenDoubt };
}

function tracePolicy(policy: CompiledPolicy, view: View): PolicyTrace {
  return {
    policy: policy.policy,
    action: policy.action,
    matched: policyMatches(policy, view),
    rules: policy.rules.map((rule) => explainRule(rule, view)),
    lost: policy.lost,
  };
}

/** What the handshake decides, before any policy is asked (§5.1, §8.3). HBONE is let in whatever the mode of the port. */
function checkConnection(
  { principal }: View,
  { trustDomains, peerMode, undecided }: Enforcement,
): HopOutcome | undefined {
  if (!principal.known) return undefined;
  const identity = principal.value;
  if (identity !== null && !trustDomains.includes(identity.trustDomain)) {
    return closed(`certificates of trust domain \`${identity.trustDomain}\` are not accepted (§8.3)`);
  }
  if (undecided !== undefined) return { kind: 'unknown', because: undecided };
  return identity === null && peerMode === 'STRICT' ? closed('the port accepts mutual TLS only (§5.1)') : undefined;
}

function closed(because: string): HopOutcome {
  return { kind: 'denied', because, response: 'closed' };
}

/** CUSTOM, token, DENY, ALLOW (§1.2, §2.6). What is unknown decides only where nothing known does. */
function conclude(
  hop: Hop,
  enforcement: Enforcement,
  { arriving, sees: view }: { readonly arriving: View; readonly sees: View },
  checked: TokenCheck,
): HopOutcome {
  const refusal = hop.chain === 'http' ? 'forbidden' : 'closed';
  const custom = askProviders(hop, enforcement, arriving);
  if (custom.kind === 'denied') return custom;
  if (checked.kind === 'refused') {
    return { kind: 'denied', because: checked.because, response: checked.response, byToken: true };
  }
  const decided = authorize(enforcement, view);
  if (decided.kind === 'denied') return { kind: 'denied', because: decided.because, response: refusal };
  if (hop.peer.kind === 'unknown' && hop.peer.mayFail) return { kind: 'unknown', because: hop.peer.why };
  if (enforcement.notModelled !== undefined && view.principal.known && view.principal.value === null) {
    return { kind: 'unknown', because: enforcement.notModelled };
  }
  if (custom.kind === 'unknown') return custom;
  if (checked.kind === 'not-modelled') return { kind: 'unknown', because: checked.because };
  if (decided.kind === 'unknown') return { kind: 'unknown', because: decided.because };
  return { kind: 'passes', because: decided.because, asks: custom.asks, token: checked.forwarded };
}

type Asked = { readonly kind: 'asks'; readonly asks: readonly string[] } | Exclude<HopOutcome, { kind: 'passes' }>;

/** Which external authorizers a request is shown to. */
function askProviders(hop: Hop, enforcement: Enforcement, view: View): Asked {
  const { refusedProviders, doubtfulProviders } = enforcement;
  const custom = askingPolicies(enforcement);
  const providers = [...groupBy(custom, ({ provider = '' }) => provider)].map(([name, group]) => ({
    name,
    asked: anyOf(group.map((policy) => policyMatches(policy, view))),
  }));
  const asks = providers.filter(({ asked }) => asked === 'yes').map(({ name }) => name);
  const refused = asks.filter((name) => refusedProviders.has(name));
  if (refused.length > 0) {
    const response = hop.chain === 'http' ? 'forbidden' : 'closed';
    const because = refusedProviders.get(refused[0] ?? '') ?? '';
    return { kind: 'denied', because, response, providers: refused };
  }
  if (providers.some(({ asked }) => asked === 'unknown')) {
    return { kind: 'unknown', because: custom.flatMap((policy) => unknownsOf(policy, view)).join(', ') };
  }
  const doubt = asks.flatMap((name) => doubtfulProviders.get(name) ?? [])[0];
  if (doubt !== undefined) return { kind: 'unknown', because: doubt };
  return { kind: 'asks', asks };
}

interface Authorized {
  readonly kind: 'passes' | 'denied' | 'unknown';
  readonly because: string;
}

/** Any DENY that matches denies; without ALLOW policies the rest passes; with some, one must match (§1.2). */
function authorize({ policies }: Enforcement, view: View): Authorized {
  const denying = policies.filter(({ action }) => action === 'DENY');
  const allowing = policies.filter(({ action }) => action === 'ALLOW');
  const find = (candidates: readonly CompiledPolicy[], wanted: Truth) =>
    candidates.find((policy) => policyMatches(policy, view) === wanted);
  const denier = find(denying, 'yes');
  if (denier !== undefined) return { kind: 'denied', because: `${nameOf(denier)} ${denialOf(denier)}` };
  const allower = find(allowing, 'yes');
  const maybe = find(allowing, 'unknown');
  if (allowing.length > 0 && allower === undefined && maybe === undefined) {
    return { kind: 'denied', because: `there are ALLOW policies and none matches: ${allowing.map(nameOf).join(', ')}` };
  }
  const vague = find(denying, 'unknown') ?? (allower === undefined ? maybe : undefined);
  if (vague !== undefined) {
    return { kind: 'unknown', because: `${nameOf(vague)} depends on ${unknownsOf(vague, view).join(', ')}` };
  }
  return { kind: 'passes', because: allower === undefined ? 'no policy denies it' : `${nameOf(allower)} allows it` };
}

/** A PeerAuthentication reaches ztunnel as a policy that denies callers without a certificate (§5.2). */
function denialOf({ policy }: CompiledPolicy): string {
  return policy.kind === 'PeerAuthentication' ? 'accepts mutual TLS only' : 'denies it';
}

function nameOf({ policy }: CompiledPolicy): string {
  return `${policy.kind} ${policy.namespace}/${policy.name}`;
}
