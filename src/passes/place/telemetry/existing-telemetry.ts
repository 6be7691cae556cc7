import { diagnostic } from '../../../diagnostics/create.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import type { ResolvedTelemetry } from '../../../resolve/resolved-telemetry.js';
import { type Cluster, selects } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import type { TelemetryPlace } from './telemetry-place.js';

/**
 * Reports objects that Ambit did not write for the same proxies at the same level: of several without a selector the oldest alone
 * counts, and of others the age decides which goes before (F-62).
 */
export function checkExistingTelemetry(
  context: PlaceContext,
  { telemetries }: Cluster,
  { origin }: ResolvedTelemetry,
  places: readonly TelemetryPlace[],
): void {
  for (const object of telemetries) {
    if (isManaged(object) || !places.some((place) => isForTheSame(context, object, place))) continue;
    const existing = `${object.namespace ?? 'default'}/${object.name}`;
    const notes = [{ message: 'it is here', span: spanIn(object, ['metadata', 'name']) }];
    context.report(diagnostic('telemetry-exists', { existing, settings: origin.id }, origin.span, { notes }));
  }
}

function isForTheSame(context: PlaceContext, object: ManifestObject, { namespace, attachment }: TelemetryPlace) {
  if ((object.namespace ?? 'default') !== namespace) return false;
  const { labels, targets } = extentOf(object);
  const isWide = labels.length === 0 && targets.length === 0;
  if (attachment.kind === 'namespace') return isWide;
  if (attachment.kind === 'service') return targets.includes(`Service ${attachment.name}`);
  if (attachment.kind === 'gateway') return targets.includes(`Gateway ${attachment.name}`);
  if (attachment.kind !== 'selector' || labels.length === 0) return false;
  return context.ir.topology.clusters.some(({ workloads }) =>
    [...workloads.values()].some((workload) => {
      const isHere = workload.namespace === namespace && selects(attachment.labels, workload.labels);
      return isHere && selects(Object.fromEntries(labels), workload.labels);
    }),
  );
}

function extentOf({ value }: ManifestObject) {
  const { selector, targetRef, targetRefs } = Object(value.spec);
  const references: readonly unknown[] = Array.isArray(targetRefs) ? targetRefs : targetRef ? [targetRef] : [];
  return {
    labels: Object.entries<string>(Object(Object(selector).matchLabels)),
    targets: references.map((reference) => `${Object(reference).kind} ${Object(reference).name}`),
  };
}
