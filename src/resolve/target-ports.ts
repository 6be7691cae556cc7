import { diagnostic } from '../diagnostics/create.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { Condition, TargetReference } from '../parse/ast.js';
import { keyOf } from '../topology/model.js';
import { didYouMean, suggest } from '../util/suggest.js';
import type { BindContext } from './context.js';
import { destinationLabel } from './destinations.js';
import { podPort, portsOf, servicePort } from './ports.js';
import type { BoundScope, Destination, DestinationPort } from './resolved.js';
import { scopeLabel } from './scopes.js';

/** How the port of a target is read. */
export interface PortReading {
  /** Whether the Service is named, so that the port is one of its own. */
  readonly named: boolean;
  /** Whether what is said refuses requests: then a number means every pod, for a process may listen on any port. */
  readonly refuses: boolean;
  /** Whether only requests are meant, and so only ports of which it is known that they carry some. */
  readonly onlyRequests: boolean;
  /** Whether that holds even for a port that is named and of which no more is said: some authorizers are asked about connections. */
  readonly neverConnections: boolean;
}

/** The ports that are meant; `none` where this destination has no such port, which is a fault only if no other has it. */
export function portsFor(
  context: BindContext,
  target: TargetReference,
  destination: Destination,
  { named, refuses, onlyRequests, neverConnections }: PortReading,
): readonly DestinationPort[] | undefined | 'none' {
  const isWholeAsked = !neverConnections && target.port !== undefined && target.conditions.length === 0;
  const isKnown = (port: DestinationPort, span: Span) =>
    !onlyRequests || isWholeAsked || isSureOfRequests(context, destination, port, span);
  if (target.port === undefined) {
    if (target.conditions.length === 0 && !onlyRequests) return undefined;
    const ports = requestPorts(destination).filter((port) => isKnown(port, target.span));
    return ports.length === 0 ? 'none' : ports.filter((port) => isServed(context, destination, port, target.span));
  }
  const { value, span } = target.port;
  const [condition] = target.conditions;
  const isMeantEverywhere = refuses && condition === undefined && !onlyRequests;
  const ports = named
    ? namedPort(context, destination, value, span)
    : anyPort(context, destination, value, span, isMeantEverywhere);
  if (ports.length === 0) return 'none';
  return ports
    .filter((port) => isServed(context, destination, port, span) && isKnown(port, span))
    .filter((port) => condition === undefined || carriesRequests(context, destination, port, condition, span));
}

/** A port that leads to none at the pods would leave a policy for them without a port, which means every port. */
function isServed(context: BindContext, destination: Destination, port: DestinationPort, span: Span): boolean {
  if (port.pod.length > 0) return true;
  const target = destination.service?.ports.find(({ number }) => number === port.service)?.targetPort ?? port.label;
  const parameters = { port: port.label, destination: destinationLabel(destination), target };
  context.report(diagnostic('unresolved-target-port', parameters, span));
  return false;
}

/** An authorizer is asked about requests: bytes that are none would pass without it (istio-security §2.5). */
function isSureOfRequests(
  context: BindContext,
  destination: Destination,
  { label, layer }: DestinationPort,
  span: Span,
): boolean {
  if (layer === 'http') return true;
  const what = layer === 'tcp' ? 'carries bytes and no requests' : 'declares no protocol, and may carry other bytes';
  const parameters = { port: label, destination: destinationLabel(destination), what };
  const witness = `bytes that are no HTTP arrive at port \`${label}\`, and nobody is asked`;
  context.report(diagnostic('authorizer-without-requests', parameters, span, { witness }));
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
  context: BindContext,
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
  context: BindContext,
  destination: Destination,
  value: string | number,
  span: Span,
  isMeantEverywhere: boolean,
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
  return isMeantEverywhere || destination.service === undefined ? [podPort(value, String(value))] : [];
}

function isContainerName(destination: Destination, numbers: readonly number[], name: string): boolean {
  return destination.workloads.some(({ ports }) =>
    ports.some((port) => port.name === name && numbers.includes(port.number)),
  );
}

function carriesRequests(
  context: BindContext,
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
  context: BindContext,
  target: TargetReference,
  destinations: readonly Destination[],
  scope: BoundScope,
  { named, onlyRequests }: PortReading,
): void {
  const [first] = destinations;
  const only = destinations.length === 1 && first ? destinationLabel(first) : undefined;
  const [condition] = target.conditions;
  if (target.port) {
    const { value, span } = target.port;
    const where = only === undefined ? `anywhere in ${scopeLabel(scope)}` : `at ${only}`;
    const help =
      (named ? podPortHelp(destinations, value, scope) : undefined) ?? nearPorts(destinations, String(value), named);
    context.report(diagnostic('unknown-port', { port: value, where }, span, { help }));
  } else if (condition || onlyRequests) {
    const parameters = { destination: only ?? scopeLabel(scope), field: condition?.key ?? 'external' };
    context.report(diagnostic('no-http-port', parameters, condition?.span ?? target.span));
  }
}

/** A port of the pods, at a rule that names a Service: the Service may lead to it; otherwise the rule has to name the pods. */
function podPortHelp(
  destinations: readonly Destination[],
  value: string | number,
  scope: BoundScope,
): string | undefined {
  const declared = destinations.flatMap(({ workloads }) =>
    workloads.flatMap((workload) => workload.ports.map((port) => ({ workload, ...port }))),
  );
  const owner = declared.find(({ name, number }) => name === value || number === value);
  const number = owner?.number ?? value;
  const leading = destinations
    .flatMap(portsOf)
    .find(({ service, pod }) => service !== undefined && pod.some((each) => each === number));
  if (leading !== undefined) return `the port of the Service that leads there is \`${leading.label}\``;
  if (owner === undefined) return undefined;
  const workload = `workload: ${keyOf(owner.workload)}`;
  const advice = scope.kind === 'service' ? `write the rule under \`scope: { ${workload} }\`` : `name \`${workload}\``;
  return `it is a port of the pods, not of the Service: ${advice}`;
}

/** The ports that could have been written: those of the Service where it is named, and else those of containers as well. */
function nearPorts(destinations: readonly Destination[], written: string, named: boolean): string {
  const ports = destinations.flatMap(portsOf).filter(({ service }) => !named || service !== undefined);
  const known = [...new Set(ports.map(({ label }) => label))];
  const { help } = didYouMean(suggest(written, known));
  if (help !== undefined || known.length === 0) return help ?? 'declare the port in a manifest';
  return `the ports there: ${known
    .slice(0, 6)
    .map((name) => `\`${name}\``)
    .join(', ')}`;
}
