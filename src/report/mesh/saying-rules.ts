import type { WayIn } from '../../access/into-workloads.js';
import type { AccessOut, WayOut } from '../../access/out-of-mesh.js';
import type { WayToGateway } from '../../access/to-gateways.js';
import type { Who } from '../../access/who.js';
import type { DestinationPolicy, Obligation, PolicyIr } from '../../ir/policy-ir.js';
import type { Caller } from '../../resolve/resolved.js';
import type { ResolvedEgressRule } from '../../resolve/resolved-egress.js';
import type { GatewayRule } from '../../resolve/resolved-gateway-security.js';
import { keyInMesh, keyOf } from '../../topology/model.js';
import { groupBy, sortedUnique } from '../../util/order.js';

/** Finds the rules that say of callers on a way that they may come; where none does, it is so by default. */
export interface SayingRules {
  toWorkload(way: WayIn, who: Who): readonly string[];
  toGateway(way: WayToGateway, who: Who): readonly string[];
  /** Where rules open it to some of them alone, it is not they that say so. */
  toHost(way: WayOut, access: AccessOut): readonly string[];
}

export function sayingRules(ir: PolicyIr | undefined): SayingRules {
  const { destinations = [], gatewaySecurity = [], egress = [] } = ir ?? {};
  const placed = destinations.flatMap((policy) =>
    policy.destination.workloads.map((workload) => ({ key: keyInMesh(workload), policy })),
  );
  const byWorkload = groupBy(placed, ({ key }) => key);
  return {
    toWorkload: ({ workload, podPort }, who) => {
      const policies = (byWorkload.get(keyInMesh(workload)) ?? []).map(({ policy }) => policy);
      return sortedUnique(policies.flatMap((policy) => idsIn(policy, who, podPort)));
    },
    toGateway: ({ gateway, listener }, who) => {
      const own = gatewaySecurity.filter((each) => keyInMesh(each.gateway) === keyInMesh(gateway));
      const rules = own.flatMap((each) => each.rules).filter(isAbout(listener.podPort));
      const saying = rules.filter(
        ({ effect, callers }) => effect === 'Allow' && callers.some((each) => means(each, who)),
      );
      return sortedUnique(saying.map(({ origin }) => origin.id));
    },
    toHost: (way, { workloads }) => {
      const opening = egress.flatMap((settings) =>
        settings.rules
          .filter((rule) => isOpening(rule, way))
          .map(({ origin, callers }) => ({ id: origin.id, to: (callers ?? settings).workloads.map(keyOf) })),
      );
      const own = opening.filter(({ to }) => workloads.some((each) => to.includes(each)));
      const isEach = workloads.every((each) => own.some(({ to }) => to.includes(each)));
      return isEach ? sortedUnique(own.map(({ id }) => id)) : [];
    },
  };
}

function isAbout(podPort: number) {
  return ({ requests }: GatewayRule): boolean =>
    requests.some(({ ports, exceptPorts }) => ports?.includes(podPort) ?? !exceptPorts.includes(podPort));
}

function isOpening({ targets }: ResolvedEgressRule, { host, port }: WayOut): boolean {
  return targets.some((target) => target.host.toLowerCase() === host && target.port === port.number);
}

function idsIn({ obligations, plaintext }: DestinationPolicy, who: Who, podPort: number | undefined) {
  const allowing = [...obligations, ...plaintext].filter(
    ({ effect, authorizer }) => effect === 'Allow' && authorizer === undefined,
  );
  return allowing
    .filter((rule) => isAtPort(rule, podPort) && rule.callers.some((caller) => means(caller, who)))
    .flatMap(({ origin, within }) => [origin, ...within].map(({ id }) => id));
}

function isAtPort({ ports, exceptPorts }: Obligation, podPort: number | undefined): boolean {
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
