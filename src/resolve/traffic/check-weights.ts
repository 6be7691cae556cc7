import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficSettings } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';
import type { ResolvedRoute } from '../resolved-traffic.js';

/** Reports weights that are said to be a controller's where there are none. */
export function checkWeights(
  context: ResolveContext,
  { weights }: TrafficSettings,
  routes: readonly ResolvedRoute[],
): void {
  const isSplit = routes.some(({ action }) => action.kind === 'forward' && action.weights !== undefined);
  if (weights && !isSplit) context.report(diagnostic('weights-of-nothing', {}, weights.span));
}
