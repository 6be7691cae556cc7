import { diagnostic } from '../diagnostics/create.js';
import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Condition, TargetReference } from '../parse/ast.js';
import { suggest } from '../util/suggest.js';
import { checkCondition } from './conditions.js';
import type { ResolveContext } from './context.js';
import { destinationLabel } from './destinations.js';
import { clusterNames, nearNames, wholeName } from './names.js';
import { podPort, portsOf, servicePort } from './ports.js';
import type { BoundScope, Destination, DestinationPort, Target } from './resolved.js';
import { destinationsIn, holds, namespaceOf, scopeLabel } from './scopes.js';

/** Binds what a rule speaks about. An absent `to` is everything in the scope, on every port. */
export function resolveTargets(
  context: ResolveContext,
  to: readonly TargetReference[] | undefined,
  scope: BoundScope,
  ruleSpan: Span,
): Target[] {
  if (to === undefined) return destinationsIn(context, scope).map((destination) => everything(destination, ruleSpan));
  return to.flatMap((target) => resolveTarget(context, target, scope));
}

function everything(destination: Destination, span: Span): Target {
  return { destination, ports: undefined, conditions: [], named: false, span };
}

function resolveTarget(context: ResolveContext, target: TargetReference, scope: BoundScope): Target[] {
  for (const condition of target.conditions) checkCondition(context, condition);
  const destinations = destinationsOf(context, target, scope);
  if (destinations === undefined) return [];
  const named =
    target.destination?.kind === 'service' || (target.destination === undefined && scope.kind === 'service');
  const found = destinations.flatMap((destination) => {
    const ports = portsFor(context, target, destination, named);
    return ports === 'none' ? [] : [{ destination, ports, conditions: target.conditions, named, span: target.span }];
  });
  if (found.length === 0 && destinations.length > 0 && target.port)
    reportUnknownPort(context, target.port, destinations, scope);
  return found;
}

function destinationsOf(
  context: ResolveContext,
  target: TargetReference,
  scope: BoundScope,
): readonly Destination[] | undefined {
  if (target.destination === undefined) return destinationsIn(context, scope);
  const { kind, reference, span } = target.destination;
  if (kind === 'namespace') return namespaceDestinations(context, reference, span, scope);
  const name = wholeName(context, reference, namespaceOf(scope), span);
  if (name === undefined) return undefined;
  const found = kind === 'service' ? context.destinations.service(name) : context.destinations.workload(name);
  if (found.length === 0) {
    reportUnknown(context, kind, name, span);
    return undefined;
  }
  if (!found.every((destination) => holds(scope, destination))) {
    context.report(diagnostic('outside-scope', { name, scope: scopeLabel(scope) }, span));
    return undefined;
  }
  return checkServed(context, found, span);
}

/** A rule about a Service that selects nothing, or that fronts a gateway, would be enforced nowhere. */
function checkServed(
  context: ResolveContext,
  found: readonly Destination[],
  span: Span,
): readonly Destination[] | undefined {
  if (found.some(({ workloads }) => workloads.length > 0)) return found.filter(({ workloads }) => workloads.length > 0);
  const [first] = found;
  const label = first ? destinationLabel(first) : '';
  const isGateway = found.some(({ service }) => (service?.workloads.length ?? 0) > 0);
  const nothing = { what: label, consequence: 'nothing would enforce the rule' };
  context.report(
    isGateway
      ? diagnostic('gateway-destination', { destination: label }, span)
      : diagnostic('selects-nothing', nothing, span),
  );
  return undefined;
}

function namespaceDestinations(
  context: ResolveContext,
  name: string,
  span: Span,
  scope: BoundScope,
): readonly Destination[] | undefined {
  if (!context.names.namespace.has(name)) {
    context.report(
      diagnostic(
        'unknown-namespace',
        { name, where: clusterNames(context.topology) },
        span,
        nearNames(name, context.names.namespace),
      ),
    );
    return undefined;
  }
  const isInside = scope.kind === 'mesh' || (scope.kind === 'namespace' && scope.namespace === name);
  if (isInside) return context.destinations.homes(name);
  context.report(diagnostic('outside-scope', { name, scope: scopeLabel(scope) }, span));
  return undefined;
}

function reportUnknown(context: ResolveContext, kind: 'service' | 'workload', name: string, span: Span): void {
  const where = clusterNames(context.topology);
  const fault = kind === 'service' ? 'unknown-service' : 'unknown-workload';
  context.report(diagnostic(fault, { name, where }, span, nearNames(name, context.names[kind])));
}

/** The ports that are meant; `none` where this destination has no such port, which is a fault only if no other has it. */
function portsFor(
  context: ResolveContext,
  target: TargetReference,
  destination: Destination,
  named: boolean,
): readonly DestinationPort[] | undefined | 'none' {
  if (target.port === undefined) {
    if (target.conditions.length === 0) return undefined;
    const ports = requestPorts(context, target.conditions, destination, target.span);
    return ports === 'none' ? ports : ports.filter((port) => isServed(context, destination, port, target.span));
  }
  const { value, span } = target.port;
  const ports = named ? namedPort(context, destination, value, span) : anyPort(context, destination, value, span);
  if (ports.length === 0) return 'none';
  const [condition] = target.conditions;
  return ports
    .filter((port) => isServed(context, destination, port, span))
    .filter((port) => condition === undefined || carriesRequests(context, destination, port, condition, span));
}

