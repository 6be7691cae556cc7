import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { Locality, LocalityShares } from '../../../parse/traffic/endpoints.js';
import type { ResolveContext } from '../../context.js';

/** Reports localities that Istio would refuse, and failover that nothing sets off (T-43). */
export function checkLocality(context: ResolveContext, locality: Locality, detectsOutliers: boolean): void {
  const isFailover = locality.kind === 'failover' || locality.kind === 'failoverBy';
  if (isFailover && !detectsOutliers) context.report(diagnostic('failover-without-outliers', {}, locality.span));
  if (locality.kind === 'failover') {
    for (const { from, to } of locality.pairs) {
      if (from.value === to.value) reportMalformed(context, from.value, 'a region cannot fail over to itself', to.span);
      if (/[/*]/.test(from.value)) reportMalformed(context, from.value, 'only whole regions fail over', from.span);
    }
  }
  if (locality.kind === 'distribute') checkShares(context, locality.shares);
}

function checkShares(context: ResolveContext, shares: readonly LocalityShares[]): void {
  for (const { from, to } of shares) {
    const total = Object.values(to).reduce((sum, share) => sum + share, 0);
    if (total !== 100) context.report(diagnostic('shares-not-whole', { from: from.value, total }, from.span));
    for (const name of [from.value, ...Object.keys(to)])
      if (!isLocality(name)) reportMalformed(context, name, 'write `region`, `region/zone/*` or the like', from.span);
    for (const names of [shares.map((each) => each.from.value), Object.keys(to)]) {
      const rival = names.find((name) => name !== from.value && overlap(name, from.value));
      if (rival !== undefined && names.includes(from.value))
        reportMalformed(context, from.value, `\`${rival}\` overlaps with it`, from.span);
    }
  }
}

/** A region, a zone within it and a part of that, of which a star ends the naming. */
function isLocality(name: string): boolean {
  return name.split('/').length <= 3 && name.split('/').every((part) => part !== '') && /^[^*]*\*?$/.test(name);
}

function overlap(left: string, right: string): boolean {
  return isWithin(left, right) || isWithin(right, left);
}

function isWithin(inner: string, outer: string): boolean {
  const parts = outer.split('/').filter((part) => part !== '*');
  return parts.every((part, depth) => inner.split('/')[depth] === part);
}

function reportMalformed(context: ResolveContext, name: string, why: string, span: Span): void {
  context.report(diagnostic('malformed-locality', { name, why }, span));
}
