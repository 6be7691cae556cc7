import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation, PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { portsAt } from '../../../resolve/ports.js';
import type { Workload } from '../../../topology/model.js';
import { exactSelectors, namedSelectors } from '../at-pods/selectors.js';
import { exceptedPodPorts, podPorts } from '../at-waypoints/blind-spots.js';
import { attachedTo } from '../attached-to.js';
import type { PlaceContext } from '../context.js';
import { destinationSpan } from '../destination-span.js';
import { objectName } from '../object-name.js';
import { placeRule } from '../place-rule.js';

/** The policies that mark requests to one destination for access logs: at sidecars, and at the waypoint of ambient pods. */
export function placeAudits(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  if (policy.audits.length === 0) return [];
  checkAmbient(context, policy);
  return [...atWaypoint(context, policy), ...atSidecars(context, policy)];
}

/** ztunnel is sent no AUDIT policy, and a waypoint sees what is addressed to its Service (istio-security §2.2). */
function checkAmbient(context: PlaceContext, policy: DestinationPolicy): void {
  const { destination, waypoint, audits } = policy;
  if (!destination.workloads.some(isAmbient)) return;
  for (const { named, origin } of audits) {
    const isMarked = named && waypoint !== undefined;
    if (isMarked && isClosedBehind(policy)) continue;
    const parameters = { rule: origin.id, destination: destinationLabel(destination) };
    context.report(diagnostic(isMarked ? 'audit-of-service-alone' : 'audit-at-ztunnel', parameters, origin.span));
  }
}

/** What names the Service lets nobody but the waypoint to the pods. */
function isClosedBehind({ default: fallback, obligations }: DestinationPolicy): boolean {
  return fallback?.value === 'Deny' && obligations.every(({ effect, named }) => effect === 'Deny' || named);
}

function atWaypoint(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const { destination, waypoint, audits } = policy;
  if (waypoint === undefined || !destination.workloads.some(isAmbient)) return [];
  return [
    {
      ...baseOf(destination),
      name: `${destination.name}-audit`,
      attachment: attachedTo(destination),
      purpose: `what of ${destination.name} is marked for access logs, at waypoint ${waypoint.namespace}/${waypoint.name}`,
      rules: audits.map((rule) => {
        const numbers = (ports: NonNullable<Obligation['ports']>) => ports.flatMap(({ service }) => service ?? []);
        return placeRule(context, rule, rule.callers, rule.ports && numbers(rule.ports), numbers(rule.exceptPorts), '');
      }),
    },
  ];
}

function atSidecars(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const { destination, waypoint, audits } = policy;
  const workloads = destination.workloads.filter(({ mode }) => mode.plane === 'sidecar');
  const rules = audits.flatMap((rule) => ruleAtPods(context, policy, rule, workloads));
  if (workloads.length === 0 || rules.length === 0) return [];
  const service = workloads.length === destination.workloads.length ? destination.service : undefined;
  const selectors = exactSelectors(
    context,
    context.around(policy),
    workloads,
    service,
    audits[0]?.span ?? destinationSpan(policy),
  );
  const name = `${objectName(destination)}-audit${waypoint ? '-sidecar' : ''}`;
  return namedSelectors(name, selectors, workloads).map(({ name, labels }) => ({
    ...baseOf(destination),
    name,
    attachment: { kind: 'selector', labels },
    purpose: `what of ${destination.name} is marked for access logs, at the sidecar`,
    rules,
  }));
}

function ruleAtPods(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  rule: Obligation,
  workloads: readonly Workload[],
): PlacedRule[] {
  const ports = rule.ports && portsAt(destination, rule.ports, workloads);
  if (ports?.length === 0) return [];
  const exceptPorts = portsAt(destination, rule.exceptPorts, workloads);
  const here = { ...rule, ports, exceptPorts };
  return [placeRule(context, rule, rule.callers, podPorts(here), exceptedPodPorts(here), '')];
}

function baseOf({ cluster, namespace }: DestinationPolicy['destination']) {
  return { cluster, namespace, effect: 'Audit', role: 'rules', origins: [] } as const;
}

function isAmbient({ mode }: Workload): boolean {
  return mode.plane === 'ambient';
}
