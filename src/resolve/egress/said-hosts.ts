import type { EgressTarget, SecuritySettings } from '../../parse/ast.js';
import type { PortEndpoints } from '../../parse/traffic/endpoints.js';
import { groupBy } from '../../util/order.js';
import type { SaidHost } from '../traffic/outside/planned-entry.js';

interface NamedTarget {
  readonly namespace: string;
  readonly target: EgressTarget;
}

/**
 * The hosts that rules name, each as they say it together, in the namespace of the first settings by name; those of the
 * mesh in the root namespace, whose ServiceEntries are for everybody.
 */
export function hostsOfEgress(settings: readonly SecuritySettings[], rootNamespace: string): readonly SaidHost[] {
  const named = settings.flatMap((each) => targetsOf(each, rootNamespace));
  return [...groupBy(named, ({ target }) => target.host.value).values()].flatMap(saidHost);
}

function targetsOf({ scope, egress }: SecuritySettings, rootNamespace: string): readonly NamedTarget[] {
  if (egress === undefined || scope.kind === 'gateway') return [];
  const [namespace = ''] = scope.kind === 'mesh' ? [rootNamespace] : scope.reference.split('/');
  return egress.allow.flatMap(({ to }) => to.map((target) => ({ namespace, target })));
}

function saidHost(named: readonly NamedTarget[]): readonly SaidHost[] {
  const [first] = named;
  if (first === undefined) return [];
  const { namespace, target } = first;
  const { value: reference, span } = target.host;
  const byPort = groupBy(named, (each) => each.target.port.value);
  const ports = [...byPort.values()].flatMap((same) => portOf(same.map((each) => each.target)));
  if (ports.length === 0) return [];
  const addresses = named.map((each) => each.target.addresses).find((given) => given.length > 0) ?? [];
  const scope = { kind: 'host', reference, namespace: { value: namespace, span }, span } as const;
  return [{ scope, ports, outside: { addresses, through: undefined } }];
}

function portOf(targets: readonly EgressTarget[]): readonly PortEndpoints[] {
  const [declared] = targets.flatMap((target) => declaredBy(target) ?? []);
  return declared === undefined ? [] : targets.slice(0, 1).map(({ port }) => ({ port, settings: {}, declared }));
}

/** What callers send to a port; nobody says it of the port of HTTPS, which everybody knows. */
export function declaredBy({ port, protocol }: EgressTarget): PortEndpoints['declared'] {
  if (protocol !== undefined) return { protocol, targetPort: undefined };
  return port.value === 443 ? { protocol: { value: 'TLS', span: port.span }, targetPort: undefined } : undefined;
}
