import type { PlacedDestinationRule, PlacedEndpoints } from '../../ir/placed-traffic.js';
import type { Outliers, Sensitivity } from '../../parse/traffic/endpoints.js';
import type { Manifest } from '../manifest.js';

type Field = Exclude<keyof Outliers, 'sensitivity'>;
type Values = Readonly<Partial<Record<Field, string | number>>>;

/** What each word means, in the fields that are written for it. */
const meanings: Readonly<Record<Sensitivity, Values>> = {
  Low: { consecutive5xx: 10, interval: '30s', ejectFor: '30s', maxEjectedPercent: 10 },
  Medium: { consecutive5xx: 5, interval: '10s', ejectFor: '30s', maxEjectedPercent: 30 },
  High: { consecutive5xx: 3, interval: '5s', ejectFor: '1m', maxEjectedPercent: 50 },
};

/** The fields of outlier detection, those of a sensitivity where none is written. */
export function outlierValues({ sensitivity, ...fields }: Outliers): Values {
  const written = Object.entries(fields).map(([field, { value }]) => [field, value]);
  return { ...(sensitivity && meanings[sensitivity.value]), ...Object.fromEntries(written) };
}

/** Above each part that stands for a sensitivity, which it is. */
export function sensitivityComments({ settings, subsets }: PlacedDestinationRule): Manifest['comments'] {
  return [
    ...(settings ? commentsIn(settings, ['spec', 'trafficPolicy']) : []),
    ...subsets.flatMap((subset, index) =>
      subset.settings ? commentsIn(subset.settings, ['spec', 'subsets', index, 'trafficPolicy']) : [],
    ),
  ];
}

function commentsIn(
  { whole, ports }: PlacedEndpoints,
  path: ReadonlyArray<string | number>,
): Array<Manifest['comments'][number]> {
  const places = [
    { settings: whole.settings, at: path },
    ...ports.map(({ settings }, index) => ({ settings, at: [...path, 'portLevelSettings', index] })),
  ];
  return places.flatMap(({ settings: { outliers }, at }) => {
    const word = outliers?.sensitivity?.value;
    return word === undefined ? [] : [{ path: [...at, 'outlierDetection'], lines: [meaningOf(word)] }];
  });
}

function meaningOf(word: Sensitivity): string {
  const { consecutive5xx, interval, ejectFor, maxEjectedPercent } = meanings[word];
  return `sensitivity ${word}: a pod that fails ${consecutive5xx} times in a row is ejected for ${ejectFor}, at most ${maxEjectedPercent} percent of the pods at once; looked at every ${interval}`;
}
