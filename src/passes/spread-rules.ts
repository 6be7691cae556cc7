import { podPoint } from '../dataplanes/capabilities.js';
import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation } from '../ir/policy-ir.js';
import { destinationLabel } from '../resolve/destinations.js';
import { portsOf } from '../resolve/ports.js';
import type { Destination, DestinationPort } from '../resolve/resolved.js';
import { keyOf } from '../topology/model.js';
import { oncePerObject } from '../util/once.js';
import type { Pass } from './pass.js';
import { overlap } from './reach.js';

/**
 * A denial, and an allow that names no Service, hold for the pods, however they are addressed. A policy by selector sees
 * to that; one at a waypoint speaks of one Service, so a rule about requests is repeated for every other Service of the
 * same ambient pods. Where the other Service has further pods too, no policy can tell them apart, and the rule is
 * refused (istio-security §3.2).
 */
export const spreadRequests = spread('spread-requests', (policy, rule) => {
  const isAmbient = policy.destination.workloads.some(({ mode }) => podPoint[mode.plane] === 'ztunnel');
  return rule.layer === 'L7' && isAmbient && meansPods(policy, rule);
});

/** Behind a waypoint the pods see the waypoint itself, so that rules about callers have to be repeated there as well (istio-security §4.1). */
export const spreadAllows = spread('spread-allows', (policy, rule) => {
  return policy.waypoint !== undefined && rule.effect === 'Allow' && meansPods(policy, rule);
});

/** The same for denials, which ask whom the allows let in. */
export const spreadDenials = spread('spread-denials', (policy, rule) => {
  return policy.waypoint !== undefined && rule.effect === 'Deny' && meansPods(policy, rule);
});

/** Whether a rule means the pods, whichever Service leads to them; under an open default an allow says nothing. */
function meansPods(policy: DestinationPolicy, { effect, named }: Obligation): boolean {
  return effect === 'Deny' || (!named && policy.default?.value === 'Deny');
}

/** Whether a destination has to repeat a rule that was written for another one of the same pods. */
type Concerns = (policy: DestinationPolicy, rule: Obligation) => boolean;

function spread(name: string, concerns: Concerns): Pass {
  return {
    name,
    run: (ir, recall) => {
      const byId = new Map(ir.destinations.map((policy) => [policy.destination.id, policy]));
      const results = ir.destinations.map((policy) => {
        const siblings = siblingsOf(policy.destination, byId);
        if (siblings.length === 0) return { value: policy, diagnostics: [] };
        return recall(name, policy.destination.id, [policy, ...siblings], () =>
          withInherited(policy, siblings, concerns),
        );
      });
      return {
        value: { ...ir, destinations: results.map(({ value }) => value) },
        diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
      };
    },
  };
}

function withInherited(
  policy: DestinationPolicy,
  siblings: readonly DestinationPolicy[],
  concerns: Concerns,
): Result<DestinationPolicy> {
  const diagnostics: Diagnostic[] = [];
  const rules = inherited(policy, siblings, concerns, diagnostics);
  const value = rules.length === 0 ? policy : { ...policy, obligations: [...policy.obligations, ...rules] };
  return { value, diagnostics };
}

function inherited(
  policy: DestinationPolicy,
  siblings: readonly DestinationPolicy[],
  concerns: Concerns,
  diagnostics: Diagnostic[],
): Obligation[] {
  const known = new Set(policy.obligations.map(identify));
  const rules = siblings.flatMap((sibling) =>
    sibling.obligations
      .filter((rule) => concerns(policy, rule) && changesAnything(policy, siblings, rule))
      .flatMap((rule) => inherit(rule, sibling.destination, policy, known, diagnostics)),
  );
  return [...new Map(rules.map((rule) => [identify(rule), rule])).values()];
}

/** What one target of one rule means here. */
function identify(rule: Obligation): string {
  const { origin, span, ports } = rule;
  const numbers = ports?.map(({ service }) => service).join(' ') ?? 'every port';
  return `${origin.id} ${span.start} ${numbers} ${requestsOf(rule)} ${callersOf(rule)}`;
}

/** A denial says something only where somebody whom it means is let in without it. */
function changesAnything(
  policy: DestinationPolicy,
  siblings: readonly DestinationPolicy[],
  { effect, callers }: Obligation,
): boolean {
  if (effect === 'Allow' || policy.default?.value !== 'Deny') return true;
  const ofPods = siblings.flatMap(({ obligations }) => obligations.filter(({ named }) => !named));
  const allowed = [...policy.obligations, ...ofPods]
    .filter((each) => each.effect === 'Allow')
    .flatMap((each) => each.callers);
  return allowed.some((caller) => callers.some((denied) => overlap(caller, denied)));
}

/** The other destinations that hold some of the same pods, by Service and by workload. */
function siblingsOf(destination: Destination, byId: ReadonlyMap<string, DestinationPolicy>): DestinationPolicy[] {
  return siblingIds(destination).flatMap((id) => byId.get(id) ?? []);
}

const siblingIds = oncePerObject(({ id, cluster, workloads }: Destination): readonly string[] => {
  const services = workloads.flatMap((workload) => workload.services.map((key) => `${cluster}/${key}`));
  const alone = workloads.map(({ namespace, name }) => `${cluster}/${namespace}/workload:${name}`);
  return [...new Set([...services, ...alone])].sort().filter((key) => key !== id);
});

function inherit(
  rule: Obligation,
  from: Destination,
  { destination: to, obligations }: DestinationPolicy,
  known: ReadonlySet<string>,
  diagnostics: Diagnostic[],
): Obligation[] {
  const ports = rule.ports && samePods(rule.ports, to);
  const repeated = { ...rule, ports, exceptPorts: samePods(rule.exceptPorts, to) };
  if (ports?.length === 0 || known.has(identify(repeated))) return [];
  if (obligations.some((each) => saysAlready(each, repeated))) return [];
  const covered = new Set(from.workloads.map(keyOf));
  if (to.workloads.every((workload) => covered.has(keyOf(workload)))) return [repeated];
  const parameters = { destination: destinationLabel(from), other: destinationLabel(to) };
  const verb = rule.effect === 'Deny' ? 'denies' : 'allows';
  const witness = `a request to ${parameters.other} that ${rule.origin.id} ${verb} arrives at a pod of ${parameters.destination}`;
  diagnostics.push(diagnostic('shared-pods', parameters, rule.conditions[0]?.span ?? rule.span, { witness }));
  return [];
}

/** A rule may name both Services; then it is meant for all pods of the other one. */
function saysAlready(own: Obligation, repeated: Obligation): boolean {
  const numbers = new Set(own.ports?.map(({ service }) => service));
  const coversPorts =
    own.ports === undefined || (repeated.ports?.every(({ service }) => numbers.has(service)) ?? false);
  const isAlike = requestsOf(own) === requestsOf(repeated) && callersOf(own) === callersOf(repeated);
  return own.origin.id === repeated.origin.id && coversPorts && isAlike;
}

function callersOf({ callers }: Obligation): string {
  return callers.map(({ kind, label }) => `${kind} ${label}`).join();
}

function requestsOf({ conditions }: Obligation): string {
  return JSON.stringify(
    conditions.map(({ key, name, values, isNegated }) => [key, name, isNegated, values.map(({ value }) => value)]),
  );
}

/** The ports of `to` that lead to the same pod ports. */
function samePods(ports: readonly DestinationPort[], to: Destination): DestinationPort[] {
  const numbers = new Set(ports.flatMap(({ pod }) => pod));
  return portsOf(to).filter(({ pod, service }) => service !== undefined && pod.some((number) => numbers.has(number)));
}
