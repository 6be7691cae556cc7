import { missing, type RouteForm, type RoutingPoint } from '../../../dataplanes/traffic.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import type { PlaceContext } from '../context.js';
import type { RouteNeed } from './route-needs.js';

/** The forms that a point obeys, the best first: VirtualService at a waypoint is Alpha (istio-traffic-topology T-21). */
const forms: Readonly<Record<RoutingPoint, readonly RouteForm[]>> = {
  sidecar: ['VirtualService', 'HTTPRoute'],
  waypoint: ['HTTPRoute', 'VirtualService'],
  gateway: ['HTTPRoute', 'VirtualService'],
};

/** The first form that says everything that is asked; `undefined` where none does, which is refused. */
export function chooseForm(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  point: RoutingPoint,
  needs: readonly RouteNeed[],
): RouteForm | undefined {
  const { settings } = context.clusterOf(policy);
  const distinct = [...new Map(needs.toReversed().map((need) => [need.feature, need])).values()].toReversed();
  const lacking = (form: RouteForm) =>
    distinct.flatMap(({ feature, span }) => {
      const row = missing(feature, form, point, settings);
      return row ? [{ row, span }] : [];
    });
  const [best, ...others] = forms[point].map((form) => ({ form, lacks: lacking(form) }));
  if (best === undefined || best.lacks.length === 0) return best?.form;
  const destination = destinationLabel(policy.destination);
  const [first] = best.lacks;
  const next = others.find(({ lacks }) => lacks.length === 0);
  const notes = [best, ...(next ? [] : others)].flatMap(({ form, lacks }) =>
    lacks.map(({ row, span }) => ({ message: `${form}: ${row.because} (${row.fact})`, span })),
  );
  const span = first?.span ?? traffic.origin.span;
  if (next === undefined) context.report(diagnostic('no-route-form', { destination }, span, { notes }));
  else if (point === 'waypoint')
    context.report(diagnostic('route-in-virtual-service', { destination }, span, { notes }));
  return next?.form;
}
