import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import {
  podsOfGateway,
  podsOfWorkload,
  type Receiver,
  stoppedBetween,
} from '../../mesh/network-policies/connection.js';
import { ingressPoliciesOf, type NetworkPolicy } from '../../mesh/network-policies/policy.js';
import { matchesText, textMatcher } from '../../mesh/policies/matcher.js';
import type { Caller, Source } from '../../resolve/resolved.js';
import type { ResolvedCompanions } from '../../resolve/resolved-companions.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { hbonePort } from '../../topology/labels.js';
import { infrastructure, keyInMesh, type Workload } from '../../topology/model.js';
import { type Demand, demandsOf, speaksOfPort } from '../intents/demands.js';

/** Pods that NetworkPolicies let send to a workload whose settings ask for NetworkPolicies, and whom no rule allows. */
export interface LetIn {
  readonly settings: ResolvedCompanions;
  readonly workload: Workload;
  readonly caller: string;
  readonly port: number;
  /** None where none is for the pods: then everybody may send them anything. */
  readonly policies: readonly NetworkPolicy[];
}

/** What NetworkPolicies from the rules do not close of what they could: of whoever they can tell from callers of a rule. */
export function letInByCompanions(mesh: Mesh, resolved: Resolved): readonly LetIn[] {
  if (resolved.companions.length === 0) return [];
  const demands = demandsOf(resolved);
  return resolved.companions.flatMap((settings) =>
    settings.workloads.flatMap((workload): readonly LetIn[] => {
      const at = mesh.clusters.get(workload.cluster);
      const demand = demands.get(keyInMesh(workload));
      if (at === undefined || demand === undefined || !isClosed(demand)) return [];
      const policies = ingressPoliciesOf(at, workload.namespace, workload.labels);
      const letInOn = (ports: readonly number[]) =>
        ports.flatMap((port) =>
          strangersAt(mesh, at, demand, port)
            .slice(0, 1)
            .map((caller) => ({ settings, workload, caller, port, policies })),
        );
      const found = letInOn(portsOf(workload));
      if (found.length === 0) return letInOn([undeclaredPort(workload)]);
      return policies.length === 0 ? found.slice(0, 1) : found;
    }),
  );
}

/** A workload that by default everybody may call gets no NetworkPolicy, which could only let in everybody. */
function isClosed({ defaults }: Demand): boolean {
  return defaults.length > 0 && defaults.every(({ value }) => value === 'Deny');
}

/** Whether pods of another cluster on the same network have addresses that nobody says: then everybody may be one of them. */
function isOpenToCluster({ clusters }: Mesh, { cluster }: MeshCluster): boolean {
  return [...clusters.values()].some(
    ({ cluster: { name, settings } }) =>
      name !== cluster.name && settings.network === cluster.settings.network && settings.ipBlocks === undefined,
  );
}

/** Where connections come to it: whatever port it is for, by HBONE to one. */
function portsOf({ mode, ports }: Workload): readonly number[] {
  const own = ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => number);
  return mode.hbone ? [hbonePort, ...own] : own;
}

/** Pods may listen on ports that they do not declare: one of these stands for all. */
function undeclaredPort({ ports }: Pick<Workload, 'ports'>, candidate = 1): number {
  const isDeclared = ports.some(({ number }) => number === candidate);
  return isDeclared ? undeclaredPort({ ports }, candidate + 1) : candidate;
}

function strangersAt(mesh: Mesh, at: MeshCluster, demand: Demand, port: number): readonly string[] {
  const { workload, allow, plaintext } = demand;
  const speaking = [...allow, ...plaintext].filter(
    (grant) => port === hbonePort || speaksOfPort(grant, workload, port),
  );
  if (speaking.length > 0 && isOpenToCluster(mesh, at)) return [];
  const callers = speaking.flatMap(({ rule }) => rule.callers);
  const pods = podsOfWorkload(workload);
  return podsIn(at).flatMap(({ title, namespace, labels, onNode }) => {
    if (onNode || callers.some((caller) => mayBe(at, caller, { title, namespace, labels, onNode }))) return [];
    const sender = { cluster: at.cluster.name, pods: { namespace, labels }, policies: [] };
    return stoppedBetween(at, sender, pods, port) === undefined ? [title] : [];
  });
}

/** Pods that nobody has deployed yet, in a namespace that nobody has made yet: one of this name cannot exist. */
const futurePods: Receiver = {
  title: 'a new workload',
  namespace: 'any other namespace',
  labels: undefined,
  onNode: false,
};

/** Waypoints, and gateways between networks, are let in for those who come through them. */
function podsIn({ cluster }: MeshCluster): readonly Receiver[] {
  const workloads = [...cluster.workloads.values()].filter(({ mode }) => !infrastructure.has(mode.plane));
  const gateways = [...cluster.gateways.values()].filter(
    ({ listeners }) => !listeners.some(({ tls }) => tls === 'AUTO_PASSTHROUGH'),
  );
  return [...workloads.map(podsOfWorkload), ...gateways.map(podsOfGateway), futurePods];
}

/** Whether pods may be a caller, as far as a NetworkPolicy can tell: by their namespace and labels. */
function mayBe(at: MeshCluster, caller: Caller, pods: Receiver): boolean {
  switch (caller.kind) {
    case 'identities':
      if (caller.members.length === 0)
        return caller.serviceAccounts.some((each) => each.startsWith(`${pods.namespace}/`));
      return caller.members.some((member) => looksLike(at, member, pods));
    case 'namespace':
      return caller.namespace.includes('*') || matchesText(textMatcher(caller.namespace), pods.namespace);
    default:
      return true;
  }
}

/** Pods with all labels of others are selected with them; those on the network of a node have none. */
function looksLike({ cluster }: MeshCluster, { cluster: home, name }: Source, pods: Receiver): boolean {
  if (home !== cluster.name) return false;
  const gateway = cluster.gateways.get(name);
  const workload = cluster.workloads.get(name);
  const known = gateway ? podsOfGateway(gateway) : workload && podsOfWorkload(workload);
  if (known === undefined || known.onNode) return known !== undefined;
  return known.namespace === pods.namespace && hasAll(pods, known);
}

function hasAll({ labels = {} }: Receiver, { labels: wanted = {} }: Receiver): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
