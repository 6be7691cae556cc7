import type { Bits } from '../../algebra/bits.js';
import { accountOfCaller, type CallerClass } from '../../algebra/callers.js';
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
import type { AcceptancePath } from '../../parse/acceptance.js';
import type { Caller, DestinationPort } from '../../resolve/resolved.js';
import { keyOf, type Mode } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { speaksOfPort } from './demands.js';
import { encrypted } from './encrypted.js';
import type { Grant } from './grant.js';
import { grantedSet } from './granted.js';
import { allowedBy, type Layer, type LayerReading } from './layers.js';
import { accepts, type Extent, gapOfSeen, gapOfUnseen } from './meant-callers.js';
import {
  arrivingPlain,
  callersWhere,
  connected,
  everyone,
  guided,
  namingOthers,
  type Situation,
  unseen,
} from './situation.js';
import { foreignTokens, issuersAt } from './tokens.js';

/** What the intents say of one lane: the requests that must be let through, and those that may be. */
interface Bounds {
  readonly must: RequestSet;
  readonly may: RequestSet;
}

/** `elsewhere`: what is allowed by existing policies, where an acceptance lets them stand. */
export function boundsOf(situation: Situation, elsewhere: RequestSet): Bounds {
  return { must: mustPass(situation), may: mayPass(situation, elsewhere) };
}

/** A rule holds at the pods: nothing there can tell by which Service a request came. */
function mayPass(situation: Situation, elsewhere: RequestSet): RequestSet {
  const { demand } = situation;
  const nothing = emptySet(situation.space.shape);
  const allows = here(situation, demand.allow);
  const granted = (grant: Grant) => grantedSet(situation, grant, { extent: 'all', conditions: 'held' });
  const freed = oncePerObject((grant: Grant) => acceptedSet(situation, grant, 'all'));
  const reading: Omit<LayerReading<RequestSet>, 'rules'> = {
    everything: () => fullSet(situation.space.shape),
    either: union,
    both: intersect,
    opens: mayOpen,
  };
  const allowedIf = (meant: (grant: Grant) => RequestSet) =>
    allowedBy(demand.layers, {
      ...reading,
      rules: (grants) => union(nothing, elsewhere, ...here(situation, grants).map(meant)),
    });
  const open = allowedIf(granted);
  const denials = here(situation, demand.deny);
  const denied = denials.map((grant) => deniedForSure(situation, grant));
  const deniedByPort = denials.filter(isByPort).map((grant) => deniedForSure(situation, grant));
  const accepted = acceptedOf(demand, union(nothing, ...allows.map(freed)), () =>
    allowedIf((grant) => union(granted(grant), freed(grant))),
  );
  const passing = union(subtract(open, union(nothing, ...denied)), subtract(accepted, union(nothing, ...deniedByPort)));
  return intersect(passing, encrypted(situation, 'may'));
}

/** Where several layers have to allow, what one accepts the others have to allow or accept as well. */
function acceptedOf({ layers }: Situation['demand'], accepted: RequestSet, allowed: () => RequestSet): RequestSet {
  return layers.length === 1 || isEmpty(accepted) ? accepted : intersect(accepted, allowed());
}

/** Nothing is promised to workloads that nobody has deployed yet: with them the deployment is another one. */
function mustPass(situation: Situation): RequestSet {
  const { demand, space } = situation;
  const promised = promisedAtAll(situation);
  const denials = here(situation, demand.deny);
  const excused = union(
    foreignTokens(space, demand, issuersAt(demand, situation.address)),
    ...denials.map((grant) => deniedPerhaps(situation, grant)),
    ...denials.map((grant) => acceptedSet(situation, grant, 'all')),
  );
  const reachable = callersWhere(situation, ({ source }) => source.kind !== 'future') & connected(situation);
  return intersect(subtract(promised, excused), boxSet(space.shape, new Map([[0, reachable]])));
}

