import { diagnostic } from '../../diagnostics/create.js';
import type { Located } from '../../diagnostics/diagnostic.js';
import type { Condition } from '../../parse/ast.js';
import type { Gateway, Listener } from '../../topology/model.js';
import { sortedNumbers } from '../../util/order.js';
import type { ResolveContext } from '../context.js';

/** The listeners that istiod makes, or may make. */
export function servedListeners({ listeners }: Gateway): readonly Listener[] {
  return listeners.filter(({ standing }) => standing.kind !== 'left-out');
}

/** The ports of the pods behind a port of the gateway, by the number or the name of its listeners. */
export function portsOfGateway(
  context: ResolveContext,
  gateway: Gateway,
  { value, span }: Located<string | number>,
): number[] {
  const listeners = servedListeners(gateway);
  const meant = listeners.filter(({ name, port }) => name === value || port === value);
  if (meant.length === 0) {
    const ports = sortedNumbers(listeners.map(({ port }) => port)).join(', ');
    context.report(diagnostic('unknown-listener-port', { what: '', port: String(value), ports }, span));
  }
  return podPortsOf(meant);
}

/**
 * The ports on which requests can be told apart; `undefined` where all of them are. A policy about requests on a port where
 * only connections are read would refuse every one of these (istio-security §2.5).
 */
export function requestPorts(gateway: Gateway): readonly number[] | undefined {
  const listeners = servedListeners(gateway);
  const reading = listeners.filter(({ reads }) => reads === 'requests');
  return reading.length === listeners.length ? undefined : podPortsOf(reading);
}

/** Reports conditions about requests on a named port that reads connections only. */
export function checkReading(
  context: ResolveContext,
  gateway: Gateway,
  ports: readonly number[],
  [condition]: readonly Condition[],
): void {
  const deaf = servedListeners(gateway).find(
    ({ podPort, reads }) => ports.includes(podPort) && reads === 'connections',
  );
  if (condition === undefined || deaf === undefined) return;
  const parameters = { field: condition.key, listener: deaf.name, protocol: deaf.protocol };
  context.report(diagnostic('requests-at-connection-listener', parameters, condition.span));
}

export function podPortsOf(listeners: readonly Listener[]): number[] {
  return sortedNumbers(listeners.map(({ podPort }) => podPort));
}
