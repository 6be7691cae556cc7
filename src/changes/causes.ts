import type { MeshCluster } from '../mesh/mesh.js';
import { podsOfGateway, podsOfWaypoint, podsOfWorkload } from '../mesh/network-policies/connection.js';
import { egressPoliciesOf, ingressPoliciesOf, type NetworkPolicy } from '../mesh/network-policies/policy.js';
import type { Source } from '../mesh/request.js';
import type { Origin } from '../mesh/routes/route.js';
import type { ManifestObject, Path } from '../parse/document.js';
import { spanIn } from '../parse/document.js';
import { describe } from '../topology/fields.js';
import type { Cluster } from '../topology/model.js';
import { keyOf } from '../topology/model.js';
import { intentsOf, type Responsible } from '../trace/responsible.js';
import { writtenSourceIntents } from '../trace/source-intents.js';
import type { Cause, Place, Side, State, Witness } from './change.js';
import { contentOf, contentOfObject, differenceInCluster, firstDifference, saidBy } from './content.js';
import { objectKey, objectsOf } from './objects.js';
import type { Pair } from './pair.js';

/**
 * What of the two texts makes the difference for a request: the NetworkPolicy that stops it on one side; else the rule that lets it through or refuses it and is not on the
 * other side; else what differs of the pods, of their namespace, Services and waypoint, and of the caller; else of the
 * settings of the mesh; else whatever else in the cluster differs.
 */
export function causesOf(pair: Pair, place: Place, witness: Witness): readonly Cause[] {
  const steps = [
    () => byNetworkPolicies(pair, place, witness),
    () => byPolicies(pair, witness),
    () => byDeployment(pair, place, witness),
    () => bySettings(pair, place),
    () => byAnything(pair, place),
  ];
  for (const step of steps) {
    const found = step();
    if (found.length > 0) return found.slice(0, mostCauses);
  }
  return [];
}

const mostCauses = 3;

/** A NetworkPolicy that decides is named by the decision; it may be for the pods of either end, or of what stands between. */
function byNetworkPolicies(pair: Pair, place: Place, { before, after }: Witness): readonly Cause[] {
  const callers = [after.request.source, before.request.source].flatMap(bearerOf);
  const found = [place, ...callers].flatMap(({ cluster, name }) =>
    [pair.before, pair.after].flatMap(({ mesh }) => {
      const at = mesh.clusters.get(cluster);
      return at === undefined ? [] : networkPoliciesOf(at, name).map(({ object }) => ({ cluster, object }));
    }),
  );
  const isNamed = (object: ManifestObject) =>
    [before, after].some(({ trace }) => trace.because.includes(describe(object)));
  const keys = found.flatMap(({ cluster, object }) => (isNamed(object) ? [objectKey(cluster, object)] : []));
  return [...new Set(keys)].flatMap((key) => causeIn(pair, key));
}

function networkPoliciesOf(at: MeshCluster, name: string): readonly NetworkPolicy[] {
  const { workloads, gateways, services, waypoints } = at.cluster;
  const [workload, gateway] = [workloads.get(name), gateways.get(name)];
  const bindings = [workload, ...(workload?.services ?? []).map((key) => services.get(key))].map(
    (each) => each?.binding,
  );
  const between = bindings.flatMap((each) => (each?.kind === 'bound' ? (waypoints.get(each.waypoint) ?? []) : []));
  const pods = [
    ...(workload === undefined ? [] : [podsOfWorkload(workload)]),
    ...(gateway === undefined ? [] : [podsOfGateway(gateway)]),
    ...between.map(podsOfWaypoint),
  ];
  return pods.flatMap(({ namespace, labels = {} }) => [
    ...ingressPoliciesOf(at, namespace, labels),
    ...egressPoliciesOf(at, namespace, labels),
  ]);
}

/** What lets through or refuses now comes first, then what did so before; a policy that admits others is the weakest ground. */
function byPolicies(pair: Pair, { before, after }: Witness): readonly Cause[] {
  const found = (side: Side, all: readonly Responsible[], isMeant: (role: Responsible['role']) => boolean) =>
    all.filter(({ role }) => isMeant(role)).flatMap((each) => causeBy(pair, side, each));
  const decisive = (role: Responsible['role']) => role !== 'admits others';
  const weak = (role: Responsible['role']) => role === 'admits others';
  const ranked = [
    found('after', after.trace.responsible, decisive),
    found('before', before.trace.responsible, decisive),
    found('after', after.trace.responsible, weak),
    found('before', before.trace.responsible, weak),
  ];
  return ranked.find((all) => all.length > 0) ?? [];
}

