import type { Lane } from '../../algebra/lane.js';
import { isAnybodyMoved } from '../../compare/callers.js';
import { type ClusterChange, changesOf, type Deployment } from '../../compare/deployment.js';
import { causeOf, type Finding, findingsOn } from '../../compare/findings.js';
import { likenessIn } from '../../compare/likeness.js';
import { statesOf } from '../../compare/states.js';
import { isGatewayTouched, isWorkloadTouched } from '../../compare/touched.js';
import { type WayIn, waysToGateway, waysToWorkload } from '../../compare/ways.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { type Gateway, keyInMesh, keyOf, type Workload } from '../../topology/model.js';
import { computeAnew, type Recall } from '../../util/memory.js';
import { groupBy } from '../../util/order.js';
import { unmentionedWorkloads } from '../intents/mentioned-workloads.js';

/** What an output changes for somebody of whom no intent speaks. */
export interface UnmentionedFinding {
  readonly finding: Finding;
  readonly place: Unmentioned;
  /** To how many more the same thing happens. */
  readonly others: number;
}

type Unmentioned = Workload | Gateway;

/** The mesh without the output, which is read only if somebody is unmentioned, and with it. */
interface Compared extends Pick<Deployment, 'after'> {
  readonly before: () => Deployment['before'];
}

/**
 * Compares the mesh before and after an output is applied, for all that can be called and of which no intent speaks: what
 * passed must pass, and what was refused must be refused. Only whom the output touches is compared.
 */
export function proveUnmentioned(
  resolved: Resolved,
  { before: given, after: applied }: Compared,
  recall: Recall = computeAnew,
): readonly UnmentionedFinding[] {
  const unmentioned = unmentionedIn(resolved, applied, recall);
  if (!unmentioned.some(({ workloads, gateways }) => workloads.length + gateways.length > 0)) return [];
  const isRouted = routedBy(resolved);
  const deployment = { before: given(), after: applied };
  const isMoved = isAnybodyMoved(deployment.before, applied.topology, recall);
  const of = groupBy(unmentioned, ({ cluster }) => cluster);
  const changes = changesOf(deployment, recall);
  const isCut = changes.some(hasOtherNetworkPolicies);
  const touched = changes.flatMap((change) =>
    (of.get(change.after.cluster.name) ?? []).map((each) => touchedBy(change, { isMoved, isCut }, each, recall)),
  );
  const [workloads, gateways] = [touched.flatMap((each) => each.workloads), touched.flatMap((each) => each.gateways)];
  if (workloads.length + gateways.length === 0) return [];
  const states = statesOf(deployment, isMoved);
  const { before, after } = states;
  const alike = [...groupBy(workloads, likenessIn(states)).values()];
  const found = (ways: readonly WayIn[], place: Unmentioned, others: number) =>
    findingsOn(states, ways).map((finding) => ({ finding, place, others }));
  return joined([
    ...alike.flatMap(([place, ...others]) =>
      place === undefined ? [] : found(waysToWorkload(before, after, place, isRouted), place, others.length),
    ),
    ...gateways.flatMap((place) => found(waysToGateway(before, after, place), place, 0)),
  ]);
}

/** Whether traffic settings say where the requests of a way go. */
function routedBy({ traffic }: Resolved): (lane: Lane) => boolean {
  const routed = new Set(traffic.flatMap(({ destinations }) => destinations.map(({ id }) => id)));
  return ({ destination }) =>
    destination.kind === 'service' && routed.has(`${destination.cluster}/${destination.service}`);
}

/** What one policy does to many is said once. */
function joined(all: readonly UnmentionedFinding[]): readonly UnmentionedFinding[] {
  const groups = groupBy(all, ({ finding }) => causeOf(finding));
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((first) => ({
      ...first,
      others: group.reduce((sum, { others }) => sum + others + 1, -1),
    })),
  );
}

/** All of a cluster that can be called and of which no intent speaks. */
interface UnmentionedIn {
  readonly cluster: string;
  readonly workloads: readonly Workload[];
  readonly gateways: readonly Gateway[];
}

/** Gateways are compared as such. */
function unmentionedIn(resolved: Resolved, { clusters }: Mesh, recall: Recall): readonly UnmentionedIn[] {
  const workloadsOf = unmentionedWorkloads(resolved, recall);
  const named = new Set([
    ...resolved.gatewaySecurity.map(({ gateway }) => keyInMesh(gateway)),
    ...resolved.plannedGateways.map(keyInMesh),
  ]);
  return [...clusters.values()].map(({ cluster }) => ({
    cluster: cluster.name,
    workloads: workloadsOf(cluster),
    gateways: [...cluster.gateways.values()].filter((gateway) => !named.has(keyInMesh(gateway))),
  }));
}

/** They stand on the way of callers as well, to whomever these call and in whichever cluster. */
function hasOtherNetworkPolicies({ before, after }: ClusterChange): boolean {
  const [earlier, later] = [new Set(before.networkPolicies), after.cluster.networkPolicies];
  return earlier.size !== later.length || later.some((object) => !earlier.has(object));
}

/**
 * What is new was not there before to be changed. Callers who come otherwise touch everybody, and NetworkPolicies on their way
 * all workloads; a gateway that is led on otherwise is for the settings that lead it to say.
 */
function touchedBy(
  change: ClusterChange,
  { isMoved, isCut }: { readonly isMoved: boolean; readonly isCut: boolean },
  { cluster, workloads, gateways }: UnmentionedIn,
  recall: Recall,
): Pick<UnmentionedIn, 'workloads' | 'gateways'> {
  return recall('whom the output touches in', cluster, [change, isMoved, isCut, ...workloads, ...gateways], () => ({
    workloads: workloads.filter((workload) => {
      const before = change.before.workloads.get(keyOf(workload));
      return before !== undefined && (isMoved || isCut || isWorkloadTouched(change, before, workload));
    }),
    gateways: gateways.filter((gateway) => {
      const before = change.before.gateways.get(keyOf(gateway));
      return before !== undefined && (isMoved || isGatewayTouched(change, before, gateway));
    }),
  }));
}
