import { parseBlock } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Hop, notModelled, type Stop } from '../mesh/paths/hops.js';
import { hostChoice, routedNames } from '../mesh/paths/host-choice.js';
import { namesFor } from '../mesh/paths/host-names.js';
import { pathOf } from '../mesh/paths/paths.js';
import { routingDoubt } from '../mesh/paths/routing-doubt.js';
import { namespacesThatMatter } from '../mesh/paths/visibility.js';
import { type CompiledPolicy, conditionsOf } from '../mesh/policies/compiled.js';
import { type Enforcement, enforcementAt } from '../mesh/policies/enforcement.js';
import { exactly, type Matcher } from '../mesh/policies/matcher.js';
import type { RequestAuthentication } from '../mesh/policies/policy.js';
import { preflightHeaders } from '../mesh/policies/token-places.js';
import type { Destination, Payload } from '../mesh/request.js';
import type { Attribute } from '../mesh/view.js';
import { oncePer, oncePerObject } from '../util/once.js';
import type { CallerKind, Callers } from './callers.js';
import { ofClientAddress } from './client-address.js';
import type { Constants } from './constants.js';
import { mergeConstants } from './constants.js';
import { ofRegisteredClaim } from './registered-claims.js';

/** One way in: a destination as it is addressed, and the kind of bytes. Everything else about a request is in the space. */
export interface Lane {
  readonly destination: Destination;
  readonly payload: Payload['kind'];
}

/** A lane with what stands in it, for each kind of caller. */
export interface LanePlan {
  readonly lane: Lane;
  readonly ways: readonly Way[];
}

/** Callers that take the same path. */
export interface Way extends CallerKind {
  readonly stop: Stop | undefined;
  readonly gates: readonly Gate[];
  /** Whether a Host header brings a request this way; absent where every one does (istio-traffic-topology T-92). */
  readonly comesWith?: (host: string) => boolean;
  /** Whether these requests name nothing that the callers' sidecars know, and leave in plaintext. */
  readonly isPassedOn?: true;
}

export interface Gate {
  readonly hop: Hop;
  readonly enforcement: Enforcement;
}

/** Finds the path of every kind of caller, and what is enforced on it; whoever plans many lanes may remember the latter. */
export function planLane(mesh: Mesh, callers: Callers, lane: Lane, enforce = enforcementAt): LanePlan {
  const kinds = dependsOnNamespace(mesh, lane) ? callers.kindsByNamespace : callers.kinds;
  const enforced = oncePer(enforce, ({ point, chain }) => `${point.kind} ${chain}`);
  const gateOf = (hop: Hop): Gate => ({ hop, enforcement: enforced(hop) });
  return { lane, ways: kinds.flatMap((kind) => planWays(mesh, kind, lane, gateOf)) };
}

/** DestinationRules that set TLS for the service, and to whom it is exported, are a matter of the caller's namespace. */
export function dependsOnNamespace(mesh: Mesh, { destination }: Lane): boolean {
  return namespacesThatMatter(mesh, destination).length > 0;
}

/** Any request of the kind takes the same path: nothing in it is looked at before the first gate. */
const samples: Readonly<Record<Payload['kind'], Payload>> = {
  tcp: { kind: 'tcp' },
  http: { kind: 'http', method: 'GET', path: '/', host: '', headers: {} },
};

/**
 * A sidecar goes by the Host header: with another than the names of the Service a request leaves in plaintext, or goes to
 * what has that name. Where no policy compares hosts, requests are those that name the Service.
 */
function planWays(mesh: Mesh, kind: CallerKind, lane: Lane, gateOf: (hop: Hop) => Gate): readonly Way[] {
  const way = planWay(mesh, kind, lane, gateOf);
  const routed = hostRoutedService(mesh, kind, lane);
  if (routed === undefined || (way.stop === undefined && !comparesHosts(way))) return [way];
  const { caller } = kind.representative;
  const choice = (host: string) => hostChoice(routed.at, caller, routed, host);
  const inPlaintext = {
    ...kind,
    representative: { ...kind.representative, caller: { ...caller, speaks: 'plaintext', identity: null } as const },
  };
  const passedOn = planWay(mesh, inPlaintext, lane, gateOf);
  if (!comparesHosts(passedOn)) return [way];
  return [
    { ...way, comesWith: (host) => choice(host) === 'the Service' },
    { ...passedOn, ...kind, comesWith: (host) => choice(host) === 'nothing known', isPassedOn: true },
  ];
}

function comparesHosts({ gates }: Way): boolean {
  const policies = gates.flatMap(({ enforcement }) => enforcement.policies);
  return policies.flatMap(conditionsOf).some(({ attribute }) => attribute === 'request.host');
}