/** What rules and defaults promise, denials apart. */
export function promisedAtAll(situation: Situation): RequestSet {
  const nothing = emptySet(situation.space.shape);
  return allowedBy<RequestSet>(situation.demand.layers, {
    rules: (grants) => union(nothing, ...grants.map((grant) => promisedBy(situation, grant))),
    everything: () => (mayBeAddressed(situation) ? promisedToAll(situation) : promisedInPlaintext(situation)),
    either: union,
    both: intersect,
    opens: (layer, before) => mustOpen(situation, layer, before),
  });
}

/** Whether somebody answers for what other policies allow: a default on every port, an allow rule on its own. */
export function leavesOthers(situation: Situation): boolean {
  const { allow, defaults } = situation.demand;
  const leaves = (each: Parameters<typeof accepts>[0]) => accepts(each, 'existingPolicies');
  return here(situation, allow).some(({ rule }) => leaves(rule)) || (defaults.length > 0 && defaults.every(leaves));
}

/** Rules that speak of the lane's pod port. */
export function here({ demand, address }: Situation, grants: readonly Grant[]): readonly Grant[] {
  return grants.filter((grant) => speaksOfPort(grant, demand.workload, address.podPort));
}

/**
 * Whether a rule promises something of requests addressed like this: one that names a Service of requests to that
 * Service, any other of requests to every Service, and to the pods where no Service leads to the port.
 */
export function isAddressed({ address }: Situation, { target }: Grant): boolean {
  const { named, destination, ports, exceptPorts } = target;
  if (address.kind === 'pod') return !named && !address.isExposed;
  if (!address.isGiven || address.isLed === true) return false;
  if (!named) return true;
  const { service } = destination;
  if (service === undefined || `${service.namespace}/${service.name}` !== address.service) return false;
  const isAddressedPort = (port: DestinationPort) => port.service === address.port;
  return ports === undefined ? !exceptPorts.some(isAddressedPort) : ports.some(isAddressedPort);
}

/**
 * Whoever is named by identity is promised a way on which that identity is seen, if they use the Service; the callers of
 * a wider rule are those that arrive as it says. An address may be anybody's: it promises something to callers from
 * outside, and to those that travel as the destination's own plane does.
 */
function requiredBy(situation: Situation, grant: Grant): RequestSet {
  const secret = connected(situation) & ~arrivingPlain(situation);
  const reading = { extent: 'some', conditions: 'held' } as const;
  const byKind = (kinds: readonly Caller['kind'][], within: Bits) =>
    grantedSet(situation, grant, { ...reading, where: (_, { kind }) => kinds.includes(kind), within });
  const byAddress = grantedSet(situation, grant, {
    ...reading,
    where: (each, caller) => caller.kind === 'addresses' && isNearby(situation, each, caller),
  });
  const anyhow = byKind(['anyone', 'unidentified'], connected(situation));
  const promised = union(
    byKind(['identities', 'namespace'], situation.address.kind === 'service' ? connected(situation) : secret),
    byKind(['anyAuthenticated'], secret),
    intersect(union(anyhow, byAddress), encrypted(situation, 'must')),
  );
  return subtract(promised, namingOthers(situation));
}

/** What a rule promises of requests addressed as they are here. */
export function promisedBy(situation: Situation, grant: Grant): RequestSet {
  const isMeant = here(situation, [grant]).length > 0 && isAddressed(situation, grant);
  return isMeant ? requiredBy(situation, grant) : emptySet(situation.space.shape);
}

/** Pods can be no more closed than the most open default among their Services' own. Without any, everything is allowed. */
function mayOpen({ defaults }: Layer, before: boolean): boolean {
  return defaults.length === 0 ? before : defaults.some(({ value }) => value === 'Allow');
}

/** Requests to the pods themselves may be refused, since a guard may have to. */
function mayBeAddressed({ address }: Situation): boolean {
  return address.kind !== 'pod' && address.isGiven && address.isLed !== true;
}

function mustOpen({ address }: Situation, { defaults, defaultOf }: Layer, before: boolean): boolean {
  const ofService = address.kind === 'pod' ? undefined : defaultOf(address.service);
  if (ofService === undefined && !before) return false;
  return [...defaults, ofService].every((setting) => setting?.value !== 'Deny');
}

