import type { Mesh } from '../mesh/mesh.js';
import { sightOf } from '../mesh/paths/hops.js';
import type { CompiledPolicy } from '../mesh/policies/compiled.js';
import { askingPolicies, type Enforcement } from '../mesh/policies/enforcement.js';
import { exactly } from '../mesh/policies/matcher.js';
import { groupBy, sortedUnique } from '../util/order.js';
import { changesRequests, partsByAuthorizer } from './authorizer-sets.js';
import { none } from './bits.js';
import { type HostWay, waysByHost } from './by-host.js';
import { type Bound, opposite, satisfying } from './conditions.js';
import { isDoubtful } from './doubt.js';
import { type GateView, policySet } from './gate-sets.js';
import type { Gate, LanePlan, Way } from './lane.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, subtract, union } from './request-set.js';
import { keyOfRewritten } from './routes/rewritten.js';
import { nowhere } from './routes/routed-ways.js';
import { type Choice, tableSets } from './routes/table-sets.js';
import type { Space } from './space.js';
import { acceptedTokens, tokenParts } from './token-sets.js';
import { withoutToken } from './token-space.js';
import { type TokensBefore, tokensBefore } from './tokens-before.js';
import { realRequests } from './universe.js';

/** What a lane lets through. The two sets differ exactly where the model lacks a fact. */
export interface Reach {
  readonly surely: RequestSet;
  readonly possibly: RequestSet;
  /** By external authorizer, sorted: the requests that it is asked about, among those that may pass. */
  readonly asks: ReadonlyMap<string, RequestSet>;
}

/** Everything that a lane lets through, for all callers at once. */
export function reachOf(mesh: Mesh, space: Space, plan: LanePlan): Reach {
  const ways = waysByHost(mesh, space, plan);
  const all = ways.map(({ way }) => way);
  const real = realRequests(mesh, space);
  const passing = (bound: Bound) => {
    const setOf = gateSets(space, bound);
    const passed = ways.map((way) => ({ way, set: waySet(way, space, bound, setOf) }));
    const onSome = union(emptySet(space.shape), ...passed.map(({ set }) => set));
    const drawn = bound === 'surely' ? passed.filter(({ way }) => way.isDrawn) : [];
    const open = drawn.map(({ way, set }) => subtract(mayCome(way, space), set));
    return intersect(real, subtract(onSome, union(emptySet(space.shape), ...open)));
  };
  const surely = passing('surely');
  const isOpen = ways.some(({ isDrawn }) => isDrawn) || isDoubtful({ ...plan, ways: all });
  const possibly = isOpen ? passing('possibly') : surely;
  return { surely, possibly, asks: askedOf(ways, space, possibly) };
}

function mayCome({ way, requests }: HostWay, space: Space): RequestSet {
  return intersect(requests, comingSet(way, space, 'possibly'));
}

/** Callers that differ only in who they are, and not in what is seen of them, meet the same gate, so its set is made once. */
function gateSets(space: Space, bound: Bound): GateSets {
  const sets = new Map<Enforcement, Map<string, RequestSet>>();
  return (gate, before) => {
    const known = sets.get(gate.enforcement) ?? new Map<string, RequestSet>();
    const key = `${sightOf(gate.hop)} ${rewrittenKey(gate)} ${before}`;
    const set = known.get(key) ?? gateSet(gate, space, bound, before);
    sets.set(gate.enforcement, known.set(key, set));
    return set;
  };
}

type GateSets = (gate: Gate, before: TokensBefore) => RequestSet;

function waySet({ way, requests }: HostWay, space: Space, bound: Bound, setOf: GateSets): RequestSet {
  const isEnd = way.stop !== undefined && (way.stop.kind !== 'not-modelled' || bound === 'surely');
  if (isEnd) return emptySet(space.shape);
  const gates = way.gates.map((gate, index) => {
    const earlier = way.gates.slice(0, index);
    if (gate.hop.chain === 'http' && earlier.some(changesRequests)) {
      return bound === 'surely' ? emptySet(space.shape) : trustedSet(gate, space);
    }
    const before = tokensBefore(gate, earlier);
    const set = setOf(gate, before);
    return before === 'perhaps taken' && bound === 'surely' ? intersect(set, withoutToken(space)) : set;
  });
  return gates.reduce((left, right) => intersect(left, right), intersect(requests, comingSet(way, space, bound)));
}

/** The requests that come to the pods of a lane at all: others are led elsewhere, or answered on the way. */
export function comingTo({ ways }: LanePlan, space: Space, bound: Bound): RequestSet {
  const led = ways.filter(({ stop }) => stop !== nowhere.stop);
  if (led.length === ways.length && ways.every(({ choices = [] }) => choices.length === 0)) return fullSet(space.shape);
  return union(emptySet(space.shape), ...led.map((way) => comingSet(way, space, bound)));
}

/** The requests for which proxies choose a way, whatever is said of them there. */
export function comingSet(
  { callers, choices = [], served }: Pick<Way, 'callers' | 'choices' | 'served'>,
  space: Space,
  bound: Bound,
): RequestSet {
  const all = boxSet(space.shape, new Map([[0, callers]]));
  const everything = served === undefined ? all : intersect(all, satisfying(space, served.host, bound));
  return choices.reduce((set, choice) => intersect(set, chosenSet(choice, space, bound)), everything);
}

