import type { Path } from '../../parse/document.js';
import type { Clause, CompiledPolicy, CompiledRule, Condition } from './compiled.js';
import { exactly } from './matcher.js';
import { oldest, type PeerScopes, sidecarScopes } from './peer-authentication.js';
import type { PeerAuthentication, PeerMode } from './policy.js';

/**
 * The DENY policies into which istiod turns PeerAuthentication for one ambient workload (§5.2). This follows istiod's
 * own steps and not the meaning of the modes: attachment and conversion disagree in the three families of §5.4, and
 * what ztunnel then enforces is what counts.
 */
export function ambientPeerPolicies(policies: readonly PeerAuthentication[], rootNamespace: string): CompiledPolicy[] {
  const scopes = sidecarScopes(policies, rootNamespace);
  const attached = attach(scopes);
  const strictest = attached.strict ? strictSource(scopes) : undefined;
  const converted =
    attached.converted && scopes.workload ? convert(scopes.workload, policies, rootNamespace) : undefined;
  return [
    ...(strictest === undefined ? [] : [denial(strictest, [[withoutIdentity(['spec', 'mtls'])]])]),
    ...(converted === undefined ? [] : [converted]),
  ];
}

interface Attachment {
  /** The mesh's static policy "no identity, no entry". */
  readonly strict: boolean;
  /** The workload policy's own conversion. ztunnel skips it when istiod has produced none. */
  readonly converted: boolean;
}

/** Which policies istiod lists for the workload. Only PERMISSIVE ports make an exception to an inherited STRICT (§5.4 a). */
function attach({ mesh, namespace, workload }: PeerScopes): Attachment {
  const inherited = isUnset(namespace?.mode) ? mesh?.mode === 'STRICT' : namespace?.mode === 'STRICT';
  if (workload === undefined) return { strict: inherited, converted: false };
  const has = (...modes: readonly PeerMode[]) => workload.ports.some(({ mode }) => modes.includes(mode));
  if (workload.mode === 'STRICT') {
    const excepted = has('PERMISSIVE', 'DISABLE');
    return { strict: !excepted, converted: excepted };
  }
  if (workload.mode !== 'UNSET' || !inherited) return { strict: false, converted: has('STRICT') };
  return { strict: !has('PERMISSIVE'), converted: has('PERMISSIVE') };
}

/** The conversion looks its parents up again, and wants them to have no selector at all (§5.2, last row). */
function convert(
  workload: PeerAuthentication,
  policies: readonly PeerAuthentication[],
  rootNamespace: string,
): CompiledPolicy | undefined {
  const bare = policies.filter(({ matchLabels }) => matchLabels === undefined);
  const namespace = oldest(bare.filter((policy) => policy.namespace === workload.namespace));
  const mesh = oldest(bare.filter((policy) => policy.namespace === rootNamespace));
  const strictPorts = parentsAlreadyStrict(workload, namespace, mesh) ? [] : portsOf(workload, 'STRICT');
  const exempt = exemptsPorts(workload, namespace, mesh) ? portsOf(workload, 'PERMISSIVE', 'DISABLE') : [];
  const groups = strictPorts.map((port) => [withoutIdentity(place(port)), atPort(port)]);
  const denies = workload.mode === 'STRICT' || mergesStrict(namespace, mesh);
  if (exempt.length > 0)
    groups.push([...(denies ? [withoutIdentity(['spec', 'mtls'])] : []), ...exempt.map(notAtPort)]);
  return groups.length === 0 ? undefined : denial(workload, groups);
}

/** As written in istiod: the mesh's STRICT counts whatever the workload says, which is an error of precedence (§5.4 c). */
function parentsAlreadyStrict(
  workload: PeerAuthentication,
  namespace: PeerAuthentication | undefined,
  mesh: PeerAuthentication | undefined,
): boolean {
  return (
    workload.mode === 'STRICT' ||
    (workload.mode === 'UNSET' && namespace?.mode === 'STRICT') ||
    (isUnset(namespace?.mode) && mesh?.mode === 'STRICT')
  );
}

/** As written in istiod: a namespace policy that is there but UNSET hides the mesh's STRICT (§5.4 b). */
function exemptsPorts(
  workload: PeerAuthentication,
  namespace: PeerAuthentication | undefined,
  mesh: PeerAuthentication | undefined,
): boolean {
  if (workload.mode === 'STRICT') return true;
  return workload.mode === 'UNSET' && (namespace ?? mesh)?.mode === 'STRICT';
}

function mergesStrict(namespace: PeerAuthentication | undefined, mesh: PeerAuthentication | undefined): boolean {
  if (mesh?.mode === 'STRICT' && isUnset(namespace?.mode)) return true;
  return namespace?.mode === 'STRICT';
}

function isUnset(mode: PeerMode | undefined): boolean {
  return mode === undefined || mode === 'UNSET';
}

function portsOf({ ports }: PeerAuthentication, ...modes: readonly PeerMode[]): number[] {
  return ports.filter(({ mode }) => modes.includes(mode)).map(({ port }) => port);
}

/** The policy that made the workload strict, to name it in a trace. */
function strictSource({ mesh, namespace, workload }: PeerScopes): PeerAuthentication | undefined {
  return [workload, namespace, mesh].find((policy) => policy?.mode === 'STRICT');
}

function denial(policy: PeerAuthentication, groups: ReadonlyArray<readonly Condition[]>): CompiledPolicy {
  const rules = groups.map((conditions): CompiledRule => ({ clauses: conditions.map(clauseOf), place: ['spec'] }));
  return { policy, action: 'DENY', provider: undefined, rules, lost: [] };
}

function clauseOf(condition: Condition): Clause {
  return { alternatives: [{ conditions: [condition] }], place: condition.place };
}

function withoutIdentity(where: Path): Condition {
  return { attribute: 'source.principal', field: 'mtls', anyOf: [], noneOf: [{ kind: 'non-empty' }], place: where };
}

function atPort(port: number): Condition {
  return { ...notAtPort(port), anyOf: [exactly(String(port))], noneOf: [] };
}

function notAtPort(port: number): Condition {
  const noneOf = [exactly(String(port))];
  return { attribute: 'destination.port', field: 'portLevelMtls', anyOf: [], noneOf, place: place(port) };
}

function place(port: number): Path {
  return ['spec', 'portLevelMtls', String(port)];
}
