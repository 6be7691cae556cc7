import { diagnostic } from '../diagnostics/create.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { Condition, TargetReference } from '../parse/ast.js';
import { aboutRequests, checkConditions } from './conditions.js';
import type { BindContext } from './context.js';
import { type Alternative, alternativesOf } from './except.js';
import { clusterNames, nearNames, wholeName } from './names.js';
import { noDestination } from './no-destination.js';
import type { BoundScope, Destination, DestinationPort, Target } from './resolved.js';
import { destinationsIn, holds, namespaceOf, scopeLabel } from './scopes.js';
import { type PortReading, portsFor, reportNoPort } from './target-ports.js';

/**
 * Binds what a rule speaks about. An absent `to` is everything in the scope, on every port. `refuses`: whether what is
 * said of it keeps requests out.
 */
export function resolveTargets(
  context: BindContext,
  to: readonly TargetReference[] | undefined,
  scope: BoundScope,
  ruleSpan: Span,
  refuses: boolean,
): Target[] {
  if (to === undefined) return destinationsIn(context, scope).map((destination) => everything(destination, ruleSpan));
  return to.flatMap((target) =>
    resolveTarget(context, target, scope, { refuses, onlyRequests: false, neverConnections: true }),
  );
}

/** The same for a rule that speaks of requests alone, whether it says how they look or not; of connections where it may. */
export function resolveRequestTargets(
  context: BindContext,
  to: readonly TargetReference[],
  scope: BoundScope,
  neverConnections: boolean,
): Target[] {
  const reading = { refuses: true, onlyRequests: true, neverConnections };
  return to.flatMap((target) => resolveTarget(context, target, scope, reading));
}

/** All of a destination, on every port, however it is addressed. */
export function everything(destination: Destination, span: Span): Target {
  return { destination, ports: undefined, exceptPorts: [], conditions: [], named: false, span };
}

function resolveTarget(
  context: BindContext,
  target: TargetReference,
  scope: BoundScope,
  reading: Omit<PortReading, 'named'>,
): Target[] {
  for (const { conditions } of [target, ...target.except]) checkConditions(context, conditions);
  const destinations = destinationsOf(context, target, scope);
  if (destinations === undefined) return [];
  const named =
    target.destination?.kind === 'service' || (target.destination === undefined && scope.kind === 'service');
  const seek: SeekPorts = (port, conditions) => {
    const sought = { ...target, port, conditions: aboutRequests(conditions) };
    const found = destinations.flatMap((destination) => {
      const ports = portsFor(context, sought, destination, { ...reading, named });
      return ports === 'none' ? [] : [{ destination, ports }];
    });
    if (found.length === 0 && destinations.length > 0)
      reportNoPort(context, sought, destinations, scope, { ...reading, named });
    return found;
  };
  const bound = { named, span: target.span };
  return placesOf(target, alternativesOf(context, target), seek).map((place) => ({ ...place, ...bound }));
}

type Place = Omit<Target, 'named' | 'span'>;

/** Every destination of a target that has a port, with the ports that are meant there by requests like these. */
type SeekPorts = (
  port: TargetReference['port'],
  conditions: readonly Condition[],
) => ReadonlyArray<Pick<Target, 'destination' | 'ports'>>;

/** Alternatives about requests mean other ports than those about connections; each kind is looked up once. */
function placesOf(target: TargetReference, alternatives: readonly Alternative[], seek: SeekPorts): Place[] {
  const excepted = new Map(target.except.flatMap(({ port }) => (port ? [[port, seek(port, [])] as const] : [])));
  return [true, false].flatMap((readsRequests) => {
    const alike = alternatives.filter(({ conditions }) => aboutRequests(conditions).length > 0 === readsRequests);
    const [first] = alike;
    const found = first ? seek(target.port, first.conditions) : [];
    return alike.flatMap(({ conditions, exceptPorts }) =>
      found.flatMap(({ destination, ports }) => {
        const removed = exceptPorts
          .flatMap((port) => excepted.get(port) ?? [])
          .filter((each) => each.destination === destination)
          .flatMap((each) => each.ports ?? []);
        return withoutPorts({ destination, ports, exceptPorts: [], conditions }, removed);
      }),
    );
  });
}

function withoutPorts(place: Place, removed: readonly DestinationPort[]): Place[] {
  if (place.ports === undefined) return [{ ...place, exceptPorts: removed }];
  const keys = new Set(removed.map(keyOfPort));
  const ports = place.ports.filter((port) => !keys.has(keyOfPort(port)));
  return ports.length > 0 || place.ports.length === 0 ? [{ ...place, ports }] : [];
}

function keyOfPort({ service, pod }: DestinationPort): string {
  return service === undefined ? `pod ${pod}` : `service ${service}`;
}

function destinationsOf(
  context: BindContext,
  target: TargetReference,
  scope: BoundScope,
): readonly Destination[] | undefined {
  if (target.destination === undefined) return destinationsIn(context, scope);
  const { kind, reference, span } = target.destination;
  if (kind === 'namespace') return namespaceDestinations(context, reference, span, scope);
  const name = wholeName(context, reference, namespaceOf(scope), span);
  if (name === undefined) return undefined;
  const found = kind === 'service' ? context.destinations.service(name) : context.destinations.workload(name);
  if (!found.every((destination) => holds(scope, destination))) {
    context.report(diagnostic('outside-scope', { name, scope: scopeLabel(scope) }, span));
    return undefined;
  }
  const served = found.filter(({ workloads }) => workloads.length > 0);
  if (served.length > 0) return served;
  context.report(noDestination(context, { kind, name, found }, span, 'nothing would enforce the rule'));
  return undefined;
}

function namespaceDestinations(
  context: BindContext,
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