/** The requests for which the entries decide that lead this way (T-10). */
function chosenSet({ point, entries }: Choice, space: Space, bound: Bound): RequestSet {
  const sets = tableSets(space)(point)[bound];
  return union(emptySet(space.shape), ...entries.flatMap((entry) => sets[entry] ?? []));
}

const rewrittenKey = ({ rewritten }: Gate) => (rewritten === undefined ? '' : keyOfRewritten(rewritten));

/** What a gate lets through, of the requests whose tokens it reads and of the others (§6.3). */
function gateSet(gate: Gate, space: Space, bound: Bound, before: TokensBefore): RequestSet {
  if (gate.enforcement.undecided !== undefined) {
    return bound === 'surely' ? emptySet(space.shape) : trustedSet(gate, space);
  }
  const all = tokenParts(gate, space, before).flatMap((part) => partsByAuthorizer(gate, space, part));
  const parts = all.map(({ requests, ...part }) => {
    const accepted = acceptedTokens(gate, space, part.sight, bound);
    return intersect(intersect(requests, accepted), admittedSet({ ...gate, ...part, space }, bound));
  });
  return union(emptySet(space.shape), ...parts);
}

/** The same questions as for one request, in the same order: handshake, authorizers, DENY, ALLOW (§2.6). */
function admittedSet(gate: GateView, bound: Bound): RequestSet {
  const { policies } = gate.enforcement;
  const { shape } = gate.space;
  const setOf = (action: string, at: Bound) =>
    union(
      emptySet(shape),
      ...policies.filter((policy) => policy.action === action).map((policy) => policySet(policy, gate, at)),
    );
  const allows = policies.some(({ action }) => action === 'ALLOW');
  const admitted = allows ? setOf('ALLOW', bound) : fullSet(shape);
  const undenied = subtract(admitted, setOf('DENY', opposite(bound)));
  const unasked = subtract(undenied, refusedByProviders(gate, bound));
  return intersect(unasked, handshakeSet(gate, bound));
}

function handshakeSet({ hop, enforcement, space }: GateView, bound: Bound): RequestSet {
  const { peerMode, notModelled } = enforcement;
  const doubtful = notModelled !== undefined && bound === 'surely';
  if (hop.peer.kind === 'unknown' && hop.peer.mayFail && bound === 'surely') return emptySet(space.shape);
  if (hop.peer.kind === 'nobody' && (peerMode === 'STRICT' || doubtful)) return emptySet(space.shape);
  return trustedSet({ hop, enforcement }, space);
}

function trustedSet({ hop, enforcement }: Gate, space: Space): RequestSet {
  if (hop.peer.kind !== 'caller') return fullSet(space.shape);
  const trusted = enforcement.trustDomains
    .map((trustDomain) => space.callers.matching('source.trustDomain', exactly(trustDomain)).surely)
    .reduce((left, right) => left | right, none);
  return boxSet(space.shape, new Map([[0, trusted]]));
}

/**
 * Some authorizers refuse all they select (§7). Elsewhere it must only be certain whether one is asked, which hangs on what
 * it speaks on a TCP chain (§2.5).
 */
function refusedByProviders({ hop, enforcement, space, tokenHeader }: GateView, bound: Bound): RequestSet {
  // Authorizers are asked about requests as they arrive.
  const gate = { hop, enforcement, space, tokenHeader };
  const { refusedProviders, doubtfulProviders } = enforcement;
  const providers = [...groupBy(askingPolicies(enforcement), ({ provider = '' }) => provider)];
  const nothing = emptySet(gate.space.shape);
  const selected = (group: readonly CompiledPolicy[], at: Bound) =>
    union(nothing, ...group.map((policy) => policySet(policy, gate, at)));
  const certain = (name: string, group: readonly CompiledPolicy[]) =>
    doubtfulProviders.has(name) ? nothing : selected(group, 'surely');
  const refused = ([name, group]: readonly [string, readonly CompiledPolicy[]]) => {
    if (refusedProviders.has(name)) return selected(group, opposite(bound));
    return bound === 'possibly' ? nothing : subtract(selected(group, 'possibly'), certain(name, group));
  };
  return union(nothing, ...providers.map(refused));
}

function askedOf(ways: readonly HostWay[], space: Space, passing: RequestSet): ReadonlyMap<string, RequestSet> {
  const asked = ways.flatMap((hostWay) =>
    hostWay.way.gates.flatMap((gate) =>
      askingPolicies(gate.enforcement).map((policy) => {
        const selected = policySet(policy, { ...gate, space }, 'possibly');
        return { provider: policy.provider ?? '', set: intersect(mayCome(hostWay, space), selected, passing) };
      }),
    ),
  );
  return new Map(
    sortedUnique(asked.map(({ provider }) => provider)).map((name) => [
      name,
      union(emptySet(space.shape), ...asked.filter(({ provider }) => provider === name).map(({ set }) => set)),
    ]),
  );
}