function causeBy(pair: Pair, side: Side, responsible: Responsible): readonly Cause[] {
  const { cluster, kind, namespace, name, rule, span } = responsible;
  const key = objectKey(cluster, { kind, namespace, name });
  const [own, other] = sidesOf(pair, side).map((state) => objectsOf(state).get(key));
  if (own === undefined || (other !== undefined && isSame(own, other, rule))) return [];
  const gone = side === 'before' ? 'removed' : 'added';
  const isOfRule = rule !== undefined && other !== undefined;
  return [
    {
      side,
      change: other === undefined || isOfRule ? gone : 'changed',
      what: `${kind} ${namespace}/${name}${rule === undefined ? '' : `, rule ${rule + 1}`}`,
      span,
      intents: writtenSourceIntents(responsible),
    },
  ];
}

/** What makes routes lead otherwise: the rule that decides, if it is not on the other side; else what else there is. */
export function causesOfRoute(
  pair: Pair,
  place: Place,
  witness: Witness,
  rules: ReadonlyArray<readonly [Side, Origin | undefined]>,
): readonly Cause[] {
  const found = rules.flatMap(([side, rule]) => (rule === undefined ? [] : causeByRule(pair, place, side, rule)));
  if (found.length > 0) return found.slice(0, 1);
  const routes = [pair.before, pair.after].flatMap(
    ({ mesh }) => mesh.clusters.get(place.cluster)?.cluster.routes ?? [],
  );
  const keys = new Set(routes.map((object) => objectKey(place.cluster, object)));
  const changed = [...keys].flatMap((key) => causeIn(pair, key));
  return changed.length > 0 ? changed.slice(0, mostCauses) : causesOf(pair, place, witness);
}

function causeByRule(pair: Pair, { cluster }: Place, side: Side, { object, place: at }: Origin): readonly Cause[] {
  const [, state] = sidesOf(pair, side);
  const other = objectsOf(state).get(objectKey(cluster, object));
  if (other !== undefined && contentOfObject(other) === contentOfObject(object)) return [];
  const span = spanIn(object, at);
  const change = other !== undefined ? 'changed' : side === 'after' ? 'added' : 'removed';
  const intents = writtenSourceIntents({ intents: intentsOf(object.value), span });
  return [{ side, change, what: `${object.kind} ${nameOf(object)}, \`${at.join('.')}\``, span, intents }];
}

function sidesOf({ before, after }: Pair, side: Side): readonly [State, State] {
  return side === 'before' ? [before, after] : [after, before];
}

/** Whether the policy says the same on the other side, or the one rule of it that counts. */
function isSame(own: ManifestObject, other: ManifestObject, rule: number | undefined): boolean {
  if (contentOfObject(own) === contentOfObject(other)) return true;
  if (rule === undefined) return false;
  const [left, right] = [Object(own.value.spec), Object(other.value.spec)];
  const rest = ({ rules: _, ...spec }: Record<string, unknown>) => contentOf(spec);
  const wanted = contentOf(left.rules?.[rule]);
  return rest(left) === rest(right) && [right.rules ?? []].flat().some((each: unknown) => contentOf(each) === wanted);
}

/** What carries the workload and its caller: manifests, and what Ambit writes of enrolment. */
function byDeployment(pair: Pair, place: Place, { after, before }: Witness): readonly Cause[] {
  const callers = [after.request.source, before.request.source].flatMap(bearerOf);
  const keys = [place, ...callers].flatMap(({ cluster, name }) =>
    [pair.before, pair.after].flatMap(({ mesh }) => {
      const at = mesh.clusters.get(cluster)?.cluster;
      return at === undefined ? [] : bearersOf(at, name).map((object) => objectKey(cluster, object));
    }),
  );
  const found = [...new Set(keys)].flatMap((key) => causeIn(pair, key));
  return found.length > 0 || !pair.isOfCluster ? found : [...new Set(keys)].flatMap((key) => byStatus(pair, key));
}

