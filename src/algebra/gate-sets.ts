import { viewAt } from '../mesh/decide/view-at.js';
import { isHttpAttribute, isIdentityAttribute, isTokenAttribute } from '../mesh/fields.js';
import type { Caller } from '../mesh/paths/caller.js';
import { seesAddress } from '../mesh/paths/hops.js';
import type { Clause, CompiledPolicy, CompiledRule, Condition } from '../mesh/policies/compiled.js';
import { conditionHolds } from '../mesh/policies/evaluate.js';
import { matchesText, type TextMatcher } from '../mesh/policies/matcher.js';
import { isOfWords } from '../mesh/policies/token.js';
import { known, unknown } from '../mesh/truth.js';
import { type Attribute, isHeaderOfProxies, type Seen, see } from '../mesh/view.js';
import { all, none } from './bits.js';
import { ofClientAddress, seesClient } from './client-address.js';
import { type Bound, isTold, opposite, satisfying } from './conditions.js';
import type { Gate } from './lane.js';
import type { Reading } from './list-elements.js';
import { ofRegisteredClaim } from './registered-claims.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, union } from './request-set.js';
import { askedOfSent, asSent, seenAfter } from './routes/rewritten.js';
import type { Space } from './space.js';

/** What a gate makes of tokens: it reads what they say, looks at none, or might read one that nobody knows. */
export type TokenSight = 'reads' | 'looks-away' | 'unknown';

/** A gate within a space. */
export interface GateView extends Gate {
  readonly space: Space;
  /** Of some requests; without it, whether anything is authenticated here decides. */
  readonly sight?: TokenSight;
  /** The header in which all of them carry a token, where they do. */
  readonly tokenHeader?: string | undefined;
  /** Which of their claims are lists of words; without it those of which any rule says so. */
  readonly wordClaims?: readonly string[];
  /** What is not as it was sent. */
  readonly changed?: Changed;
}

/** What became of requests on the way to the policies that admit them. */
export interface Changed {
  /** Headers that are gone. */
  readonly removed: ReadonlySet<string>;
  /** Headers of which nobody knows what they are now. */
  readonly unknown: readonly TextMatcher[];
  /** Whether nothing of the request is known any more. */
  readonly everything: boolean;
}

/** What a gate sees beside certificates, addresses and requests is the same whoever calls. */
const anyCaller: Caller = {
  kind: 'caller',
  speaks: 'plaintext',
  cluster: undefined,
  namespace: undefined,
  identity: null,
  ip: unknown('the address of the caller'),
};

export function policySet(policy: CompiledPolicy, gate: GateView, bound: Bound): RequestSet {
  return union(emptySet(gate.space.shape), ...policy.rules.map((rule) => ruleSet(rule, gate, bound)));
}

function ruleSet({ clauses }: CompiledRule, gate: GateView, bound: Bound): RequestSet {
  return intersect(fullSet(gate.space.shape), ...clauses.map((clause) => clauseSet(clause, gate, bound)));
}

function clauseSet({ alternatives }: Clause, gate: GateView, bound: Bound): RequestSet {
  const { shape } = gate.space;
  const sets = alternatives.map(({ conditions }) =>
    intersect(fullSet(shape), ...conditions.map((condition) => conditionSet(condition, gate, bound))),
  );
  return union(emptySet(shape), ...sets);
}

/** Every condition is about one attribute: of the caller, of the request, or of something that all callers have in common. */
function conditionSet(written: Condition, gate: GateView, bound: Bound): RequestSet {
  const { hop, space } = gate;
  if (written.attribute === 'remote.ip' && seesClient(hop)) return satisfying(space, ofClientAddress(written), bound);
  const condition = ofRegisteredClaim(written);
  const { attribute } = condition;
  const { rewritten = asSent } = gate;
  if (isIdentityAttribute(attribute) && hop.peer.kind === 'caller') return callerSet(condition, gate, bound);
  const changed = changedTo(attribute, gate) ?? seenAfter(rewritten, attribute);
  if (changed === undefined && isVisible(attribute, gate) && isTold(space, attribute)) {
    const asked = askedOfSent(rewritten)(condition);
    return satisfying(space, asked, bound, readingOf(written.attribute, gate));
  }
  const seen = isVague(attribute, gate)
    ? unknown('what it says')
    : (changed ?? see(viewAt(hop, anyCaller, { kind: 'tcp' }), attribute));
  const truth = conditionHolds(condition, seen);
  return truth === 'yes' || (truth === 'unknown' && bound === 'possibly')
    ? fullSet(space.shape)
    : emptySet(space.shape);
}

/** What a gate sees instead of what was sent; `undefined` where it is still the same. */
function changedTo(attribute: Attribute, { changed }: GateView): Seen | undefined {
  if (changed === undefined || isTokenAttribute(attribute) || !isHttpAttribute(attribute)) return undefined;
  const header = /^request\.headers\[(.*)\]$/.exec(attribute)?.[1];
  if (changed.everything || changed.unknown.some((name) => header !== undefined && matchesText(name, header))) {
    return unknown('what it has become');
  }
  return header !== undefined && changed.removed.has(header) ? known([]) : undefined;
}

/** Whether nobody knows what a gate sees of an attribute of requests. */
function isVague(attribute: Condition['attribute'], { sight, tokenHeader }: GateView): boolean {
  if (tokenHeader !== undefined && attribute === `request.headers[${tokenHeader}]`) return true;
  return isHeaderOfProxies(attribute) || (sight === 'unknown' && isTokenAttribute(attribute));
}

/** Whether a gate sees what the caller chose: a waypoint or a tunnel hides the caller's address, and only a checked token is read. */
function isVisible(attribute: Condition['attribute'], gate: GateView): boolean {
  const { hop, enforcement, sight } = gate;
  if (attribute === 'source.ip') return hop.addresses?.peer === 'caller' || seesPeer(hop);
  if (!isTokenAttribute(attribute)) return !isVague(attribute, gate);
  return sight === undefined ? enforcement.authentication.length > 0 : sight === 'reads';
}

function seesPeer(hop: Gate['hop']): boolean {
  return hop.addresses === undefined && hop.peer.kind !== 'proxy' && seesAddress(hop);
}

/** `scope` and `permission` are words in every token, other claims where a rule of the gate says so (§6.5). */
function readingOf(attribute: Attribute, { enforcement, wordClaims: own }: GateView): Reading {
  const claim = /^request\.auth\.claims\[(.*)\]$/.exec(attribute)?.[1];
  if (claim === undefined) return 'texts';
  const rules = enforcement.authentication.flatMap((policy) => policy.rules);
  return isOfWords(claim, own ?? rules.flatMap(({ wordClaims }) => wordClaims)) ? 'words' : 'texts';
}

/** Negations turn the bounds around: who perhaps is excluded is not surely admitted. */
function callerSet({ attribute, anyOf, noneOf }: Condition, { space }: GateView, bound: Bound): RequestSet {
  const { callers } = space;
  const everyone = all(callers.classes.length);
  const join = (matchers: Condition['anyOf'], at: Bound) =>
    matchers.reduce((bits, matcher) => bits | callers.matching(attribute, matcher)[at], none);
  const wanted = anyOf.length === 0 ? everyone : join(anyOf, bound);
  const bits = wanted & everyone & ~join(noneOf, opposite(bound));
  return boxSet(space.shape, new Map([[0, bits]]));
}
