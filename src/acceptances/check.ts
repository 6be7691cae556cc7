import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import type { Acceptance } from '../parse/acceptance.js';
import { isDay } from '../util/day.js';
import { didYouMean, suggest } from '../util/suggest.js';
import { acceptableCodes } from './acceptable.js';
import { isGap } from './in-force.js';

/** What is wrong with acceptances by themselves, whatever there is to accept. The entries of a baseline end on one day. */
export function checkAcceptances(acceptances: readonly Acceptance[], today: string | undefined): readonly Diagnostic[] {
  return inTextOrder(
    acceptances.flatMap((acceptance) => [...faultsOfCode(acceptance), ...faultsOfDay(acceptance, today)]),
  );
}

function faultsOfCode({ what, span }: Acceptance): readonly Diagnostic[] {
  if (isGap(what)) return [];
  const isAcceptable = acceptableCodes.get(what);
  if (isAcceptable === undefined) {
    const known = [...acceptableCodes].flatMap(([code, isAcceptable]) => (isAcceptable ? [code] : []));
    return [diagnostic('unknown-code', { code: what }, span, didYouMean(suggest(what, known)))];
  }
  return isAcceptable ? [] : [diagnostic('not-acceptable', { code: what }, span)];
}

/** After its last day an acceptance is an error, so that nobody accepts anything for ever by forgetting it. */
function faultsOfDay({ what, until, writtenIn, span }: Acceptance, today: string | undefined): readonly Diagnostic[] {
  if (until === undefined) return [];
  const subject = writtenIn === 'baseline' ? 'this baseline' : `\`${what}\``;
  const place = writtenIn === 'baseline' ? until.span : span;
  if (!isDay(until.value)) return [diagnostic('malformed-date', { until: until.value }, until.span)];
  if (today === undefined) return [diagnostic('no-day', { what: subject, until: until.value }, place)];
  if (today <= until.value) return [];
  return [diagnostic('acceptance-expired', { what: subject, until: until.value }, place)];
}