/** What a cluster says of a Gateway decides whether a waypoint serves; whoever only writes one takes it to. */
function byStatus({ before, after }: Pair, key: string): readonly Cause[] {
  const [was, is] = [objectsOf(before).get(key), objectsOf(after).get(key)];
  if (
    is?.kind !== 'Gateway' ||
    is.value.status === undefined ||
    contentOf(was?.value.status) === contentOf(is.value.status)
  ) {
    return [];
  }
  const span = spanIn(is, ['status']);
  const intents = writtenSourceIntents({ intents: intentsOf(is.value), span });
  return [{ side: 'after', change: 'changed', what: `Gateway ${nameOf(is)}, \`status\``, span, intents }];
}

function bearerOf(source: Source): ReadonlyArray<Pick<Place, 'cluster' | 'name'>> {
  if (source.kind === 'workload') return [{ cluster: source.cluster, name: source.workload }];
  return source.kind === 'gateway' ? [{ cluster: source.cluster, name: source.gateway }] : [];
}

function bearersOf(cluster: Cluster, name: string): readonly ManifestObject[] {
  const workload = cluster.workloads.get(name);
  const gateway = cluster.gateways.get(name);
  const services = (workload?.services ?? []).flatMap((key) => cluster.services.get(key) ?? []);
  const bindings = [workload, ...services].flatMap((each) => (each?.binding.kind === 'bound' ? [each.binding] : []));
  const waypoints = bindings.flatMap(({ waypoint }) => cluster.waypoints.get(waypoint)?.object ?? []);
  const namespace = workload === undefined ? undefined : cluster.namespaces.get(workload.namespace)?.object;
  const own = workload?.object ?? gateway?.object;
  return [own, namespace, ...services.map(({ object }) => object), ...waypoints].flatMap((each) => each ?? []);
}

/** What differs of an object, at the field that differs; by the intents behind it, where it is an output. */
export function causeIn({ before, after, isOfCluster }: Pair, key: string): readonly Cause[] {
  const [was, is] = [objectsOf(before).get(key), objectsOf(after).get(key)];
  const object = is ?? was;
  if (object === undefined || (was && is && contentOfObject(was) === contentOfObject(is))) return [];
  const side = is === undefined ? 'before' : 'after';
  const differing = isOfCluster ? differenceInCluster : firstDifference;
  const field = was && is ? differing(saidBy(was), saidBy(is)) : [];
  if (field === undefined) return [];
  const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
  const at: Path = field.length === 0 ? ['metadata', 'name'] : field;
  const what = `${object.kind} ${nameOf(object)}${field.length === 0 ? '' : `, \`${field.join('.')}\``}`;
  const span = spanIn(object, at);
  return [{ side, change, what, span, intents: writtenSourceIntents({ intents: intentsOf(object.value), span }) }];
}

function nameOf({ namespace, name }: ManifestObject): string {
  return namespace === undefined ? name : keyOf({ namespace, name });
}

function bySettings({ before, after }: Pair, { cluster }: Place): readonly Cause[] {
  const [was, is] = [before, after].map(({ mesh }) => mesh.clusters.get(cluster)?.cluster.settings);
  if (was === undefined || is === undefined || contentOf(was) === contentOf(is)) return [];
  const field = firstDifference(JSON.parse(contentOf(was)), JSON.parse(contentOf(is)));
  return [
    {
      side: 'after',
      change: 'changed',
      what: `settings of cluster ${cluster}, \`${field.join('.')}\``,
      span: is.span,
      intents: [],
    },
  ];
}

function byAnything(pair: Pair, { cluster }: Place): readonly Cause[] {
  const keys = new Set([pair.before, pair.after].flatMap((state) => [...objectsOf(state).keys()]));
  const own = [...keys].filter((key) => key.startsWith(`${cluster}\n`) && !isOwned(pair, key));
  return own.flatMap((key) => causeIn(pair, key));
}

/** What controllers of a cluster make of other objects is no cause of its own. */
function isOwned({ after, isOfCluster }: Pair, key: string): boolean {
  const metadata = Object(objectsOf(after).get(key)?.value.metadata);
  return isOfCluster && metadata.ownerReferences !== undefined;
}
