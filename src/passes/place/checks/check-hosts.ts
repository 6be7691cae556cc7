import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Caller } from '../../../resolve/resolved.js';
import type { Cluster, Service } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import type { PlaceContext } from '../context.js';

/**
 * A sidecar chooses by the Host header where a request goes, and knows the names of Services and the hosts that routes and
 * ServiceEntries declare. With any other host it sends the bytes on as they came, without the identity that a rule asks for.
 */
export function checkHosts(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): void {
  const { service } = policy.destination;
  const hosts = obligation.conditions.find(({ key, isNegated }) => key === 'hosts' && !isNegated);
  if (obligation.effect !== 'Allow' || service === undefined || hosts === undefined) return;
  const sidecar = obligation.callers.flatMap(sidecarsOf)[0];
  if (sidecar === undefined) return;
  const known = [...namesOf(service), ...declaredHosts(context.clusterOf(policy))];
  for (const { value, span } of hosts.values) {
    if (known.some((name) => isLike(value, name))) continue;
    const parameters = { host: value, caller: sidecar, destination: destinationLabel(policy.destination) };
    const witness = `${sidecar} sends a request with Host: ${value.replace('*', 'a')}, and its sidecar sends it on in plaintext, without an identity`;
    context.report(diagnostic('host-unknown-to-sidecar', parameters, span, { witness }));
  }
}

function sidecarsOf(caller: Caller): string[] {
  const members = caller.kind === 'identities' || caller.kind === 'namespace' ? caller.members : [];
  return members.filter(({ plane }) => plane === 'sidecar').map(({ name }) => name);
}

function namesOf({ name, namespace, host }: Service): string[] {
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host];
}

/** Hosts that VirtualServices and ServiceEntries add to what sidecars know. */
const declaredHosts = oncePerObject(({ routes, serviceEntries }: Cluster): readonly string[] => {
  const written = routes.flatMap(({ kind, value }) => (kind === 'VirtualService' ? Object(value.spec).hosts : []));
  return [...written, ...[...serviceEntries.values()].flatMap(({ hosts }) => hosts)].filter(
    (host) => typeof host === 'string',
  );
});

/** Whether a pattern of a rule takes in a name, or a wildcard of a declared host takes in the pattern. */
function isLike(pattern: string, name: string): boolean {
  if (name.startsWith('*')) return pattern.endsWith(name.slice(1));
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name.toLowerCase() === pattern.toLowerCase();
}
