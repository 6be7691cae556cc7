import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject } from '../../mesh/json.js';
import { type JsonValue, type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { lawsOf } from './shown.js';

/** A field that Istio still reads and has given up, and what stands for it. `*` is every item of a list. */
interface Deprecated {
  readonly kind: 'VirtualService' | 'DestinationRule';
  readonly path: readonly string[];
  readonly instead: string;
}

const policies = [['trafficPolicy'], ['subsets', '*', 'trafficPolicy'], ['trafficPolicy', 'portLevelSettings', '*']];

const fields: readonly Deprecated[] = [
  { kind: 'VirtualService', path: ['http', '*', 'fault', 'delay', 'percent'], instead: 'percentage' },
  { kind: 'VirtualService', path: ['http', '*', 'mirrorPercent'], instead: 'mirrorPercentage' },
  ...policies.flatMap((path): Deprecated[] => [
    {
      kind: 'DestinationRule',
      path: [...path, 'outlierDetection', 'consecutiveErrors'],
      instead: 'consecutive5xxErrors',
    },
    {
      kind: 'DestinationRule',
      path: [...path, 'loadBalancer', 'consistentHash', 'minimumRingSize'],
      instead: 'ringHash',
    },
    { kind: 'DestinationRule', path: [...path, 'loadBalancer', 'warmupDurationSecs'], instead: 'warmup' },
  ]),
];

/** Fields that a later release may no longer read (L-57). */
export function deprecatedFields({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap(({ cluster }) =>
    cluster.routes.flatMap((object) =>
      fields
        .filter(({ kind }) => kind === object.kind)
        .flatMap(({ path, instead }) =>
          placesOf(object.value.spec, path).map((place) => finding(object, place, instead)),
        ),
    ),
  );
}

function placesOf(value: JsonValue | undefined, path: readonly string[], place: Path = ['spec']): readonly Path[] {
  const [step, ...rest] = path;
  if (step === undefined) return value === undefined || value === null ? [] : [place];
  if (step === '*') return asArray(value).flatMap((item, index) => placesOf(item, rest, [...place, index]));
  return placesOf(asObject(value)?.[step], rest, [...place, step]);
}

function finding(object: ManifestObject, place: Path, instead: string): Diagnostic {
  const parameters = { field: String(place.at(-1)), object: describe(object), instead };
  return diagnostic('field-deprecated', parameters, spanIn(object, place, 'key'), {
    ...lawsOf('it is still read (istio-traffic-topology L-57)', 'no request shows it'),
  });
}
