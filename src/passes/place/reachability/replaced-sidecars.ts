import { diagnostic } from '../../../diagnostics/create.js';
import { isManaged, type JsonObject, type ManifestObject, spanIn } from '../../../parse/document.js';
import type { BoundScope, Origin } from '../../../resolve/resolved.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import { type Cluster, type Labels, selects, type Workload } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { homeOf, items } from '../routes/route-objects.js';
import { labelsOf } from './knowing-all.js';

/** The pods that a new Sidecar is for. */
interface ForPods {
  readonly namespace: string;
  readonly workloads: readonly Workload[];
  /** Whether it is for every pod of the namespace, or for these alone. */
  readonly isForAll: boolean;
  readonly scope: BoundScope;
  readonly origin: Origin;
}

/** Of two Sidecars for the same pods one counts, and nobody says which: whoever wrote the first keeps it. */
export function reportRivals(context: PlaceContext, cluster: Cluster, pods: ForPods): void {
  for (const sidecar of foreignSidecars(cluster).filter((each) => homeOf(each) === pods.namespace)) {
    const selector = selectorOf(sidecar);
    const selected = selector && pods.workloads.filter(({ labels }) => selects(selector, labels));
    const isRival = selector === undefined ? pods.isForAll : !pods.isForAll && selected?.length !== 0;
    if (isRival) reportRival(context, sidecar, pods);
    else if (selected !== undefined && selected.length > 0) reportKept(context, sidecar, selected, pods);
  }
}

function reportRival(context: PlaceContext, sidecar: ManifestObject, { namespace, origin }: ForPods): void {
  const parameters = { sidecar: `${namespace}/${sidecar.name}` };
  const notes = [{ message: 'the settings are here', span: origin.span }];
  context.report(diagnostic('sidecar-exists', parameters, spanIn(sidecar, ['metadata', 'name']), { notes }));
}

/** One that selects pods goes before one that is for all. */
function reportKept(
  context: PlaceContext,
  sidecar: ManifestObject,
  selected: readonly Workload[],
  { namespace, scope, origin }: ForPods,
): void {
  const notes = [{ message: 'this Sidecar', span: spanIn(sidecar, ['metadata', 'name']) }];
  const because = `Sidecar \`${namespace}/${sidecar.name}\` selects them, and goes before one for all`;
  const parameters = { scope: scopeLabel(scope), workloads: labelsOf(selected), because };
  context.report(diagnostic('known-as-before', parameters, origin.span, { notes }));
}

/**
 * What the Sidecar that held before says of other things than what is known: the new one takes its place whole. It is that of
 * the namespace, for pods that get one of their own, else that of the root namespace.
 */
export function keptOf(
  context: PlaceContext,
  cluster: Cluster,
  { namespace, isForAll, scope, origin }: ForPods,
): JsonObject {
  const { rootNamespace } = context.ir.topology.mesh;
  const wide = foreignSidecars(cluster).filter((sidecar) => selectorOf(sidecar) === undefined);
  const own = isForAll ? undefined : wide.find((sidecar) => homeOf(sidecar) === namespace);
  const replaced = own ?? wide.find((sidecar) => homeOf(sidecar) === rootNamespace);
  if (replaced === undefined) return {};
  const { egress, outboundTrafficPolicy, inboundConnectionPool, ingress } = replaced.value.spec as JsonObject;
  if (items(egress).some(hasOwnListener)) {
    const name = `${homeOf(replaced)}/${replaced.name}`;
    const why = `it would take the place of Sidecar \`${name}\`, which opens listeners of its own`;
    const notes = [{ message: 'they would be lost', span: spanIn(replaced, ['spec', 'egress']) }];
    const help = 'take `port`, `bind` and `captureMode` out of its `egress`, or drop `reachability` and `reaches` here';
    context.report(diagnostic('no-sidecar-possible', { scope: scopeLabel(scope), why }, origin.span, { notes, help }));
  }
  const kept = { ingress, inboundConnectionPool, outboundTrafficPolicy };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) as JsonObject;
}

function hasOwnListener({ port, bind, captureMode }: Readonly<Record<string, unknown>>): boolean {
  return [port, bind, captureMode].some((field) => field !== undefined);
}

function foreignSidecars({ sidecars }: Cluster): readonly ManifestObject[] {
  return sidecars.filter((sidecar) => !isManaged(sidecar));
}

function selectorOf({ value }: ManifestObject): Labels | undefined {
  const { workloadSelector } = Object(value.spec);
  return workloadSelector === undefined ? undefined : Object(Object(workloadSelector).labels);
}
