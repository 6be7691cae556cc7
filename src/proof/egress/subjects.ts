import type { CallerClass } from '../../algebra/callers.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { callerOf } from '../../mesh/paths/caller.js';
import { describeSource, type Source } from '../../mesh/request.js';
import type { Condition } from '../../parse/ast.js';
import type { ResolvedEgress, ResolvedEgressRule } from '../../resolve/resolved-egress.js';
import { infrastructure, keyOf, type Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';

/** A workload that may call nothing outside the mesh but what rules open to it. */
export interface EgressSubject {
  readonly at: MeshCluster;
  readonly class: CallerClass;
  /** `namespace/name`, or what a workload is called that is not there yet. */
  readonly title: string;
  /** Whether it is not there yet: nothing is promised to it. */
  readonly isFuture: boolean;
  /** Every settings that speak of it. */
  readonly settings: readonly ResolvedEgress[];
  /** Whether rules open a port of a host to it, or some requests there. */
  opens(host: string, port: number): boolean;
  /** What of requests is opened there; where one has no conditions, everything is. */
  openings(host: string, port: number): ReadonlyArray<readonly Condition[]>;
}

/** Everybody of whom settings speak, and in whole namespaces whoever comes later, on each plane. */
export function egressSubjects(mesh: Mesh, egress: readonly ResolvedEgress[]): readonly EgressSubject[] {
  if (egress.length === 0) return [];
  return [...mesh.clusters.values()].flatMap((at) => [
    ...[...at.cluster.workloads.values()].flatMap((workload) => presentSubject(mesh, at, egress, workload)),
    ...[...groupBy(egress.filter(isWhole), ({ scope }) => scope.namespace)].flatMap(([namespace, settings]) =>
      at.cluster.namespaces.has(namespace) ? futureSubjects(mesh, at, namespace, settings) : [],
    ),
  ]);
}

function isWhole({ scope }: ResolvedEgress): boolean {
  return scope.kind === 'namespace';
}

function presentSubject(
  mesh: Mesh,
  at: MeshCluster,
  egress: readonly ResolvedEgress[],
  workload: Workload,
): readonly EgressSubject[] {
  if (infrastructure.has(workload.mode.plane)) return [];
  const settings = egress.filter((each) => isMeant(each, workload));
  const source: Source = { kind: 'workload', cluster: workload.cluster, workload: keyOf(workload) };
  const opensTo = (rule: ResolvedEgressRule) => {
    const { callers } = rule;
    return callers === undefined || callers.workloads.some((each) => isSame(each, workload));
  };
  return settings.length === 0 ? [] : subjectOf(mesh, at, { source, settings, opensTo });
}

function isMeant({ scope, workloads }: ResolvedEgress, workload: Workload): boolean {
  if (scope.kind === 'namespace') return scope.namespace === workload.namespace;
  return workloads.some((each) => isSame(each, workload));
}

function isSame(left: Workload, right: Workload): boolean {
  return left.cluster === right.cluster && keyOf(left) === keyOf(right);
}

function futureSubjects(
  mesh: Mesh,
  at: MeshCluster,
  namespace: string,
  settings: readonly ResolvedEgress[],
): readonly EgressSubject[] {
  const { name: cluster } = at.cluster;
  return (['ambient', 'sidecar'] as const).flatMap((speaks) => {
    const source: Source = { kind: 'future', cluster, speaks, namespace, serviceAccount: 'any-other' };
    return subjectOf(mesh, at, { source, settings, opensTo: ({ callers }) => callers === undefined });
  });
}

interface Draft {
  readonly source: Source;
  readonly settings: readonly ResolvedEgress[];
  readonly opensTo: (rule: ResolvedEgressRule) => boolean;
}

function subjectOf(mesh: Mesh, at: MeshCluster, { source, settings, opensTo }: Draft): readonly EgressSubject[] {
  const caller = callerOf(mesh, source);
  if (caller.kind !== 'caller') return [];
  const title = describeSource(source);
  const targets = settings.flatMap(({ rules }) => rules.filter(opensTo).flatMap((rule) => rule.targets));
  const openings = (host: string, port: number) =>
    targets.filter((target) => target.host === host && target.port === port).map(({ conditions }) => conditions);
  return [
    {
      at,
      class: { caller, source, sources: [source], members: [title] },
      title,
      isFuture: source.kind === 'future',
      settings,
      opens: (host, port) => openings(host, port).length > 0,
      openings,
    },
  ];
}
