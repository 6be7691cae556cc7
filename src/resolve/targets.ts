import { diagnostic } from '../diagnostics/create.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { TargetReference } from '../parse/ast.js';
import { checkConditions } from './conditions.js';
import type { ResolveContext } from './context.js';
import { destinationLabel } from './destinations.js';
import { clusterNames, nearNames, wholeName } from './names.js';
import type { BoundScope, Destination, Target } from './resolved.js';
import { destinationsIn, holds, namespaceOf, scopeLabel } from './scopes.js';
import { portsFor, reportNoPort } from './target-ports.js';

/**
 * Binds what a rule speaks about. An absent `to` is everything in the scope, on every port. `refuses`: whether what is
 * said of it keeps requests out.
 */
export function resolveTargets(
  context: ResolveContext,
  to: readonly TargetReference[] | undefined,
  scope: BoundScope,
  ruleSpan: Span,
  refuses: boolean,
): Target[] {
  if (to === undefined) return destinationsIn(context, scope).map((destination) => everything(destination, ruleSpan));
  return to.flatMap((target) => resolveTarget(context, target, scope, refuses));
}

function everything(destination: Destination, span: Span): Target {
  return { destination, ports: undefined, conditions: [], named: false, span };
}

function resolveTarget(
  context: ResolveContext,
  target: TargetReference,
  scope: BoundScope,
  refuses: boolean,
): Target[] {
  checkConditions(context, target.conditions);
  const destinations = destinationsOf(context, target, scope);
  if (destinations === undefined) return [];
  const named =
    target.destination?.kind === 'service' || (target.destination === undefined && scope.kind === 'service');
  const found = destinations.flatMap((destination) => {
    const ports = portsFor(context, target, destination, { named, refuses });
    return ports === 'none' ? [] : [{ destination, ports, conditions: target.conditions, named, span: target.span }];
  });
  if (found.length === 0 && destinations.length > 0) reportNoPort(context, target, destinations, scope, named);
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