function promisedToAll(situation: Situation): RequestSet {
  return subtract(encrypted(situation, 'must'), namingOthers(situation));
}

/** An exception to mutual TLS is for those who use it, also on ports that only pods have. */
function promisedInPlaintext(situation: Situation): RequestSet {
  const { demand, space } = situation;
  const exceptions = demand.plaintext.map((grant) => promisedBy(situation, grant));
  const plain = boxSet(space.shape, new Map([[0, arrivingPlain(situation)]]));
  return intersect(union(emptySet(space.shape), ...exceptions), plain);
}

/**
 * What a denial promises to refuse. Callers for whose way it is accepted are given back. Who has the address of a caller
 * from outside and is none may be refused or not.
 */
function deniedForSure(situation: Situation, grant: Grant): RequestSet {
  const denied = grantedSet(situation, grant, {
    extent: 'some',
    conditions: 'held',
    where: (each, caller) => caller.kind !== 'addresses' || !caller.outside || each.caller.identity === null,
  });
  return grant.rule.accept.length === 0 ? denied : subtract(denied, acceptedSet(situation, grant, 'some'));
}

/** Callers whose address may well be one of those that a rule lists. */
function isNearby(
  situation: Situation,
  { caller: { identity, speaks } }: CallerClass,
  { outside }: Extract<Caller, { kind: 'addresses' }>,
): boolean {
  return identity === null || (!outside && speaks === planeOf(situation));
}

/** Of the workload as it stands, which may have moved since the intents were bound. */
function planeOf({ mesh, demand: { workload } }: Situation): Mode['plane'] | undefined {
  return mesh.clusters.get(workload.cluster)?.cluster.workloads.get(keyOf(workload))?.mode.plane;
}

/**
 * Bytes that cannot be read may be refused by a denial of requests, for nobody can say that they are not meant; and so
 * may the requests of callers by address who come where they cannot be read.
 */
function deniedPerhaps(situation: Situation, grant: Grant): RequestSet {
  const conditions = situation.plan.lane.payload === 'tcp' ? 'ignored' : 'held';
  return union(
    grantedSet(situation, grant, { extent: 'all', conditions }),
    grantedSet(situation, grant, {
      extent: 'all',
      conditions: 'ignored',
      where: (each, caller) => caller.kind === 'addresses' && !isNearby(situation, each, caller),
    }),
  );
}

/** Callers whom an acceptance frees from what a rule says about requests, each by the way on which they come. */
export function acceptedSet(situation: Situation, grant: Grant, extent: Extent): RequestSet {
  const { rule } = grant;
  if (rule.accept.length === 0) return emptySet(situation.space.shape);
  const reading = { extent, conditions: 'ignored' } as const;
  const hidden = unseen(situation);
  const isKin = kinOfAccepted(situation, grant);
  return union(
    grantedSet(situation, grant, {
      ...reading,
      within: hidden,
      where: (_, caller) => isAccepted(rule, gapOfUnseen(caller, rule)),
    }),
    grantedSet(situation, grant, {
      ...reading,
      within: everyone(situation) & ~hidden & ~guided(situation),
      where: (each) => isAccepted(rule, gapOfSeen(each)) || isKin(each),
    }),
  );
}

/** An acceptance lets an identity past: who is deployed as it later, and who shares it already where that is accepted as well. */
function kinOfAccepted({ space }: Situation, { rule }: Grant): (each: CallerClass) => boolean {
  const accepted = space.callers.classes.filter(
    (each) => each.source.kind !== 'future' && isAccepted(rule, gapOfSeen(each)),
  );
  const accounts = new Set(accepted.map(accountOfCaller));
  return (each) =>
    (each.source.kind === 'future' || accepts(rule, 'sharedIdentity')) && accounts.has(accountOfCaller(each));
}

function isAccepted(rule: Grant['rule'], gap: AcceptancePath | undefined): boolean {
  return gap !== undefined && accepts(rule, gap);
}

function isByPort({ target: { conditions } }: Grant): boolean {
  return conditions.length === 0;
}
