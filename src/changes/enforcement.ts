import { type Bits, none } from '../algebra/bits.js';
import { isEnforcing, nameOfPoint } from '../algebra/enforcement-points.js';
import type { LanePlan } from '../algebra/lane.js';
import { type Request, usualHost } from '../mesh/request.js';
import { sortBy, sortedUnique } from '../util/order.js';
import type { AccessFound } from './access.js';
import { causesOf } from './causes.js';
import type { Change, Place, Witness } from './change.js';
import type { Pair } from './pair.js';
import { decided } from './requests.js';

/**
 * Where the policies for a place are enforced, if that is elsewhere than before, with a request that comes by there. Whoever
 * has no way there in one of the states tells nothing of it: that is access, and no policy has moved.
 */
export function enforcementChange(pair: Pair, place: Place, { plans }: Pick<AccessFound, 'plans'>): readonly Change[] {
  const compared = plans.map(({ before, after }) => {
    const coming = comingBy(before) & comingBy([after]);
    return { before: before.map((plan) => waysFor(plan, coming)), after: waysFor(after, coming) };
  });
  const was = pointsOf(compared.flatMap(({ before }) => before));
  const is = pointsOf(compared.map(({ after }) => after));
  if (was === is) return [];
  const [moved] = compared.filter(({ before, after }) => pointsOf(before) !== pointsOf([after]));
  const [witness] = moved === undefined ? [] : witnessOf(pair, moved);
  return [
    {
      kind: 'enforcement-moved',
      cluster: place.cluster,
      place,
      was,
      is,
      ...(witness && { witness }),
      causes: witness === undefined ? [] : causesOf(pair, place, witness),
      others: [],
    },
  ];
}

/** Whoever has a way to the end. */
function comingBy(plans: readonly LanePlan[]): Bits {
  const ways = plans.flatMap((plan) => plan.ways.filter(({ stop }) => stop?.kind !== 'no-path'));
  return ways.reduce((callers, way) => callers | way.callers, none);
}

function waysFor(plan: LanePlan, callers: Bits): LanePlan {
  return { ...plan, ways: plan.ways.filter((way) => (way.callers & callers) !== none) };
}

/** A caller with an identity that passes such a point, asking for nothing in particular. */
function witnessOf(pair: Pair, { before, after }: AccessFound['plans'][number]): readonly Witness[] {
  const ways = [...before, after].flatMap((plan) => plan.ways.map((way) => ({ way, lane: plan.lane })));
  const isKnown = ({ way }: (typeof ways)[number]) => way.representative.caller.identity !== null;
  const [found] = sortBy(
    ways.filter(({ way }) => way.gates.some(isEnforcing)),
    (each) => (isKnown(each) ? 0 : 1),
  );
  if (found === undefined) return [];
  const { destination, payload } = found.lane;
  const { source } = found.way.representative;
  const asked = { method: 'GET', path: '/', host: usualHost(destination), headers: {} };
  const request: Request = {
    source,
    destination,
    payload: payload === 'http' ? { kind: 'http', ...asked } : { kind: 'tcp' },
  };
  return [decided(pair, request, request)];
}

function pointsOf(plans: readonly LanePlan[]): string {
  const gates = plans.flatMap(({ ways }) => ways.flatMap((way) => way.gates)).filter(isEnforcing);
  const names = sortedUnique(gates.map(({ hop }) => nameOfPoint(hop.point)));
  return names.length === 0 ? 'nowhere' : `at ${names.join(' and ')}`;
}
