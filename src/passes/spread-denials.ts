import { podPoint } from '../dataplanes/capabilities.js';
import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation } from '../ir/policy-ir.js';
import { destinationLabel } from '../resolve/destinations.js';
import { portsOf } from '../resolve/ports.js';
import type { Destination, DestinationPort } from '../resolve/resolved.js';
import { keyOf } from '../topology/model.js';
import type { Pass } from './pass.js';

/**
 * A denial holds for the pods, whichever Service a request is addressed to. A policy by selector sees to that; one at a
 * waypoint speaks of one Service, so a denial of requests is repeated for every other Service of the same pods that
 * lets anybody in. Where the other Service has further pods too, no policy can tell them apart, and the rule is refused.
 */
export const spreadDenials: Pass = {
  name: 'spread-denials',
  run: (ir) => {
    const diagnostics: Diagnostic[] = [];
    const byId = new Map(ir.destinations.map((policy) => [policy.destination.id, policy]));
    const destinations = ir.destinations.map((policy) => ({
      ...policy,
      obligations: [...policy.obligations, ...inherited(policy, byId, diagnostics)],
    }));
    return { value: { ...ir, destinations }, diagnostics };
  },
};

function inherited(policy: DestinationPolicy, byId: ReadonlyMap<string, DestinationPolicy>, diagnostics: Diagnostic[]): Obligation[] {
  if (!letsAnybodyIn(policy)) return [];
  const own = new Set(policy.obligations.map(({ origin }) => origin.id));
  return siblingsOf(policy.destination, byId).flatMap((sibling) =>
    sibling.obligations
      .filter(({ effect, layer, origin }) => effect === 'Deny' && layer === 'L7' && !own.has(origin.id))
      .flatMap((denial) => inherit(denial, sibling.destination, policy.destination, diagnostics)),
  );
}

function letsAnybodyIn({ default: fallback, obligations }: DestinationPolicy): boolean {
  return fallback?.value !== 'Deny' || obligations.some(({ effect }) => effect === 'Allow');
}

function siblingsOf(destination: Destination, byId: ReadonlyMap<string, DestinationPolicy>): DestinationPolicy[] {
  const keys = new Set(destination.workloads.flatMap(({ services }) => services));
  return [...keys]
    .sort()
    .flatMap((key) => byId.get(`${destination.cluster}/${key}`) ?? [])
    .filter((sibling) => sibling.destination.id !== destination.id);
}

function inherit(denial: Obligation, from: Destination, to: Destination, diagnostics: Diagnostic[]): Obligation[] {
  const ports = samePods(denial.ports ?? [], to);
  if (ports.length === 0 || !to.workloads.some(({ mode }) => podPoint[mode.plane] === 'ztunnel')) return [];
  const covered = new Set(from.workloads.map(keyOf));
  if (to.workloads.every((workload) => covered.has(keyOf(workload)))) return [{ ...denial, ports }];
  const parameters = { destination: destinationLabel(from), other: destinationLabel(to) };
  diagnostics.push(diagnostic('shared-pods', parameters, denial.span));
  return [];
}

/** The ports of `to` that lead to the same pod ports. */
function samePods(ports: readonly DestinationPort[], to: Destination): DestinationPort[] {
  const numbers = new Set(ports.flatMap(({ pod }) => pod));
  return portsOf(to).filter(({ pod, service }) => service !== undefined && pod.some((number) => numbers.has(number)));
}
