import type { Treatment } from '../proof/traffic/mesh-outcome.js';
import { causesOfRoute } from './causes.js';
import type { CallersInWords, Change, Place, Side, Undecided, Witness } from './change.js';
import type { Pair } from './pair.js';

export interface RoutesFound {
  readonly changes: readonly Change[];
  readonly undecided: readonly Undecided[];
}

export const unchanged: RoutesFound = { changes: [], undecided: [] };

/** What becomes of some requests that are alike, in both states. */
export interface TreatedOfBoth {
  readonly place: Place;
  readonly callers: CallersInWords;
  /** One of the requests, in words. */
  readonly requests: string;
  readonly was: Treatment;
  readonly is: Treatment;
  witness(): Witness;
}

/** What becomes of a request otherwise, aspect by aspect; where it goes elsewhere nothing else is told. */
export function changeOf(pair: Pair, { place, callers, requests, was, is, witness }: TreatedOfBoth): RoutesFound {
  const doubt = is.doubt ?? was.doubt;
  if (doubt !== undefined) {
    const undecided = { fact: doubt, isCrossing: false, places: [place] };
    return { changes: [], undecided: [undecided] };
  }
  const aspects = [...new Set([...was.outcome.keys(), ...is.outcome.keys()])];
  const words = ({ outcome }: Treatment, aspect: (typeof aspects)[number]) => {
    const found = outcome.get(aspect);
    return found === undefined ? 'none' : found.known ? found.value : `not known: ${found.why}`;
  };
  const other = aspects.filter((aspect) => words(was, aspect) !== words(is, aspect));
  if (other.length === 0) return unchanged;
  const told = other.includes('destination') ? (['destination'] as const) : other;
  const inWords = (treatment: Treatment) => told.map((aspect) => `${aspect} ${words(treatment, aspect)}`).join(', ');
  const shown = witness();
  const rules: ReadonlyArray<readonly [Side, Treatment['rule']]> = [
    ['after', is.rule],
    ['before', was.rule],
  ];
  const change: Change = {
    kind: 'routed-anew',
    cluster: place.cluster,
    place,
    callers,
    requests,
    was: inWords(was),
    is: inWords(is),
    witness: shown,
    causes: causesOfRoute(pair, place, shown, rules),
    others: [],
  };
  return { changes: [change], undecided: [] };
}
