import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { Effect } from '../../../parse/ast.js';
import { type ManifestObject, spanIn } from '../../../parse/document.js';
import { workloadDestination } from '../../../resolve/deployed-parts.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Setting } from '../../../resolve/resolved.js';
import { nearestOf } from '../../../resolve/scopes.js';
import { type Cluster, keyInMesh, keyOf } from '../../../topology/model.js';
import { podPorts } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';
import {
  actionOf,
  admits,
  attaches,
  exampleOf,
  holdsAtWaypoints,
  isForeignPolicy,
  policyKey,
  portsOfPolicy,
  reachesPods,
} from './existing-policy.js';

/**
 * Every policy that reaches an enforcement point counts there, whoever wrote it: a foreign ALLOW admits what no intent
 * says, a foreign DENY refuses what an intent may allow (istio-security §1.2). Ambit's own output is not foreign.
 */
export function checkExistingPolicies(context: PlaceContext, policy: DestinationPolicy): void {
  const { rootNamespace } = context.mesh;
  const isClosed = policy.default?.value === 'Deny';
  for (const object of context.around(policy).policies) {
    if (!isForeignPolicy(object) || !attaches(object, policy, rootNamespace)) continue;
    if (admits(object) && isClosed) reportWidening(context, policy, object);
    else if (actionOf(object) === 'DENY' || (actionOf(object) === 'ALLOW' && !isClosed)) {
      const parameters = { policy: policyKey(object), destination: destinationLabel(policy.destination) };
      context.report(diagnostic('existing-policy-narrows', parameters, spanIn(object, ['metadata', 'name'])));
    }
  }
}

function reportWidening(context: PlaceContext, policy: DestinationPolicy, object: ManifestObject): void {
  if (isAccepted(context, policy, object)) return;
  if (policy.default) context.report(widens(object, destinationLabel(policy.destination), policy.default));
}

/** A default answers for every port, an allow rule for its own; a denial wins over every ALLOW and has no such gap. */
function isAccepted(context: PlaceContext, policy: DestinationPolicy, object: ManifestObject): boolean {
  const gap = gapOf(object);
  if (policy.default && context.accepts(policy.default, 'existingPolicies', gap)) return true;
  const allows = policy.obligations.filter(({ effect }) => effect === 'Allow');
  const answering = allows.filter(answersForOthers);
  if (!coversPorts(answering, object)) return false;
  for (const each of answering) context.accepts(each, 'existingPolicies', gap);
  return true;
}

/** Whether an existing ALLOW policy at the pods is let stand: whoever it admits comes past the waypoint. */
export function isWidened(context: PlaceContext, policy: DestinationPolicy): boolean {
  const { rootNamespace } = context.mesh;
  const promises = [
    ...policy.obligations.filter(({ effect }) => effect === 'Allow'),
    ...(policy.default ? [policy.default] : []),
  ];
  const isLeft = promises.some(answersForOthers);
  const reaches = (object: ManifestObject) =>
    policy.destination.workloads.some((workload) => reachesPods(object, workload, rootNamespace));
  return isLeft && context.around(policy).policies.some((object) => admits(object) && reaches(object));
}

function answersForOthers({ accept }: Pick<Obligation, 'accept'>): boolean {
  return accept.some(({ what }) => what === 'existingPolicies');
}

function coversPorts(answering: readonly Obligation[], object: ManifestObject): boolean {
  const portsOf = holdsAtWaypoints(object) ? servicePorts : podPorts;
  if (answering.some((each) => portsOf(each) === undefined)) return true;
  const covered = new Set(answering.flatMap((each) => portsOf(each) ?? []));
  return portsOfPolicy(object)?.every((port) => covered.has(port)) ?? false;
}

function servicePorts({ ports }: Obligation): number[] | undefined {
  return ports?.flatMap(({ service }) => service ?? []);
}

function gapOf(object: ManifestObject): string {
  return `AuthorizationPolicy ${policyKey(object)} may admit more`;
}

/** A closed default holds also for workloads that no rule names: a foreign ALLOW admits there what no intent says. */
export function checkExistingBesideRules(context: PlaceContext, cluster: Cluster): void {
  const admitting = cluster.policies.filter(admits);
  if (admitting.length === 0) return;
  const judged = new Set(context.ir.destinations.flatMap(({ destination }) => destination.workloads.map(keyInMesh)));
  const defaultOf = nearestOf(context.ir.defaults);
  const closed = [...cluster.workloads.values()].flatMap((workload) => {
    const isServed = workload.mode.plane === 'ambient' || workload.mode.plane === 'sidecar';
    const fallback = defaultOf(workloadDestination(workload));
    return isServed && !judged.has(keyInMesh(workload)) && fallback?.value === 'Deny' ? [{ workload, fallback }] : [];
  });
  const { rootNamespace } = context.ir.topology.mesh;
  for (const object of admitting) {
    const reached = closed.filter(({ workload }) => reachesPods(object, workload, rootNamespace));
    const [first, ...rest] = reached.filter(
      ({ fallback }) => !context.accepts(fallback, 'existingPolicies', gapOf(object)),
    );
    if (first === undefined) continue;
    const destination = `workload \`${keyOf(first.workload)}\`${rest.length > 0 ? ` and ${rest.length} more` : ''}`;
    context.report(widens(object, destination, first.fallback));
  }
}

function widens(object: ManifestObject, destination: string, { origin }: Setting<Effect>): Diagnostic {
  const notes = [{ message: 'the default that it widens', span: origin.span }];
  const witness = `${exampleOf(object)} calls ${destination}, and is let in whatever the rules say`;
  const parameters = { policy: policyKey(object), destination };
  return diagnostic('existing-policy-widens', parameters, spanIn(object, ['metadata', 'name']), { notes, witness });
}
