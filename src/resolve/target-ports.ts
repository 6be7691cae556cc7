import { diagnostic } from '../diagnostics/create.js';
import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Condition, TargetReference } from '../parse/ast.js';
import { suggest } from '../util/suggest.js';
import type { ResolveContext } from './context.js';
import { destinationLabel } from './destinations.js';
import { podPort, portsOf, servicePort } from './ports.js';
import type { BoundScope, Destination, DestinationPort } from './resolved.js';
import { scopeLabel } from './scopes.js';

/** The ports that are meant; `none` where this destination has no such port, which is a fault only if no other has it. */
export function portsFor(
  context: ResolveContext,
  target: TargetReference,
  destination: Destination,
  named: boolean,
): readonly DestinationPort[] | undefined | 'none' {
  if (target.port === undefined) {
    if (target.conditions.length === 0) return undefined;
    const ports = requestPorts(destination);
    return ports.length === 0 ? 'none' : ports.filter((port) => isServed(context, destination, port, target.span));
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
function requestPorts(destination: Destination): DestinationPort[] {
  return portsOf(destination).filter(
    ({ layer, service }) => layer === 'http' || (layer === 'detected' && service !== undefined),
  );
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

/** No destination of a rule has the port that it names, or any port with requests to match. */
export function reportNoPort(
  context: ResolveContext,
  target: TargetReference,
  destinations: readonly Destination[],
  scope: BoundScope,
): void {
  const [first] = destinations;
  const only = destinations.length === 1 && first ? destinationLabel(first) : undefined;
  const [condition] = target.conditions;
  if (target.port) {
    const where = only === undefined ? `anywhere in ${scopeLabel(scope)}` : `at ${only}`;
    reportUnknownPort(context, target.port, destinations, where);
  } else if (condition) {
    const parameters = { destination: only ?? scopeLabel(scope), field: condition.key };
    context.report(diagnostic('no-http-port', parameters, condition.span));
  }
}

function reportUnknownPort(
  context: ResolveContext,
  { value, span }: Located<string | number>,
  destinations: readonly Destination[],
  where: string,
): void {
  const known = [...new Set(destinations.flatMap((destination) => portsOf(destination).map(({ label }) => label)))];
  const near = suggest(String(value), known);
  const listed = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const all = known.length > 0 ? `the ports there: ${listed(known.slice(0, 6))}` : 'declare the port in a manifest';
  const help = near.length > 0 ? `did you mean ${listed(near)}?` : all;
  context.report(diagnostic('unknown-port', { port: value, where }, span, { help }));
}
