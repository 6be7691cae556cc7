import { parseBlock } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import type { Hop, Stop } from '../mesh/paths/hops.js';
import { pathOf } from '../mesh/paths/paths.js';
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
  return { lane, ways: kinds.map((kind) => planWay(mesh, kind, lane, gateOf)) };
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

function planWay(mesh: Mesh, kind: CallerKind, { destination, payload }: Lane, gateOf: (hop: Hop) => Gate): Way {
  const path = pathOf(mesh, kind.representative.caller, destination, samples[payload]);
  if (path.kind !== 'path') return { ...kind, stop: path, gates: [] };
  return { ...kind, stop: undefined, gates: path.hops.map(gateOf) };
}

/** Everything that the gates of a lane compare requests with. */
export function constantsOf(mesh: Mesh, plan: LanePlan): Constants {
  const constants = mergeConstants(comparersOf(plan).map(comparedBy));
  return constants.has('source.ip') ? mergeConstants([constants, ofOutsiders(mesh)]) : constants;
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
