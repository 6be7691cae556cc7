import { type Bits, bitsWhere, firstOf as firstBit, hasBit, none } from '../algebra/bits.js';
import type { LanePlan } from '../algebra/lane.js';
import { anyMember, type Choice, isEmpty, type RequestSet } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { requestAt } from '../algebra/witness.js';
import type { Details } from '../diagnostics/create.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide } from '../mesh/decide.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Destination, describeRequest, isUsualHost, type Request, type Token } from '../mesh/request.js';
import type { Comparison } from './compare.js';
import { commonWishes, type Wishes } from './wishes.js';

/** One concrete request, decided on its own: the proof of a finding. */
export interface Evidence extends Decision {
  /** The policies that refuse it today, all by mistake: it is decided so once they are mended. */
  readonly refusing?: readonly string[];
}

/** A request of a set that the mesh decides as expected; `undefined` when the set is empty. */
export function evidenceIn(
  mesh: Mesh,
  { plan, space }: { readonly plan: LanePlan; readonly space: Space },
  set: RequestSet,
  expected: Evidence['verdict']['kind'],
  wishes: Wishes = commonWishes,
): Evidence | undefined {
  if (isEmpty(set)) return undefined;
  const member = anyMember(set, pleasantChoice(space, pleasantCallers(space, plan), wishes));
  const request = member && requestAt(space, plan.lane, member);
  return request === undefined ? undefined : evidenceOf(mesh, request, expected);
}

/** A request that gets in and would not, or else one that is refused and would not be. */
export function evidenceOfDifference(
  { mesh }: { readonly mesh: Mesh },
  comparison: Comparison,
  wishes: Wishes = commonWishes,
): Evidence | undefined {
  const { slips, refused } = comparison;
  return (
    evidenceIn(mesh, comparison, slips, 'allowed', wishes) ?? evidenceIn(mesh, comparison, refused, 'denied', wishes)
  );
}

export function evidenceOf(mesh: Mesh, request: Request, expected: Evidence['verdict']['kind']): Evidence | undefined {
  const decision = decide(mesh, request);
  return decision.verdict.kind === expected ? decision : undefined;
}

/** A caller with a certificate says more than an unauthenticated client, but for who calls a gateway; and than a workload that calls itself. */
function pleasantCallers({ callers }: Space, { lane: { destination } }: LanePlan): Bits {
  const own = ownerOf(destination);
  const isFromOutside = destination.kind === 'gateway';
  return bitsWhere(callers.classes.length, (index) => {
    const known = callers.classes[index];
    if (known === undefined) return false;
    if (isFromOutside) return known.caller.cluster === undefined;
    return known.caller.identity !== null && !known.members.includes(own);
  });
}

function ownerOf(destination: Destination): string {
  if (destination.kind === 'external') return destination.host;
  return destination.kind === 'gateway' ? destination.gateway : destination.workload;
}

/** In every dimension the first wish that can be granted, or else the first atom. */
function pleasantChoice({ dimensions }: Space, welcome: Bits, wishes: Wishes): Choice {
  return (position, atoms) => {
    if (position === 0) return firstBit((atoms & welcome) === none ? atoms : atoms & welcome);
    const dimension = dimensions[position - 1];
    if (dimension?.kind !== 'value') return firstBit(atoms);
    const indexes = (wishes.get(dimension.attribute) ?? []).map((value) =>
      dimension.atoms.findIndex(({ values }) => values[0] === value),
    );
    return indexes.find((index) => index >= 0 && hasBit(atoms, index)) ?? firstBit(atoms);
  };
}

/** The evidence as a diagnostic's witness, and the law as its note. */
export function proofOf(evidence: Evidence | undefined, ...laws: readonly string[]): Details {
  const notes = laws.map((message) => ({ message }));
  return evidence === undefined ? { notes } : { witness: inWords(evidence), notes };
}

/** Which Host headers a witness names: one that every client of the Service sends is usually not what matters. */
type NamedHosts = 'unusual hosts' | 'every host';

export function inWords(
  { request, verdict, because, refusing }: Evidence,
  named: NamedHosts = 'unusual hosts',
): string {
  const outcome = { allowed: 'is let through', denied: 'is refused', 'not-modelled': 'cannot be decided' }[
    verdict.kind
  ];
  const once = refusing === undefined ? '' : `once ${refusalOf(refusing)} everything, `;
  return `${once}${describeRequest(request)}${attributesOf(request, named)} ${outcome}: ${because}`;
}

function refusalOf(policies: readonly string[]): string {
  const names = policies.map((policy) => `\`${policy}\``).join(' and ');
  return `${names} no longer ${policies.length === 1 ? 'refuses' : 'refuse'}`;
}

function attributesOf({ source, destination, payload }: Request, named: NamedHosts): string {
  const ip = source.ip === undefined ? [] : [`address ${source.ip}`];
  if (payload.kind === 'tcp') return listed(ip);
  const { host, headers, token } = payload;
  const isNamed = host !== 'any' && (named === 'every host' || !isUsualHost(destination, host));
  return listed([
    ...ip,
    ...(isNamed ? [`host ${host}`] : []),
    ...Object.entries(headers).map(([name, value]) => `header ${name}: ${value}`),
    ...(token === undefined ? [] : [`${token.valid ? 'a' : 'a forged'} token of ${token.issuer}${typesOf(token)}`]),
  ]);
}

/** The claims that are no texts. */
function typesOf({ claims }: Token): string {
  const typed = Object.entries(claims).filter(([, values]) => values.some((value) => typeof value !== 'string'));
  return typed.map(([name, values]) => ` whose \`${name}\` is ${values.join(', ')}`).join(' and');
}

function listed(parts: readonly string[]): string {
  return parts.length === 0 ? '' : ` with ${parts.join(', ')}`;
}
