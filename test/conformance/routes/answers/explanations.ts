import type { HopSettings } from '../../../../src/mesh/routes/settings/effective.js';
import type { Explanation } from '../../answers/explanations.js';
import type { Followed } from './compare-ends.js';
import type { UnlikeSetting } from './compare-settings.js';

interface Reason<T extends unknown[]> extends Pick<Explanation, 'id' | 'of' | 'what'> {
  readonly explains: (...unlike: T) => boolean;
}

/** Why both sides differ over where a request ends, where it is no fault of the model’s. Anything else fails a run. */
const explanations: ReadonlyArray<Reason<[Followed]>> = [
  {
    id: 'no-backend',
    of: 'the commit that judges',
    what: 'It answers 404 where a rule of an HTTPRoute has no backend, as 1.30 does, and 1.31 answers 500 (T-26).',
    explains: ({ model, judge }) =>
      model.some(({ because }) => because.endsWith('it has no backend (T-26)')) && judge.judge === 'status-404',
  },
];

/** The same for what proxies are told. */
const ofSettings: ReadonlyArray<Reason<[UnlikeSetting, HopSettings]>> = [
  {
    id: 'retries-of-waypoints',
    of: 'the commit that judges',
    what: 'Its waypoints repeat requests without a route as what comes in is repeated, until 1.30.3; later ones do as sidecars (T-35).',
    explains: ({ name }, { at, rule }) => name === 'retries' && at === 'waypoint' && rule === undefined,
  },
  {
    id: 'keys-of-waypoints',
    of: 'the commit that judges',
    what: 'Its waypoints choose pods without a key where there is no route; those of 1.31 take that of the DestinationRule (T-40).',
    explains: ({ name, istio }, { at, rule }) =>
      name === 'affinity' && at === 'waypoint' && rule === undefined && istio === '',
  },
  {
    id: 'addresses-at-waypoints',
    of: 'Istio',
    what: 'Istiod tells a waypoint to choose pods by the address of the caller. Out of a tunnel of HBONE comes none, and Envoy makes no hash of it (F-13).',
    explains: ({ name, model, istio }, { at }) =>
      name === 'affinity' && at === 'waypoint' && String(istio).replaceAll('source address', '').trim() === model,
  },
];

export function explanationOfSetting(unlike: UnlikeSetting, hop: HopSettings) {
  return ofSettings.find(({ explains }) => explains(unlike, hop));
}

export function explanationOfRoute(followed: Followed) {
  return explanations.find(({ explains }) => explains(followed));
}
