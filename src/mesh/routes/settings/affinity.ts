import type { MeshCluster } from '../../mesh.js';
import { hostsNamed } from '../../paths/host-names.js';
import { type Obeying, obeyedRules } from '../obeyed-rules.js';
import { type Node, nodeOf } from '../read/fields.js';
import type { VersionRule } from '../read/read-versions.js';
import type { RouteRule, WeightedDestination } from '../route.js';
import { undatedRules } from '../versions.js';
import type { HashKey } from './effective.js';
import { hashKeyIn } from './load-balancing.js';
import { agreed, byDefault, open, type Setting, saidBy } from './setting.js';
import { type Placed, policyIn, portSettings, specOf, subsetIn } from './traffic-policy.js';

type Keys = Setting<readonly HashKey[]>;

/** The keys of all destinations of a rule: the hash is made before one of them is drawn. */
export function keysOfRule(mesh: MeshCluster, proxy: Obeying, { result }: RouteRule): Keys {
  if (result.kind !== 'forward') return byDefault([]);
  const all = result.destinations.map((destination) => keysOfDestination(mesh, proxy, destination));
  const unknown = all.find(({ known }) => !known);
  if (unknown !== undefined) return unknown;
  const saying = all.flatMap((keys) => (keys.known && keys.by !== undefined ? [keys] : []));
  const [first] = saying;
  return first === undefined ? byDefault([]) : { ...first, value: saying.flatMap(({ value }) => value) };
}

/** The settings of a port count only where the destination names the port. */
function keysOfDestination(mesh: MeshCluster, proxy: Obeying, { host, port, subset }: WeightedDestination): Keys {
  const [named] = hostsNamed(mesh, host);
  if (named === undefined) return byDefault([]);
  return ofAll(obeyedRules(mesh, proxy, { host, namespace: named.namespace }), (rules) => {
    const whole = firstPolicy(rules);
    const version = subset === undefined ? undefined : policyOfVersion(rules, subset);
    const atPort = (policy: Placed | undefined) =>
      port === undefined ? undefined : hashIn(policy && portSettings(policy, port));
    return atPort(version) ?? hashIn(version) ?? atPort(whole) ?? hashIn(whole);
  });
}

/** The keys that sidecars use for a Service without routes. */
export function keysOfService(alternatives: ReadonlyArray<readonly VersionRule[]>, port: number): Keys {
  return ofAll(alternatives, (rules) => {
    const whole = firstPolicy(rules);
    return hashIn(whole && portSettings(whole, port)) ?? hashIn(whole);
  });
}

/** Those of a waypoint, which looks at the settings for the whole alone (T-40). */
export function keysOfWhole(alternatives: ReadonlyArray<readonly VersionRule[]>): Keys {
  return ofAll(alternatives, (rules) => hashIn(firstPolicy(rules)));
}

function ofAll(
  alternatives: ReadonlyArray<readonly VersionRule[]>,
  find: (rules: readonly VersionRule[]) => Placed | undefined,
): Keys {
  const all = alternatives.map(find).map((hash): Keys => {
    const key = hash && hashKeyIn(hash.node);
    return hash === undefined || key === undefined ? byDefault([]) : saidBy([key], hash);
  });
  return all.length === 0 ? open('no DestinationRule') : agreed(all, undatedRules(alternatives));
}

function firstPolicy(rules: readonly VersionRule[]): Placed | undefined {
  return rules.flatMap((rule) => policyIn(rule, specOf(rule)))[0];
}

function policyOfVersion(rules: readonly VersionRule[], subset: string): Placed | undefined {
  const [version] = rules.flatMap((rule) => subsetIn(rule, subset));
  return version && policyIn(version, version.node)[0];
}

function hashIn(policy: Placed | undefined): Placed | undefined {
  const balancer: Node | undefined = policy && nodeOf(policy.node, 'loadBalancer');
  const hash = balancer && nodeOf(balancer, 'consistentHash');
  return policy === undefined || hash === undefined
    ? undefined
    : { object: policy.object, place: hash.place, node: hash };
}
