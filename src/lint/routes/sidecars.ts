import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { otherRevision } from '../../mesh/doubts/revision.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { readSidecar, type SidecarResource } from '../../mesh/paths/sidecar-resource.js';
import { type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { keyOf, selects, type Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import type { LintContext } from '../context.js';
import { lawsOf } from './shown.js';

/** Sidecars that are for the same pods: the oldest counts, and they are never merged (istio-security §2.9). */
export function sidecarsCollide({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    [...groupBy(writtenIn(at), ({ namespace }) => namespace).values()].flatMap((sidecars) =>
      sidecars.flatMap((sidecar, index) => {
        const rivals = sidecars.slice(0, index).map((other) => ({ other, over: shared(at, sidecar, other) }));
        const rival = rivals.find(({ over }) => over !== undefined);
        if (rival?.over === undefined) return [];
        const parameters = { sidecar: describe(sidecar.object), other: describe(rival.other.object), over: rival.over };
        return diagnostic('sidecars-collide', parameters, spanIn(sidecar.object, selectorPlace(sidecar)), {
          notes: [
            { message: 'the other one is here', span: spanIn(rival.other.object, selectorPlace(rival.other)) },
            { message: 'the oldest of them counts, and nothing of the others (istio-security §2.9)' },
          ],
        });
      }),
    ),
  );
}

/** Those as well that the cluster refuses: what else is wrong with them is told in the same run. */
function writtenIn({ cluster }: MeshCluster): readonly SidecarResource[] {
  const { revision } = cluster.settings.istio;
  return cluster.sidecars.filter((object) => !otherRevision(object, revision)).map(readSidecar);
}

function selectorPlace({ selector }: SidecarResource): Path {
  return selector === undefined ? ['metadata', 'name'] : ['spec', 'workloadSelector'];
}

/** For what both are, in words: pods without a sidecar of their own are nobody's. */
function shared(at: MeshCluster, left: SidecarResource, right: SidecarResource): string | undefined {
  if (isForAll(left) && isForAll(right)) {
    const pods = podsOf(at, left);
    const isAmbient = pods.length > 0 && pods.every(({ mode }) => mode.plane === 'ambient');
    return isAmbient ? undefined : `all pods of namespace \`${left.namespace}\``;
  }
  if (isForAll(left) || isForAll(right)) return undefined;
  const pod = podsOf(at, left).find(
    ({ labels, mode }) => mode.plane !== 'ambient' && selects(right.selector ?? {}, labels),
  );
  return pod && `\`${keyOf(pod)}\``;
}

function isForAll({ selector }: SidecarResource): boolean {
  return selector === undefined || Object.keys(selector).length === 0;
}

function podsOf(
  { cluster, rootNamespace }: MeshCluster,
  { namespace, selector = {} }: SidecarResource,
): readonly Workload[] {
  return [...cluster.workloads.values()].filter(
    (workload) =>
      (workload.namespace === namespace || (namespace === rootNamespace && Object.keys(selector).length === 0)) &&
      selects(selector, workload.labels),
  );
}

/** A Sidecar that is for no pod with a sidecar (T-86, istio-security §2.9). */
export function sidecarsForNothing({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    writtenIn(at).flatMap((sidecar) => {
      const why = whyForNothing(at, sidecar);
      if (why === undefined) return [];
      const { object } = sidecar;
      const parameters = { sidecar: describe(object), why };
      return diagnostic('sidecar-for-nothing', parameters, spanIn(object, selectorPlace(sidecar)), {
        ...lawsOf(
          'it is for sidecars alone; ztunnel and waypoints know nothing of it (istio-traffic-topology T-86)',
          'no request shows it: every one is sent as if it were not there',
        ),
      });
    }),
  );
}

function whyForNothing(at: MeshCluster, sidecar: SidecarResource): string | undefined {
  const pods = podsOf(at, sidecar);
  const { namespace } = sidecar;
  if (pods.length === 0) return isForAll(sidecar) ? undefined : `no pod of namespace \`${namespace}\` has its labels`;
  const [first] = pods;
  const isAmbient = pods.every(({ mode }) => mode.plane === 'ambient');
  return isAmbient && first !== undefined
    ? `its pods, such as \`${keyOf(first)}\`, are in ambient and have no sidecar`
    : undefined;
}