/** The Service of a lane, where sidecars choose by the Host header who gets what is sent to its port. */
export function hostRoutedService(
  { clusters }: Mesh,
  { representative }: Pick<CallerKind, 'representative'>,
  { destination, payload }: Lane,
) {
  const at = clusters.get(destination.cluster);
  if (at === undefined || destination.kind !== 'service' || payload === 'tcp') return undefined;
  if (representative.caller.speaks !== 'sidecar' || representative.caller.cluster !== destination.cluster)
    return undefined;
  const service = at.cluster.services.get(destination.service);
  const port = service?.ports.find(({ number }) => number === destination.port);
  return service === undefined || port?.layer !== 'http' ? undefined : { at, service, port };
}

function planWay(mesh: Mesh, kind: CallerKind, { destination, payload }: Lane, gateOf: (hop: Hop) => Gate): Way {
  const { caller } = kind.representative;
  const path = pathOf(mesh, caller, destination, samples[payload]);
  const doubt = path.kind === 'path' ? routingDoubt(mesh, caller, destination, payload) : undefined;
  if (doubt !== undefined) return { ...kind, stop: notModelled(doubt), gates: [] };
  if (path.kind !== 'path') return { ...kind, stop: path, gates: [] };
  return { ...kind, stop: undefined, gates: path.hops.map(gateOf) };
}

/** Everything that the gates of a lane compare requests with. */
export function constantsOf(mesh: Mesh, plan: LanePlan): Constants {
  const constants = mergeConstants([...comparersOf(plan).map(comparedBy), namesOfService(mesh, plan)]);
  return constants.has('source.ip') ? mergeConstants([constants, ofOutsiders(mesh)]) : constants;
}

/** The names by which sidecars choose the Service of a lane, with any port. */
function namesOfService({ clusters }: Mesh, { lane: { destination }, ways }: LanePlan): Constants {
  if (destination.kind !== 'service' || ways.every(({ comesWith }) => comesWith === undefined)) return new Map();
  const at = clusters.get(destination.cluster);
  const service = at?.cluster.services.get(destination.service);
  const names = at === undefined || service === undefined ? [] : [...namesFor(service), ...routedNames(at)];
  const matchers = names.flatMap((name): readonly Matcher[] => [
    { kind: 'exact', value: name, ignoreCase: true },
    { kind: 'prefix', value: `${name}:`, ignoreCase: true },
  ]);
  return new Map([['request.host', matchers]]);
}

/** The authorization policies on a lane, each once. */
export const policiesOf = oncePerObject((plan: LanePlan): readonly CompiledPolicy[] => {
  return [...new Set(enforcementsOf(plan).flatMap(({ policies }) => policies))];
});

/** What compares requests: an authorization policy as a plane enforces it, or what asks for tokens. */
export type Comparer = CompiledPolicy | RequestAuthentication;

/** All that compare requests on a lane, each once. */
export function comparersOf(plan: LanePlan): readonly Comparer[] {
  return [...policiesOf(plan), ...new Set(enforcementsOf(plan).flatMap(({ authentication }) => authentication))];
}

const enforcementsOf = oncePerObject(({ ways }: LanePlan): readonly Enforcement[] => {
  return [...new Set(ways.flatMap(({ gates }) => gates.map(({ enforcement }) => enforcement)))];
});

/** Everything that one of them compares requests with. */
export const comparedBy = oncePerObject((comparer: Comparer): Constants => {
  if ('kind' in comparer) return comparedWithTokens(comparer);
  return mergeConstants(
    conditionsOf(comparer)
      .map(ofRegisteredClaim)
      .map(ofClientAddress)
      .map(({ attribute, anyOf, noneOf }) => new Map([[attribute, [...anyOf, ...noneOf]]])),
  );
});

function comparedWithTokens({ rules }: RequestAuthentication): Constants {
  const subject = { kind: 'non-empty' } as const;
  const issuers = rules.map(
    ({ issuer }) => ({ kind: 'issuer-and-subject', issuer: exactly(issuer), subject }) as const,
  );
  return new Map<Attribute, readonly Matcher[]>([
    ['request.auth.principal', issuers],
    ['request.auth.audiences', rules.flatMap((rule) => rule.audiences.map(exactly))],
    ['request.method', [exactly('OPTIONS')]],
    ...preflightHeaders.map((name) => [`request.headers[${name}]`, [{ kind: 'present' }]] as const),
  ]);
}

function ofOutsiders({ topology }: Mesh): Constants {
  const blocks = topology.mesh.callers.flatMap(({ ipBlocks }) => ipBlocks).filter((block) => parseBlock(block));
  return new Map([['source.ip', blocks.map((block) => ({ kind: 'block', block }) as const)]]);
}
