import { circlesThrough } from '../../util/circles.js';
import { compareText, groupBy, sortBy, sortedUnique } from '../../util/order.js';
import { strongComponents } from '../../util/strong-components.js';
import type { Target } from '../states/labels-of-state.js';
import type { CallGraph } from './call-graph.js';

/** Namespaces that move together, and in which order their workloads are restarted. */
export interface Wave {
  /** As `cluster/namespace`, sorted. */
  readonly namespaces: readonly string[];
  /** What is restarted at once, as `cluster/namespace/name`; one after the other. */
  readonly restarts: readonly Restart[];
}

export interface Restart {
  readonly workloads: readonly string[];
  /** Those of them that call each other in circles, each after whom it calls next: no order leaves all these calls as they are. */
  readonly circles: readonly (readonly string[])[];
}

/**
 * Callers move to ambient before those whom they call, and back after them: an ambient caller reaches a sidecar as well as a
 * waypoint, and a sidecar reaches no waypoint (I-02). Namespaces that call each other move together.
 */
export function wavesOf(moving: ReadonlySet<string>, graph: CallGraph, target: Target): readonly Wave[] {
  const first = target === 'ambient' ? graph : reversed(graph);
  const workloads = [...moving].sort(compareText);
  const namespaces = sortedUnique(workloads.map(namespaceIn));
  const between = groupBy(workloads, namespaceIn);
  const nextNamespaces = (namespace: string) =>
    sortedUnique((between.get(namespace) ?? []).flatMap((each) => nextOf(first, each).map(namespaceIn)));
  return leveled(strongComponents(namespaces, nextNamespaces), nextNamespaces).map((groups) => {
    const own = new Set(groups.flat());
    const inside = workloads.filter((each) => own.has(namespaceIn(each)));
    const next = (each: string) => nextOf(first, each).filter((other) => own.has(namespaceIn(other)));
    const components = strongComponents(inside, next);
    const restarts = leveled(components, next).flatMap((level) => restartsOf(level, (each) => nextOf(graph, each)));
    return { namespaces: [...own].sort(compareText), restarts };
  });
}

/** Those that call each other in a circle are restarted by themselves, so that what it costs is told of them alone. */
function restartsOf(
  level: readonly (readonly string[])[],
  calledBy: (workload: string) => readonly string[],
): readonly Restart[] {
  const [circles, others] = [level.filter(({ length }) => length > 1), level.filter(({ length }) => length === 1)];
  return [
    ...(others.length === 0 ? [] : [{ workloads: others.flat().sort(compareText), circles: [] }]),
    ...circles.map((circle) => {
      const workloads = [...circle].sort(compareText);
      const within = (each: string) => calledBy(each).filter((called) => circle.includes(called));
      return { workloads, circles: circlesThrough(workloads, within) };
    }),
  ];
}

/** Groups that nothing keeps apart, together: as far as possible from none to the longest chain before them. */
function leveled(
  groups: readonly (readonly string[])[],
  nextOf: (item: string) => readonly string[],
): readonly (readonly (readonly string[])[])[] {
  const levels = new Map<string, number>();
  for (const group of groups) {
    const own = Math.max(0, ...group.map((item) => levels.get(item) ?? 0));
    for (const item of group) levels.set(item, own);
    for (const next of group.flatMap(nextOf)) {
      if (!group.includes(next)) levels.set(next, Math.max(levels.get(next) ?? 0, own + 1));
    }
  }
  const byLevel = groupBy(groups, (group) => levels.get(group[0] ?? '') ?? 0);
  return sortBy(byLevel, ([level]) => level).map(([, all]) => all);
}

function nextOf(graph: CallGraph, workload: string): readonly string[] {
  return [...(graph.get(workload) ?? [])].sort(compareText);
}

function reversed(graph: CallGraph): CallGraph {
  const callers = new Map<string, Set<string>>();
  for (const [caller, callees] of graph) {
    for (const callee of callees) callers.set(callee, (callers.get(callee) ?? new Set()).add(caller));
  }
  return callers;
}

/** `cluster/namespace` of `cluster/namespace/name`. */
function namespaceIn(workload: string): string {
  return workload.slice(0, workload.lastIndexOf('/'));
}
