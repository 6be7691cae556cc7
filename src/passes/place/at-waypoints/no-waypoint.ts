import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { PlaceContext } from '../context.js';

/** Refuses a rule about requests where no waypoint can be put in front of the pods, whose own proxy sees connections only. */
export function reportNoWaypoint(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  obligation: Obligation,
): void {
  const [condition] = obligation.conditions;
  const { service } = destination;
  // A Service that could have had a waypoint and has none was refused one, with its own diagnostic.
  if (service?.hasVip) return;
  const why = service ? 'its Service has no virtual IP, and pods are addressed directly' : 'no Service leads to it';
  context.report(
    diagnostic(
      'no-waypoint-possible',
      { destination: destinationLabel(destination), why },
      condition?.span ?? obligation.span,
      {
        label: 'seen only at a waypoint',
        notes: [
          {
            message:
              'only traffic addressed to a virtual IP goes through a service’s waypoint (istio-traffic-topology W-13, W-15)',
          },
        ],
      },
    ),
  );
}
