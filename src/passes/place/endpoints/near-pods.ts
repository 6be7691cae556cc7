import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { PlaceContext } from '../context.js';

const annotation = 'networking.istio.io/traffic-distribution';

/**
 * The wish for near pods as an annotation of the Service, which all planes read (istio-traffic-topology T-42). Its own field
 * goes before the annotation, and values beside these are new to Kubernetes.
 */
export function nearPodsAnnotation(
  context: PlaceContext,
  { destination, traffic }: DestinationPolicy,
): Readonly<Record<string, string>> {
  const locality = traffic?.endpoints.whole.locality;
  const { service } = destination;
  if (locality?.kind !== 'prefer' || service === undefined) return {};
  const wanted = `Prefer${locality.near}`;
  const { trafficDistribution } = Object(service.object.value.spec);
  const said = asValue(trafficDistribution) ?? asValue(service.annotations[annotation]);
  if (said !== undefined && said !== wanted) {
    const field = trafficDistribution === undefined ? `metadata.annotations` : 'spec.trafficDistribution';
    const parameters = { destination: destinationLabel(destination), said, field, wanted };
    const path =
      trafficDistribution === undefined ? ['metadata', 'annotations', annotation] : ['spec', 'trafficDistribution'];
    const notes = [{ message: 'what the Service says', span: spanIn(service.object, path) }];
    context.report(diagnostic('near-pods-otherwise', parameters, locality.span, { notes }));
  }
  return asValue(trafficDistribution) === wanted ? {} : { [annotation]: wanted };
}

/** `PreferClose` is the older name of `PreferSameZone`. */
function asValue(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.toLowerCase() === 'preferclose' ? 'PreferSameZone' : value;
}
