import { viewAt } from '../mesh/decide.js';
import { isIdentityAttribute, isTokenAttribute } from '../mesh/fields.js';
import type { Caller } from '../mesh/paths/caller.js';
import type { Clause, CompiledPolicy, CompiledRule, Condition } from '../mesh/policies/compiled.js';
import { conditionHolds } from '../mesh/policies/evaluate.js';
import { wordsOfClaim } from '../mesh/policies/token.js';
import { known, type Truth, unknown } from '../mesh/truth.js';
import { isHeaderOfProxies, see } from '../mesh/view.js';
import { all, type Bits, bitsWhere, none } from './bits.js';
import type { Gate } from './lane.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, union } from './request-set.js';
import type { Space } from './space.js';

/** Which of two bounds a set is: the requests for which something surely holds, or those for which it may. */
export type Bound = 'surely' | 'possibly';

/** What a gate makes of tokens: it reads what they say, looks at none, or might read one that nobody knows. */
export type TokenSight = 'reads' | 'looks-away' | 'unknown';

/** A gate within a space. */
export interface GateView extends Gate {
  readonly space: Space;
  /** Of some requests; without it, whether anything is authenticated here decides. */
  readonly sight?: TokenSight;
  /** Whether all of them carry a token. */
  readonly carriesToken?: boolean;
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

export function opposite(bound: Bound): Bound {
  return bound === 'surely' ? 'possibly' : 'surely';
}

export function policySet(policy: CompiledPolicy, gate: GateView, bound: Bound): RequestSet {
  return union(emptySet(gate.space.shape), ...policy.rules.map((rule) => ruleSet(rule, gate, bound)));
}

function ruleSet({ clauses }: CompiledRule, gate: GateView, bound: Bound): RequestSet {
  return clauses
    .map((clause) => clauseSet(clause, gate, bound))
    .reduce((left, right) => intersect(left, right), fullSet(gate.space.shape));
}

function clauseSet({ alternatives }: Clause, gate: GateView, bound: Bound): RequestSet {
  const { shape } = gate.space;
  const sets = alternatives.map(({ conditions }) => {
    const box = new Map<number, Bits>();
    for (const condition of conditions) {
      const { dimension, bits } = conditionBits(condition, gate, bound);
      box.set(dimension, (box.get(dimension) ?? all(shape.sizes[dimension] ?? 0)) & bits);
    }
    return boxSet(shape, box);
  });
  return union(emptySet(shape), ...sets);
}

interface Cut {
  readonly dimension: number;
  readonly bits: Bits;
}

/** Every condition is about one attribute, so it cuts one dimension, or none at all where all callers look the same. */
function conditionBits(condition: Condition, gate: GateView, bound: Bound): Cut {
  const { attribute } = condition;
  const { hop, space } = gate;
  const holds = (truth: Truth) => (bound === 'surely' ? truth === 'yes' : truth !== 'no');
  if (isIdentityAttribute(attribute) && hop.peer.kind === 'caller') return callerCut(condition, gate, bound);
  const position = isVisible(attribute, gate) ? space.positions.get(attribute) : undefined;
  if (position !== undefined) return attributeCut(condition, position, gate, holds);
  const seen = isVague(attribute, gate)
    ? unknown('what it says')
    : see(viewAt(hop, anyCaller, { kind: 'tcp' }), attribute);
  return { dimension: 0, bits: holds(conditionHolds(condition, seen)) ? all(space.callers.classes.length) : none };
}

/** Whether nobody knows what a gate sees of an attribute of requests. */
function isVague(attribute: Condition['attribute'], { sight, carriesToken }: GateView): boolean {
  if (attribute === 'request.headers[authorization]') return carriesToken === true;
  return isHeaderOfProxies(attribute) || (sight === 'unknown' && isTokenAttribute(attribute));
}

/** Whether a gate sees what the caller chose: a waypoint hides the caller's address, and only a checked token is read. */
function isVisible(attribute: Condition['attribute'], gate: GateView): boolean {
  const { hop, enforcement, sight } = gate;
  if (attribute === 'source.ip') return hop.peer.kind !== 'proxy';
  if (!isTokenAttribute(attribute)) return !isVague(attribute, gate);
  return sight === undefined ? enforcement.authentication.length > 0 : sight === 'reads';
}

function attributeCut(condition: Condition, position: number, gate: GateView, holds: (truth: Truth) => boolean): Cut {
  const { attribute, atoms } = gate.space.dimensions[position - 1] ?? { attribute: condition.attribute, atoms: [] };
  const claim = /^request\.auth\.claims\[(.*)\]$/.exec(attribute)?.[1];
  const read = (values: readonly string[]) =>
    claim === undefined ? values : wordsOfClaim(claim, values, wordClaimsAt(gate));
  const bits = bitsWhere(atoms.length, (index) =>
    holds(conditionHolds(condition, known(read(atoms[index]?.values ?? [])))),
  );
  return { dimension: position, bits };
}

function wordClaimsAt({ enforcement }: GateView): readonly string[] {
  return enforcement.authentication.flatMap(({ rules }) => rules.flatMap(({ wordClaims }) => wordClaims));
}

/** Negations turn the bounds around: who perhaps is excluded is not surely admitted. */
function callerCut({ attribute, anyOf, noneOf }: Condition, { space }: GateView, bound: Bound): Cut {
  const { callers } = space;
  const everyone = all(callers.classes.length);
  const join = (matchers: Condition['anyOf'], at: Bound) =>
    matchers.reduce((bits, matcher) => bits | callers.matching(attribute, matcher)[at], none);
  const wanted = anyOf.length === 0 ? everyone : join(anyOf, bound);
  return { dimension: 0, bits: wanted & everyone & ~join(noneOf, opposite(bound)) };
}
