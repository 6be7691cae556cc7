import { diagnostic } from '../../diagnostics/create.js';
import type { DestinationPolicy } from '../../ir/policy-ir.js';
import { isManaged, type ManifestObject, spanIn } from '../../parse/document.js';
import { destinationLabel, workloadDestination } from '../../resolve/destinations.js';
import { nearest } from '../../resolve/scopes.js';
import { type Cluster, type Gateway, keyOf, type Labels, selects, type Workload } from '../../topology/model.js';
import type { PlaceContext } from './context.js';

/**
 * Every policy that reaches an enforcement point counts there, whoever wrote it: a foreign ALLOW admits what no intent
 * says, a foreign DENY refuses what an intent may allow (istio-security §1.2). Ambit's own output is not foreign.
 */
export function checkExistingPolicies(context: PlaceContext, policy: DestinationPolicy): void {
  const cluster = context.clusterOf(policy);
  for (const object of cluster.policies) {
    if (
      object.kind !== 'AuthorizationPolicy' ||
      isManaged(object) ||
      !attaches(object, policy, context.ir.topology.mesh.rootNamespace)
    )
      continue;
    const action = field(object, 'action') ?? 'ALLOW';
    const name = `${object.namespace ?? 'default'}/${object.name}`;
    const isClosed = policy.default?.value === 'Deny';
    if (action === 'ALLOW' && isClosed && hasRules(object)) reportWidening(context, policy, object, name);
    else if (action === 'DENY' || (action === 'ALLOW' && !isClosed)) {
      context.report(
        diagnostic(
          'existing-policy-narrows',
          { policy: name, destination: destinationLabel(policy.destination) },
          spanIn(object, ['metadata', 'name']),
        ),
      );
    }
  }
}

function reportWidening(context: PlaceContext, policy: DestinationPolicy, object: ManifestObject, name: string): void {
  const destination = destinationLabel(policy.destination);
  const gap = `AuthorizationPolicy ${name} may admit more`;
  const accepting = policy.obligations.filter((obligation) => context.accepts(obligation, 'existingPolicies', gap));
  if (accepting.length > 0) return;
  const notes = policy.default ? [{ message: 'the default that it widens', span: policy.default.origin.span }] : [];
  context.report(
    diagnostic('existing-policy-widens', { policy: name, destination }, spanIn(object, ['metadata', 'name']), {
      notes,
    }),
  );
}

/** A closed default holds also for workloads that no rule names: a foreign ALLOW admits there what no intent says. */
export function checkExistingBesideRules(context: PlaceContext, cluster: Cluster): void {
  const judged = new Set(context.ir.destinations.flatMap(({ destination }) => destination.workloads.map(placeOf)));
  const closed = [...cluster.workloads.values()].flatMap((workload) => {
    const isServed = workload.mode.plane === 'ambient' || workload.mode.plane === 'sidecar';
    const fallback = nearest(context.ir.defaults, workloadDestination(workload));
    return isServed && !judged.has(placeOf(workload)) && fallback?.value === 'Deny' ? [{ workload, fallback }] : [];
  });
  const { rootNamespace } = context.ir.topology.mesh;
  for (const object of cluster.policies.filter(admits)) {
    const [first, ...rest] = closed.filter(({ workload }) => reaches(object, workload, rootNamespace));
    if (first === undefined) continue;
    const destination = `workload \`${keyOf(first.workload)}\`${rest.length > 0 ? ` and ${rest.length} more` : ''}`;
    const notes = [{ message: 'the default that it widens', span: first.fallback.origin.span }];
    const details = { notes, help: 'delete it and write its rules as intents' };
    const parameters = { policy: keyOf({ namespace: object.namespace ?? 'default', name: object.name }), destination };
    context.report(diagnostic('existing-policy-widens', parameters, spanIn(object, ['metadata', 'name']), details));
  }
}

function placeOf(workload: Workload): string {
  return `${workload.cluster}/${keyOf(workload)}`;
}

/** A foreign policy that lets somebody in. */
function admits(object: ManifestObject): boolean {
  return isForeignAllow(object) && hasRules(object);
}

/** A foreign policy that closes what it reaches, but for whom its rules let in. */
export function isForeignAllow(object: ManifestObject): boolean {
  return (
    object.kind === 'AuthorizationPolicy' && !isManaged(object) && (field(object, 'action') ?? 'ALLOW') === 'ALLOW'
  );
}

function hasRules(object: ManifestObject): boolean {
  const rules = record(object.value.spec).rules;
  return Array.isArray(rules) && rules.length > 0;
}

function attaches(
  object: ManifestObject,
  { destination, waypoint }: DestinationPolicy,
  rootNamespace: string,
): boolean {
  const targets = targetsOf(object);
  const namespace = object.namespace ?? 'default';
  if (targets) {
    return (
      waypoint !== undefined &&
      targets.some(({ kind, name }) => targetsDestination(kind, name, namespace, destination, waypoint))
    );
  }
  return destination.workloads.some((workload) => reaches(object, workload, rootNamespace));
}

/** The same for a gateway: by targetRefs for a Gateway object, by selector for the pods of any (istio-security §3.1). */
export function reachesGateway(
  object: ManifestObject,
  { kind, namespace, name, podLabels }: Gateway,
  rootNamespace: string,
): boolean {
  const targets = targetsOf(object);
  if (targets === undefined) return reaches(object, { namespace, labels: podLabels }, rootNamespace);
  const isMeant = targets.some((target) => target.kind === 'Gateway' && target.name === name);
  return kind === 'gateway-api' && (object.namespace ?? 'default') === namespace && isMeant;
}

/** Whether a policy without targetRefs holds at the proxy of a workload (istio-security §3.1). */
function reaches(object: ManifestObject, pods: Pick<Workload, 'namespace' | 'labels'>, rootNamespace: string): boolean {
  if (targetsOf(object) !== undefined) return false;
  const namespace = object.namespace ?? 'default';
  const labels = record(record(record(object.value.spec).selector).matchLabels) as Labels;
  return (namespace === pods.namespace || namespace === rootNamespace) && selects(labels, pods.labels);
}

/** What a policy names under `targetRefs`; `undefined` where it attaches by selector. */
function targetsOf(object: ManifestObject): ReadonlyArray<Readonly<Record<string, unknown>>> | undefined {
  const { targetRefs, targetRef } = record(object.value.spec);
  if (Array.isArray(targetRefs)) return targetRefs.map(record);
  return targetRef === undefined ? undefined : [record(targetRef)];
}

function targetsDestination(
  kind: unknown,
  name: unknown,
  namespace: string,
  destination: DestinationPolicy['destination'],
  waypoint: NonNullable<DestinationPolicy['waypoint']>,
): boolean {
  if (kind === 'Service') return namespace === destination.namespace && name === destination.name;
  if (kind === 'Gateway') return namespace === waypoint.namespace && name === waypoint.name;
  return kind === 'GatewayClass' && name === 'istio-waypoint';
}

function field(object: ManifestObject, name: string): string | undefined {
  const value = record(object.value.spec)[name];
  return typeof value === 'string' ? value : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
