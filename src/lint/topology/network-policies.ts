import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import {
  alreadyReported,
  integerAt,
  itemsAt,
  namespaceOf,
  portAt,
  type Report,
  textAt,
  textsAt,
} from '../../topology/fields.js';
import { matchesSelector, readSelector } from '../../topology/label-selector.js';
import { hbonePort, label } from '../../topology/labels.js';
import { type Cluster, keyOf, type LabelSelector, type Labels } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import type { LintContext } from './lint.js';

type Direction = 'ingress' | 'egress';

/** A pod that mesh traffic must reach on port 15008. */
interface MeshPod {
  readonly title: string;
  readonly namespace: string;
  readonly labels: Labels;
}

/** One NetworkPolicy in one direction: whether it lets HBONE through, and the first rule that lists other ports. */
interface Reading {
  readonly object: ManifestObject;
  readonly selector: LabelSelector;
  readonly admitsHbone: boolean;
  readonly narrowRule: Path | undefined;
}

/**
 * NetworkPolicies that list application ports and forget 15008, on which all mesh traffic travels (W-70). Policies
 * add up, so a pod is blocked only where none of those that select it lets HBONE through.
 */
export function networkPoliciesWithoutHbone({ cluster }: LintContext): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const pods = groupBy(meshPods(cluster), ({ namespace }) => namespace);
  for (const [namespace, objects] of groupBy(cluster.networkPolicies, namespaceOf)) {
    for (const direction of ['ingress', 'egress'] as const) {
      const readings = objects.flatMap((object) => readPolicy(object, direction, report));
      diagnostics.push(...blockedBy(readings, pods.get(namespace) ?? []));
    }
  }
  return diagnostics;
}

function meshPods(cluster: Cluster): readonly MeshPod[] {
  const workloads = [...cluster.workloads.values()].filter(({ mode }) => mode.hbone);
  const given = new Set(workloads.map(({ namespace, labels }) => `${namespace}/${labels[label.gatewayName]}`));
  const waypoints = [...cluster.waypoints.values()].filter((waypoint) => !given.has(keyOf(waypoint)));
  return [
    ...workloads.map((workload) => ({ ...workload, title: `${workload.kind} \`${keyOf(workload)}\`` })),
    // The pods of a waypoint seldom are among the manifests: Istio makes them, with this label (W-03).
    ...waypoints.map((waypoint) => ({
      title: `waypoint \`${keyOf(waypoint)}\``,
      namespace: waypoint.namespace,
      labels: { [label.gatewayName]: waypoint.name },
    })),
  ];
}

function blockedBy(readings: readonly Reading[], pods: readonly MeshPod[]): readonly Diagnostic[] {
  const blocked = new Map<Reading, MeshPod[]>();
  for (const pod of pods) {
    const selecting = readings.filter(({ selector }) => matchesSelector(selector, pod.labels));
    if (selecting.some(({ admitsHbone }) => admitsHbone)) continue;
    for (const reading of selecting) {
      const victims = blocked.get(reading);
      if (victims === undefined) blocked.set(reading, [pod]);
      else victims.push(pod);
    }
  }
  return [...blocked].flatMap(([reading, victims]) => finding(reading, victims));
}

function finding({ object, narrowRule }: Reading, [first, ...others]: readonly MeshPod[]): readonly Diagnostic[] {
  if (narrowRule === undefined || first === undefined) return [];
  const subject = others.length === 0 ? first.title : `${first.title} and ${others.length} more`;
  const parameters = { policy: `${namespaceOf(object)}/${object.name}`, subject };
  return [
    diagnostic('network-policy-blocks-mesh', parameters, spanIn(object, [...narrowRule, 'ports']), {
      notes: [{ message: 'mesh traffic arrives on TCP 15008, whatever port it is for (W-70)' }],
    }),
  ];
}

function readPolicy(object: ManifestObject, direction: Direction, report: Report): readonly Reading[] {
  if (!governs(object, direction, report)) return [];
  const rules = itemsAt(object, ['spec', direction], report);
  const admitsHbone = rules.some((rule) => admits(object, rule, report));
  const narrowRule = rules.find((rule) => listsApplicationPorts(object, rule));
  return [{ object, selector: readSelector(object, ['spec', 'podSelector'], report), admitsHbone, narrowRule }];
}

/** `policyTypes` decides; where it is absent, ingress always counts and egress where it has rules. */
function governs(object: ManifestObject, direction: Direction, report: Report): boolean {
  const types = textsAt(object, ['spec', 'policyTypes'], report);
  if (types.length > 0) return types.some((type) => type.toLowerCase() === direction);
  return direction === 'ingress' || itemsAt(object, ['spec', 'egress'], report).length > 0;
}

/** A rule without ports admits them all. */
function admits(object: ManifestObject, rule: Path, report: Report): boolean {
  const ports = itemsAt(object, [...rule, 'ports'], report);
  return ports.length === 0 || ports.some((port) => coversHbone(object, port, report));
}

function coversHbone(object: ManifestObject, path: Path, report: Report): boolean {
  if ((textAt(object, [...path, 'protocol'], report) ?? 'TCP') !== 'TCP') return false;
  const port = portAt(object, [...path, 'port'], report);
  if (port === undefined) return true;
  if (typeof port === 'string') return false;
  return port <= hbonePort && hbonePort <= (integerAt(object, [...path, 'endPort'], report) ?? port);
}

const nameServicePort = 53;

/** A rule for name resolution alone is no sign that traffic of the mesh was meant to pass. */
function listsApplicationPorts(object: ManifestObject, rule: Path): boolean {
  return itemsAt(object, [...rule, 'ports'], alreadyReported).some((path) => {
    const port = portAt(object, [...path, 'port'], alreadyReported);
    const protocol = textAt(object, [...path, 'protocol'], alreadyReported) ?? 'TCP';
    return protocol === 'TCP' && port !== undefined && port !== nameServicePort;
  });
}
