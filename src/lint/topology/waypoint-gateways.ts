import type { Details } from '../../diagnostics/create.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { alreadyReported, itemsAt } from '../../topology/fields.js';
import { label } from '../../topology/labels.js';
import { keyOf, type Waypoint } from '../../topology/model.js';
import { isHboneListener } from '../../topology/waypoints.js';
import type { LintContext } from './lint.js';
import { ownLabels } from './subjects.js';

/** A waypoint has one listener, port 15008 and protocol HBONE; with any other set Istio does not accept it (W-01). */
export function waypointListeners({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.waypoints.values()].filter(hasWrongListeners).map((waypoint) => {
    const law = 'any other set of listeners gives `Accepted=False`, and no waypoint is deployed (W-01)';
    const span = spanIn(waypoint.object, ['spec', 'listeners']);
    return diagnostic('waypoint-listener', { waypoint: keyOf(waypoint) }, span, note(law));
  });
}

function hasWrongListeners({ object }: Waypoint): boolean {
  const [first, ...others] = itemsAt(object, ['spec', 'listeners'], alreadyReported);
  return first === undefined || others.length > 0 || !isHboneListener(object, first, alreadyReported);
}

/** `none` in a label means "no waypoint", so a Gateway of that name is unreachable (W-05). */
export function waypointsNamedNone({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.waypoints.values()]
    .filter(({ name }) => name === 'none')
    .map(({ object }) =>
      diagnostic('waypoint-named-none', {}, spanIn(object, ['metadata', 'name']), note('`none` is reserved (W-05)')),
    );
}

const trafficTypes: readonly (string | undefined)[] = [undefined, 'service', 'workload', 'all', 'none'];

/** A misspelt `istio.io/waypoint-for` silently serves nothing (W-14). */
export function unknownWaypointFor({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.waypoints.values()].flatMap((waypoint) => {
    const value = ownLabels(waypoint.object, 'labels')[label.waypointFor];
    if (trafficTypes.includes(value)) return [];
    const parameters = { value: value ?? '', waypoint: keyOf(waypoint) };
    const law = 'a waypoint serves an object only where this label covers the kind of traffic (W-14)';
    return diagnostic('unknown-waypoint-for', parameters, labelSpan(waypoint, label.waypointFor), note(law));
  });
}

/** At an agentgateway waypoint the Istio policy and routing APIs are not applied (W-04). */
export function agentgatewayWaypoints({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.waypoints.values()]
    .filter(({ className }) => className === 'istio-agentgateway-waypoint')
    .map((waypoint) => {
      const parameters = { waypoint: keyOf(waypoint), className: waypoint.className };
      const law = 'only Gateway API routes are applied by agentgateway (W-04)';
      const span = spanIn(waypoint.object, ['spec', 'gatewayClassName']);
      return diagnostic('agentgateway-ignores-istio-policies', parameters, span, note(law));
    });
}

/** The opt-in of ingress traffic belongs on the Service or its namespace (W-61). */
export function ingressLabelsOnGateways({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.gateways.values(), ...cluster.waypoints.values()]
    .filter(({ object }) => object.kind === 'Gateway' && ownLabels(object, 'labels')[label.ingressUseWaypoint])
    .map((gateway) => {
      const law = 'it is read from Services, ServiceEntries and Namespaces only (W-60, W-61)';
      const span = labelSpan(gateway, label.ingressUseWaypoint, 'key');
      return diagnostic('ingress-label-on-gateway', { gateway: keyOf(gateway) }, span, note(law));
    });
}

function labelSpan({ object }: Pick<Waypoint, 'object'>, key: string, part?: 'key' | 'value') {
  return spanIn(object, ['metadata', 'labels', key], part);
}

function note(message: string): Details {
  return { notes: [{ message }] };
}
