import type { Condition } from '../parse/ast.js';
import type { Caller, DestinationPort } from '../resolve/resolved.js';
import type { DestinationPolicy, Obligation, PlacedIr, PlacedPolicy, PlacedRule, PolicyIr } from './policy-ir.js';

/** The canonical text of the IR: what `--emit ir` prints and `--trace-passes` compares. */
export function dumpIr(ir: PolicyIr): string {
  return `${ir.destinations.flatMap(dumpDestination).join('\n')}\n`;
}

function dumpDestination({
  destination,
  default: fallback,
  mtls,
  waypoint,
  obligations,
  plaintext,
  audits,
  traffic,
  telemetry,
}: DestinationPolicy): string[] {
  return [
    `destination ${destination.id}`,
    `  workloads ${destination.workloads.map(({ name, mode }) => `${name}(${mode.plane})`).join(' ')}`,
    `  default ${fallback ? `${fallback.value} (${fallback.origin.id})` : 'Allow'}`,
    ...(mtls ? [`  mtls ${mtls.value} (${mtls.origin.id})`] : []),
    ...(waypoint
      ? [
          `  waypoint ${waypoint.namespace}/${waypoint.name} ${waypoint.exists ? 'existing' : 'planned'}${waypoint.ingress ? ' ingress' : ''}`,
        ]
      : []),
    ...obligations.flatMap((each) => dumpObligation(verbOf(each), each)),
    ...plaintext.flatMap((each) => dumpObligation('plaintext', each)),
    ...audits.flatMap((each) => dumpObligation('audit', each)),
    ...(traffic ? [`  traffic ${traffic.origin.id}`] : []),
    ...(telemetry ? [`  telemetry ${telemetry.origin.id}`] : []),
  ];
}

function verbOf({ effect, authorizer }: Obligation): string {
  return authorizer === undefined ? effect.toLowerCase() : `ask ${authorizer}`;
}

function dumpObligation(
  verb: string,
  { origin, layer, callers, ports, exceptPorts, conditions, named }: Obligation,
): string[] {
  return [
    `  ${verb} ${origin.id} ${layer}`,
    `    from ${callers.map(dumpCaller).join(', ')}`,
    `    to ${named ? 'service ' : ''}${ports ? ports.map(dumpPort).join(' ') : 'every port'}`,
    ...(exceptPorts.length > 0 ? [`    except ${exceptPorts.map(dumpPort).join(' ')}`] : []),
    ...conditions.map(dumpCondition),
  ];
}

function dumpCondition({ key, name, values, isNegated }: Condition): string {
  const compared = name === undefined ? key : `${key} ${name}`;
  return `    ${isNegated ? 'not ' : ''}${compared} ${values.map(({ value }) => value).join(' ')}`;
}

function dumpCaller(caller: Caller): string {
  if (caller.kind === 'identities') return `${caller.label} = ${caller.serviceAccounts.join(' ')}`;
  return caller.kind === 'addresses' ? `${caller.label} = ${caller.ipBlocks.join(' ')}` : caller.label;
}

function dumpPort({ label, service, pod }: DestinationPort): string {
  return `${label}(${service ?? '-'}:${pod.join('|')})`;
}

/** The canonical text of the placed IR, for `--emit placed`. */
export function dumpPlaced(placed: PlacedIr): string {
  const lines = [
    ...placed.waypoints.map(
      ({ cluster, namespace, name, because }) => `waypoint ${cluster}/${namespace}/${name}: ${because.join('; ')}`,
    ),
    ...placed.policies.flatMap(dumpPolicy),
    ...placed.enrolments.map(
      ({ cluster, namespace, name, labels, annotations }) =>
        `enrol ${cluster}/${namespace}/${name} ${JSON.stringify({ ...labels, ...annotations })}`,
    ),
    ...placed.peerAuthentications.map(
      ({ cluster, namespace, name, mode, permissivePorts }) =>
        `mtls ${cluster}/${namespace}/${name} ${mode} plaintext on ${permissivePorts.join(' ') || 'nothing'}`,
    ),
    ...placed.requestAuthentications.map(
      ({ cluster, namespace, name, attachment, issuers }) =>
        `tokens ${cluster}/${namespace}/${name} of ${issuers.map((each) => each.name).join(' ')} at ${JSON.stringify(attachment)}`,
    ),
    ...placed.gatewayRoutes.map(
      ({ gateway, hosts, form, origin }) =>
        `route ${gateway.cluster}/${gateway.namespace}/${gateway.name} ${hosts.join(',')} ${form} (${origin.id})`,
    ),
    ...placed.egress.map(
      ({ route, gateway }) =>
        `egress ${route.destination.id} through ${gateway.namespace}/${gateway.name} (${route.traffic.origin.id})`,
    ),
    ...placed.serviceEntries.map(
      ({ cluster, namespace, name, spec }) => `service entry ${cluster}/${namespace}/${name} ${JSON.stringify(spec)}`,
    ),
    ...placed.routes.map(({ destination, form, traffic }) => `route ${destination.id} ${form} (${traffic.origin.id})`),
    ...placed.destinationRules.map(
      ({ cluster, namespace, name, host, subsets }) =>
        `destination rule ${cluster}/${namespace}/${name} ${host} ${subsets.map((subset) => subset.name).join(' ')}`,
    ),
    ...placed.sidecars.map(
      ({ cluster, namespace, name, hosts }) => `sidecar ${cluster}/${namespace}/${name} ${hosts.join(' ')}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function dumpPolicy(policy: PlacedPolicy): string[] {
  const { cluster, namespace, name, effect, authorizer, role, isWatched, attachment, rules } = policy;
  const verb = authorizer === undefined ? effect : `Ask ${authorizer}`;
  return [
    `policy ${cluster}/${namespace}/${name} ${verb} ${role}${isWatched ? ' watched' : ''} at ${JSON.stringify(attachment)}`,
    ...rules.flatMap(dumpRule),
  ];
}

function dumpRule({ origins, sources, ports, notPorts, conditions, why }: PlacedRule): string[] {
  const but = notPorts ? ` but ${notPorts.join(' ')}` : '';
  return [
    `  rule ${origins.map(({ id }) => id).join(' ') || '-'}: ${why.join('; ')}`,
    `    from ${sources ? JSON.stringify(sources) : 'any'} to ${ports ? ports.join(' ') : 'any port'}${but}`,
    ...conditions.map(dumpCondition),
  ];
}
