import type { WayIn } from '../../access/access-graph.js';
import type { Who } from '../../access/who.js';
import type { DestinationPolicy, Obligation, PolicyIr } from '../../ir/policy-ir.js';
import type { Caller } from '../../resolve/resolved.js';
import { keyInMesh } from '../../topology/model.js';
import { groupBy, sortedUnique } from '../../util/order.js';

/** Finds the rules that say of callers on a way that they may come; where none does, it is so by default. */
export function sayingRules(ir: PolicyIr | undefined): (way: WayIn, who: Who) => readonly string[] {
  const placed = (ir?.destinations ?? []).flatMap((policy) =>
    policy.destination.workloads.map((workload) => ({ key: keyInMesh(workload), policy })),
  );
  const byWorkload = groupBy(placed, ({ key }) => key);
  return ({ workload, podPort }, who) => {
    const policies = (byWorkload.get(keyInMesh(workload)) ?? []).map(({ policy }) => policy);
    return sortedUnique(policies.flatMap((policy) => idsIn(policy, who, podPort)));
  };
}

function idsIn({ obligations, plaintext }: DestinationPolicy, who: Who, podPort: number | undefined) {
  const allowing = [...obligations, ...plaintext].filter(
    ({ effect, authorizer }) => effect === 'Allow' && authorizer === undefined,
  );
  return allowing
    .filter((rule) => isAbout(rule, podPort) && rule.callers.some((caller) => means(caller, who)))
    .flatMap(({ origin, within }) => [origin, ...within].map(({ id }) => id));
}

function isAbout({ ports, exceptPorts }: Obligation, podPort: number | undefined): boolean {
  const isOneOf = (all: Obligation['exceptPorts']) =>
    podPort !== undefined && all.some(({ pod }) => pod.includes(podPort));
  return ports === undefined ? !isOneOf(exceptPorts) : isOneOf(ports);
}

/** Whoever has an address may have an identity as well. */
function means(caller: Caller, { kind, name, namespace, members }: Who): boolean {
  if (caller.kind === 'anyone' || caller.kind === 'addresses') return true;
  if (caller.kind === 'anyAuthenticated') return kind !== 'outside';
  if (caller.kind === 'identities') return kind === 'identity' && caller.serviceAccounts.includes(name);
  if (caller.kind === 'namespace') {
    const isNamed = kind !== 'rest' && kind !== 'outside' && caller.namespace === namespace;
    return isNamed || caller.members.some((member) => members.includes(member.name));
  }
  return kind === 'outside' || kind === 'rest';
}
