import { diagnostic } from '../../diagnostics/create.js';
import type { DestinationPolicy } from '../../ir/policy-ir.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { destinationLabel } from '../../resolve/destinations.js';
import { type Labels, selects } from '../../topology/model.js';
import type { PlaceContext } from './context.js';

/**
 * Every policy that reaches an enforcement point counts there, whoever wrote it: a foreign ALLOW admits what no intent
 * says, a foreign DENY refuses what an intent may allow (istio-security §1.2). Ambit's own output is not foreign.
 */
export function checkExistingPolicies(context: PlaceContext, policy: DestinationPolicy): void {
  const cluster = context.clusterOf(policy);
  for (const object of cluster.policies) {
    if (object.kind !== 'AuthorizationPolicy' || isOwn(object) || !attaches(object, policy, context.ir.topology.mesh.rootNamespace)) continue;
    const action = field(object, 'action') ?? 'ALLOW';
    const name = `${object.namespace ?? 'default'}/${object.name}`;
    const isClosed = policy.default?.value === 'Deny';
    if (action === 'ALLOW' && isClosed && hasRules(object)) reportWidening(context, policy, object, name);
    else if (action === 'DENY' || (action === 'ALLOW' && !isClosed)) {
      context.report(diagnostic('existing-policy-narrows', { policy: name, destination: destinationLabel(policy.destination) }, spanIn(object, ['metadata', 'name'])));
    }
  }
}

function reportWidening(context: PlaceContext, policy: DestinationPolicy, object: ManifestObject, name: string): void {
  const destination = destinationLabel(policy.destination);
  const gap = `AuthorizationPolicy ${name} may admit more`;
  const accepting = policy.obligations.filter((obligation) => context.accepts(obligation, 'existingPolicies', gap));
  if (accepting.length > 0) return;
  const notes = policy.default ? [{ message: 'the default that it widens', span: policy.default.origin.span }] : [];
  context.report(diagnostic('existing-policy-widens', { policy: name, destination }, spanIn(object, ['metadata', 'name']), { notes }));
}

/** Whether Ambit wrote an object, as its label says. */
export function isOwn({ value }: ManifestObject): boolean {
  return record(record(value['metadata'])['labels'])['app.kubernetes.io/managed-by'] === 'ambit';
}

function hasRules(object: ManifestObject): boolean {
  const rules = record(object.value['spec'])['rules'];
  return Array.isArray(rules) && rules.length > 0;
}

function attaches(object: ManifestObject, { destination, waypoint }: DestinationPolicy, rootNamespace: string): boolean {
  const spec = record(object.value['spec']);
  const targets = spec['targetRefs'] ?? (spec['targetRef'] === undefined ? undefined : [spec['targetRef']]);
  const namespace = object.namespace ?? 'default';
  if (Array.isArray(targets)) {
    return waypoint !== undefined && targets.map(record).some(({ kind, name }) => targetsDestination(kind, name, namespace, destination, waypoint));
  }
  const isHere = namespace === destination.namespace || namespace === rootNamespace;
  const labels = record(record(spec['selector'])['matchLabels']) as Labels;
  return isHere && destination.workloads.some((workload) => selects(labels, workload.labels));
}

function targetsDestination(kind: unknown, name: unknown, namespace: string, destination: DestinationPolicy['destination'], waypoint: NonNullable<DestinationPolicy['waypoint']>): boolean {
  if (kind === 'Service') return namespace === destination.namespace && name === destination.name;
  if (kind === 'Gateway') return namespace === waypoint.namespace && name === waypoint.name;
  return kind === 'GatewayClass' && name === 'istio-waypoint';
}

function field(object: ManifestObject, name: string): string | undefined {
  const value = record(object.value['spec'])[name];
  return typeof value === 'string' ? value : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
