import { capability, type PointKind } from '../../../dataplanes/capabilities.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Caller } from '../../../resolve/resolved.js';
import { keyOf } from '../../../topology/model.js';
import { canReach } from '../../reach.js';
import type { PlaceContext } from '../context.js';

type Addresses = Extract<Caller, { kind: 'addresses' }>;

/**
 * Refuses a rule by addresses whose callers may arrive where no address is seen. Whoever is outside the mesh arrives in
 * plaintext, at the pods themselves.
 */
export function checkAddresses(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: Addresses,
): void {
  const { istio } = context.clusterOf(policy).settings;
  if (caller.outside) return;
  const blind = arrivalsByHbone(context, policy, obligation).find(
    ({ point }) => !capability(point, 'addressesByHbone', istio).enforced,
  );
  if (blind === undefined) return;
  const { because, fact } = capability(blind.point, 'addressesByHbone', istio);
  context.report(
    diagnostic(
      'addresses-by-hbone',
      { caller: caller.label, where: blind.where, destination: destinationLabel(policy.destination) },
      caller.span,
      {
        label: 'not seen there',
        witness: witness(context, policy, obligation, caller),
        notes: [{ message: `what arrives by HBONE shows no address to Envoy: ${because} (${fact})` }],
      },
    ),
  );
}

interface ArrivalByHbone {
  readonly point: PointKind;
  /** As a sentence has it. */
  readonly where: string;
}

/**
 * Where a rule's callers may arrive by HBONE and are decided on. An allow rule at a sidecar promises nothing to callers
 * that come another way than sidecars do.
 */
function arrivalsByHbone(
  context: PlaceContext,
  { destination, waypoint, ...policy }: DestinationPolicy,
  { effect, ports }: Obligation,
): ArrivalByHbone[] {
  const whole = { destination, waypoint, ...policy };
  const isAddressed = ports?.some(({ service }) => service !== undefined) ?? true;
  const sidecar = destination.workloads.find(({ mode }) => mode.plane === 'sidecar' && mode.hbone);
  return [
    ...(waypoint && isAddressed
      ? [{ point: 'waypoint' as const, where: `waypoint ${waypoint.namespace}/${waypoint.name}` }]
      : []),
    ...(sidecar && effect === 'Deny' && ambientCaller(context, whole)
      ? [{ point: 'sidecar' as const, where: `the sidecar of ${keyOf(sidecar)}` }]
      : []),
  ];
}

/** Somebody who calls by HBONE. */
function ambientCaller(context: PlaceContext, policy: DestinationPolicy): string | undefined {
  const cluster = context.clusterOf(policy);
  const own = policy.destination.workloads.map(keyOf);
  return context.sources.find(
    ({ plane, ...source }) =>
      plane === 'ambient' && !own.includes(source.name) && canReach({ plane, ...source }, policy, cluster),
  )?.name;
}

function witness(
  context: PlaceContext,
  policy: DestinationPolicy,
  { effect, ports }: Obligation,
  { ipBlocks }: Addresses,
): string {
  const caller = ambientCaller(context, policy) ?? 'an ambient pod';
  const port = ports?.[0]?.label;
  const address = `${keyOf(policy.destination)}${port === undefined ? '' : `:${port}`}`;
  const outcome = effect === 'Deny' ? 'let in, though the rule denies it' : 'refused, though the rule allows it';
  return `${caller} with an address of ${ipBlocks[0] ?? ''} → ${address} is ${outcome}`;
}
