import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { namespaceOf, type Report } from '../../topology/fields.js';
import { matchesSelector } from '../../topology/label-selector.js';
import { label } from '../../topology/labels.js';
import { type Cluster, keyOf, type Labels, type Workload } from '../../topology/model.js';
import { oncePer } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import type { LintContext } from './lint.js';
import {
  type Direction,
  isPerhapsFor,
  isSurelyFor,
  type Reading,
  type Rule,
  readPolicy,
} from './network-policy-rules.js';

/** A pod that speaks HBONE. */
interface MeshPod {
  readonly title: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** The waypoints that traffic to it comes through; `undefined` among them for traffic that comes straight. */
  readonly waypoints: readonly (string | undefined)[];
}

/** A rule that shuts mesh traffic out of a pod: all of it, or that of one other pod. */
interface Blockade {
  readonly reading: Reading;
  readonly rule: Rule;
  readonly pod: MeshPod;
  readonly other: MeshPod | undefined;
}

/**
 * NetworkPolicies that list application ports and forget 15008, on which all mesh traffic travels (W-70). Rules add up,
 * whichever policy they are in, so a rule blocks only where no other lets HBONE through for the same pods.
 */
export function networkPoliciesWithoutHbone({ cluster }: LintContext): readonly Diagnostic[] {
  if (cluster.networkPolicies.length === 0) return [];
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const pods = meshPods(cluster);
  const byNamespace = groupBy(pods, ({ namespace }) => namespace);
  for (const [namespace, objects] of groupBy(cluster.networkPolicies, namespaceOf)) {
    for (const direction of ['ingress', 'egress'] as const) {
      const readings = objects.flatMap((object) => readPolicy(object, direction, report));
      const blockades = blockadesIn(byNamespace.get(namespace) ?? [], readings, { direction, pods, cluster });
      diagnostics.push(
        ...[...groupBy(blockades, ({ rule }) => rule).values()].flatMap((group) => finding(direction, group)),
      );
    }
  }
  return diagnostics;
}

function meshPods(cluster: Cluster): readonly MeshPod[] {
  const workloads = [...cluster.workloads.values()].filter(({ mode }) => mode.hbone);
  const given = new Set(workloads.map(({ namespace, labels }) => `${namespace}/${labels[label.gatewayName]}`));
  const waypoints = [...cluster.waypoints.values()].filter((waypoint) => !given.has(keyOf(waypoint)));
  return [
    ...workloads.map((workload) => ({
      title: `${workload.kind} \`${keyOf(workload)}\``,
      namespace: workload.namespace,
      labels: workload.labels,
      waypoints: waypointsBefore(workload, cluster),
    })),
    // The pods of a waypoint seldom are among the manifests: Istio makes them, with this label (W-03).
    ...waypoints.map((waypoint) => ({
      title: `waypoint \`${keyOf(waypoint)}\``,
      namespace: waypoint.namespace,
      labels: { [label.gatewayName]: waypoint.name },
      waypoints: [undefined],
    })),
  ];
}

function waypointsBefore({ services, mode }: Workload, cluster: Cluster): MeshPod['waypoints'] {
  if (services.length === 0 || mode.plane === 'waypoint') return [undefined];
  return services.map((key) => {
    const binding = cluster.services.get(key)?.binding;
    return binding?.kind === 'bound' ? binding.waypoint : undefined;
  });
}

interface Surroundings {
  readonly direction: Direction;
  readonly pods: readonly MeshPod[];
  readonly cluster: Cluster;
}

/** Pods that the same policies select behind the same waypoints are blocked alike. */
function blockadesIn(
  pods: readonly MeshPod[],
  readings: readonly Reading[],
  around: Surroundings,
): readonly Blockade[] {
  const selected = pods.map((pod) => ({
    pod,
    selecting: readings.filter(({ selector }) => matchesSelector(selector, pod.labels)),
  }));
  const blockades = oncePer(
    ({ pod, selecting }: (typeof selected)[number]) => blockadesOf(pod, selecting, around),
    ({ pod: { waypoints }, selecting }) => [...selecting.map(({ object }) => object.name), '', ...waypoints].join('\n'),
  );
  return selected.flatMap((each) => blockades(each).map((blockade) => ({ ...blockade, pod: each.pod })));
}

function blockadesOf(pod: MeshPod, selecting: readonly Reading[], around: Surroundings): readonly Blockade[] {
  const opening = selecting.flatMap(({ rules }) => rules.filter(({ admitsHbone }) => admitsHbone));
  if (opening.some(({ peers }) => peers.length === 0)) return [];
  return selecting.flatMap((reading): Blockade[] => {
    const narrow = reading.rules.filter((rule) => rule.listsApplicationPorts && !rule.admitsHbone);
    if (opening.length === 0) return narrow.slice(0, 1).map((rule) => ({ reading, rule, pod, other: undefined }));
    return narrow.flatMap((rule) => {
      const other = around.pods.find((candidate) => isCutOff(candidate, pod, rule, opening, around));
      return other === undefined ? [] : [{ reading, rule, pod, other }];
    });
  });
}

/** Whether a rule is for another pod, and all HBONE between the two is stopped, waypoints between them included. */
function isCutOff(
  other: MeshPod,
  pod: MeshPod,
  rule: Rule,
  opening: readonly Rule[],
  { direction, pods, cluster }: Surroundings,
): boolean {
  if (other === pod || !isSurelyFor(rule, other, cluster)) return false;
  const called = direction === 'ingress' ? pod : other;
  return called.waypoints.every((waypoint) => {
    const between = waypoint === undefined ? undefined : pods.find((each) => isWaypoint(each, waypoint));
    if (between === pod) return !opening.some((each) => isPerhapsFor(each, other, cluster));
    return !opening.some((each) => isPerhapsFor(each, between ?? other, cluster));
  });
}

function isWaypoint({ namespace, labels }: MeshPod, waypoint: string): boolean {
  return `${namespace}/${labels[label.gatewayName]}` === waypoint;
}

/** A rule is told once, however many pods it blocks. */
function finding(direction: Direction, [first, ...others]: readonly Blockade[]): readonly Diagnostic[] {
  if (first === undefined) return [];
  const { reading, rule, pod, other } = first;
  const subject = others.length === 0 ? pod.title : `${pod.title} and ${others.length} more`;
  const parameters = { policy: `${namespaceOf(reading.object)}/${reading.object.name}`, subject };
  const notes = [{ message: 'mesh traffic arrives on TCP 15008, whatever port it is for (W-70)' }];
  const way = direction === 'ingress' ? 'from' : 'to';
  const example = other && { message: `no other rule admits traffic of the mesh ${way} ${other.title}` };
  return [
    diagnostic('network-policy-blocks-mesh', parameters, spanIn(reading.object, [...rule.path, 'ports']), {
      notes: example === undefined ? notes : [...notes, example],
    }),
  ];
}