/** A port that leads to none at the pods would leave a policy for them without a port, which means every port. */
function isServed(context: ResolveContext, destination: Destination, port: DestinationPort, span: Span): boolean {
  if (port.pod.length > 0) return true;
  const target = destination.service?.ports.find(({ number }) => number === port.service)?.targetPort ?? port.label;
  const parameters = { port: port.label, destination: destinationLabel(destination), target };
  context.report(diagnostic('unresolved-target-port', parameters, span));
  return false;
}

/** A rule that matches on requests without naming a port means the destination's HTTP ports. */
function requestPorts(
  context: ResolveContext,
  conditions: readonly Condition[],
  destination: Destination,
  span: Span,
): readonly DestinationPort[] | 'none' {
  const ports = portsOf(destination).filter(
    ({ layer, service }) => layer === 'http' || (layer === 'detected' && service !== undefined),
  );
  const [condition] = conditions;
  if (ports.length > 0) return ports;
  context.report(
    diagnostic(
      'no-http-port',
      { destination: destinationLabel(destination), field: condition?.key ?? '' },
      condition?.span ?? span,
    ),
  );
  return 'none';
}

/** A port of the Service that the rule names: by its name, or by its number. */
function namedPort(
  context: ResolveContext,
  destination: Destination,
  value: string | number,
  span: Span,
): DestinationPort[] {
  const port = destination.service?.ports.find(({ name, number }) =>
    typeof value === 'number' ? number === value : name === value,
  );
  if (port === undefined) return [];
  if (port.transport !== 'TCP') {
    context.report(
      diagnostic(
        'udp-port',
        { port: value, destination: destinationLabel(destination), transport: port.transport },
        span,
      ),
    );
  }
  return [servicePort(destination, port)];
}

/** Without a service, a name is looked up among Service and container ports alike, and a number is the pods' own. */
function anyPort(
  context: ResolveContext,
  destination: Destination,
  value: string | number,
  span: Span,
): DestinationPort[] {
  const ports = portsOf(destination);
  if (typeof value === 'string')
    return ports.filter(({ label, pod }) => label === value || isContainerName(destination, pod, value));
  const meantByService = destination.service?.ports.find(({ number }) => number === value);
  const atPods = ports.filter(({ pod }) => pod.includes(value));
  const [target] = meantByService ? servicePort(destination, meantByService).pod : [];
  if (meantByService && target !== undefined && target !== value) {
    context.report(diagnostic('ambiguous-port', { port: value, service: destinationLabel(destination), target }, span));
  }
  if (atPods.length > 0) return atPods;
  // Containers need not declare their ports, so a number is taken at its word where the destination is one workload.
  return destination.service === undefined ? [podPort(value, String(value))] : [];
}

function isContainerName(destination: Destination, numbers: readonly number[], name: string): boolean {
  return destination.workloads.some(({ ports }) =>
    ports.some((port) => port.name === name && numbers.includes(port.number)),
  );
}

function carriesRequests(
  context: ResolveContext,
  destination: Destination,
  port: DestinationPort,
  condition: Condition,
  span: Span,
): boolean {
  const parameters = { port: port.label, destination: destinationLabel(destination), field: condition.key };
  if (port.layer === 'tcp') {
    const protocol = destination.service?.ports.find(({ number }) => number === port.service)?.protocol ?? 'tcp';
    context.report(
      diagnostic('requests-on-tcp-port', { ...parameters, protocol }, condition.span, {
        notes: [{ message: 'the port is named here', span }],
      }),
    );
    return false;
  }
  if (port.layer === 'detected') {
    const details = port.service === undefined ? { help: 'expose the port in a Service, with its protocol' } : {};
    context.report(diagnostic('protocol-not-declared', parameters, span, details));
  }
  return true;
}

function reportUnknownPort(
  context: ResolveContext,
  { value, span }: Located<string | number>,
  destinations: readonly Destination[],
  scope: BoundScope,
): void {
  const known = [...new Set(destinations.flatMap((destination) => portsOf(destination).map(({ label }) => label)))];
  const near = suggest(String(value), known);
  const listed = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const [first] = destinations;
  const where =
    destinations.length === 1 && first ? `at ${destinationLabel(first)}` : `anywhere in ${scopeLabel(scope)}`;
  const all = known.length > 0 ? `the ports there: ${listed(known.slice(0, 6))}` : 'declare the port in a manifest';
  const help = near.length > 0 ? `did you mean ${listed(near)}?` : all;
  context.report(diagnostic('unknown-port', { port: value, where }, span, { help }));
}
