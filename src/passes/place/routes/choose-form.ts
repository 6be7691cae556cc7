import { missing, type RouteForm, type RoutingPoint } from '../../../dataplanes/traffic.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../../diagnostics/diagnostic.js';
import type { Cluster } from '../../../topology/model.js';
import type { RouteNeed } from './route-needs.js';

/** The forms that a point obeys, the best first: VirtualService at a waypoint is Alpha (istio-traffic-topology T-21). */
export const forms = {
  sidecar: ['VirtualService', 'HTTPRoute'],
  waypoint: ['HTTPRoute', 'VirtualService'],
} as const satisfies Readonly<Partial<Record<RoutingPoint, readonly RouteForm[]>>>;

/** Whom a choice is for: which forms may be taken there, and how a refusal names it. */
export interface RoutedPlace {
  readonly point: RoutingPoint;
  readonly forms: readonly RouteForm[];
  /** As a message names it: "service `payments/ledger`". */
  readonly label: string;
  readonly cluster: Cluster;
  readonly span: Span;
}

/** The first form that says everything that is asked; `undefined` where none does, which is refused. */
export function chooseForm(
  report: (found: Diagnostic) => void,
  { point, forms: known, label, cluster, span: whole }: RoutedPlace,
  needs: readonly RouteNeed[],
): RouteForm | undefined {
  const distinct = [
    ...new Map(needs.toReversed().map((need) => [`${need.feature} ${need.point}`, need])).values(),
  ].toReversed();
  const lacking = (form: RouteForm) =>
    distinct.flatMap(({ feature, span, point: obeying = point }) => {
      const row = missing(feature, form, obeying, cluster.settings);
      return row ? [{ row, span }] : [];
    });
  const [best, ...others] = known.map((form) => ({ form, lacks: lacking(form) }));
  if (best === undefined || best.lacks.length === 0) return best?.form;
  const next = others.find(({ lacks }) => lacks.length === 0);
  const notes = [best, ...(next ? [] : others)].flatMap(({ form, lacks }) =>
    lacks.map(({ row, span }) => ({ message: `${form}: ${row.because} (${row.fact})`, span })),
  );
  const span = best.lacks[0]?.span ?? whole;
  if (next === undefined) report(diagnostic('no-route-form', { destination: label }, span, { notes }));
  else if (point === 'waypoint')
    report(diagnostic('route-in-virtual-service', { destination: label }, span, { notes }));
  return next?.form;
}
