import type { Span } from '../diagnostics/diagnostic.js';
import type { Decision } from '../mesh/decide/decision.js';
import { peerAuthenticationAt, requestAuthenticationAt } from '../mesh/policies/attach.js';
import type { HopOutcome, HopTrace, PolicyTrace } from '../mesh/policies/decide-hop.js';
import { sidecarScopes } from '../mesh/policies/peer-authentication.js';
import type { Policy } from '../mesh/policies/policy.js';
import { type Path, spanIn } from '../parse/document.js';

/** A policy that decided, and the part of it that did. */
export interface Responsible {
  readonly cluster: string;
  readonly kind: Policy['kind'];
  readonly namespace: string;
  readonly name: string;
  /** `lets through`, `denies`, or `admits others only`. */
  readonly role: 'allows' | 'denies' | 'admits others';
  /** The index of its rule, where one rule decided. */
  readonly rule: number | undefined;
  readonly span: Span;
  /** What the object says of where it comes from (`ambit.dev/intents`), in order. */
  readonly intents: readonly string[];
}

/** Who decided: the policy that stopped the request, or at each enforcement point the one that let it through. */
export function responsibleFor({ trace, verdict }: Decision): readonly Responsible[] {
  return (verdict.kind === 'denied' ? trace.slice(-1) : trace).flatMap(responsibleAt);
}

/** Who decided at one enforcement point. */
export function responsibleAt(hop: HopTrace): readonly Responsible[] {
  if (hop.outcome.kind === 'denied') return stoppedBy(hop, hop.outcome);
  return withAction(hop, 'ALLOW', 'yes').slice(0, 1).map(byRule(hop, 'allows'));
}

type Denied = Extract<HopOutcome, { kind: 'denied' }>;

function stoppedBy(hop: HopTrace, { byToken, providers }: Denied): readonly Responsible[] {
  if (providers !== undefined) return withAction(hop, 'CUSTOM', 'yes').map(byRule(hop, 'denies'));
  if (byToken === true) return byAuthentication(hop);
  const [denier] = withAction(hop, 'DENY', 'yes');
  if (denier !== undefined) return [byRule(hop, 'denies')(denier)];
  const others = hop.policies.filter(({ action }) => action === 'ALLOW').map(byRule(hop, 'admits others'));
  return others.length > 0 && hop.policies.length > 0 ? others : byHandshake(hop);
}

function withAction({ policies }: HopTrace, action: string, matched: PolicyTrace['matched']): readonly PolicyTrace[] {
  return policies.filter((policy) => policy.action === action && policy.matched === matched);
}

function byRule({ hop }: HopTrace, role: Responsible['role']): (policy: PolicyTrace) => Responsible {
  return ({ policy, rules }) => {
    const written = rules.find(({ matched }) => matched === 'yes')?.place;
    const place = written ?? ['metadata', 'name'];
    return responsible(hop.mesh.cluster.name, policy, role, place, indexIn(place));
  };
}

/** A rule of an ALLOW policy, whether or not it decided anything. */
export function allowingRule(cluster: string, policy: Policy, place: Path): Responsible {
  return responsible(cluster, policy, 'allows', place, indexIn(place));
}

/** Which of the written rules a place is in: rules that a plane drops make its own count another. */
function indexIn([, field, index]: Path): number | undefined {
  return field === 'rules' && typeof index === 'number' ? index : undefined;
}

function byAuthentication({ hop }: HopTrace): readonly Responsible[] {
  return requestAuthenticationAt(hop.point, hop.mesh).map((policy) =>
    responsible(hop.mesh.cluster.name, policy, 'denies', ['spec', 'jwtRules'], undefined),
  );
}

/** The nearest PeerAuthentication that sets a mode decides what a sidecar accepts (§5.1). */
function byHandshake({ hop }: HopTrace): readonly Responsible[] {
  const { point, mesh, port } = hop;
  if (point.kind !== 'sidecar') return [];
  const scopes = sidecarScopes(peerAuthenticationAt('sidecar', point.workload, mesh), mesh.rootNamespace);
  const { workload } = scopes;
  if (workload?.ports.some((exception) => exception.port === port && exception.mode === 'STRICT')) {
    return [responsible(mesh.cluster.name, workload, 'denies', ['spec', 'portLevelMtls', String(port)], undefined)];
  }
  const decisive = [workload, scopes.namespace, scopes.mesh].find((policy) => policy && policy.mode !== 'UNSET');
  if (decisive?.mode !== 'STRICT') return [];
  return [responsible(mesh.cluster.name, decisive, 'denies', ['spec', 'mtls'], undefined)];
}

function responsible(
  cluster: string,
  { kind, namespace, name, object }: Policy,
  role: Responsible['role'],
  place: Path,
  rule: number | undefined,
): Responsible {
  return { cluster, kind, namespace, name, role, rule, span: spanIn(object, place), intents: intentsOf(object.value) };
}

/** The intents behind an object, as it says itself. */
export function intentsOf(value: Policy['object']['value']): readonly string[] {
  const annotations: unknown = Object(value.metadata).annotations;
  const written: unknown = Object(annotations)['ambit.dev/intents'];
  return typeof written === 'string' && written !== '' ? written.split(',') : [];
}
