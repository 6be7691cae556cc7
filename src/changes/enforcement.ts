import { isEnforcing, nameOfPoint } from '../algebra/enforcement-points.js';
import type { LanePlan } from '../algebra/lane.js';
import { type Request, usualHost } from '../mesh/request.js';
import { sortBy, sortedUnique } from '../util/order.js';
import type { AccessFound } from './access.js';
import { causesOf } from './causes.js';
import type { Change, Place, Witness } from './change.js';
import type { Pair } from './pair.js';
import { decided } from './requests.js';

/** Where the policies for a place are enforced, if that is elsewhere than before, with a request that comes by there. */
export function enforcementChange(pair: Pair, place: Place, { plans }: Pick<AccessFound, 'plans'>): readonly Change[] {
  const was = pointsOf(plans.flatMap(({ before }) => before));
  const is = pointsOf(plans.map(({ after }) => after));
  if (was === is) return [];
  const [moved] = plans.filter(({ before, after }) => pointsOf(before) !== pointsOf([after]));
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
