import type { Located, Span } from '../diagnostics/diagnostic.js';
import { keyOf, type Topology } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';
import type { Known } from './known.js';
import { type Where, wholeName } from './references.js';
import { textAt, valueAt } from './spot.js';

/** The versions of the Service that is meant: those of the document itself, as it is written now, and of all others. */
export function versionsFor(known: Known, where: Where): readonly string[] {
  const service = serviceMeant(where);
  const isOwn = service === scopeOf(where.document);
  const own = isOwn ? Object.keys(Object(valueAt(where.document, ['spec', 'versions']))) : [];
  return sortedUnique([...own, ...versionsOf(known, service).map(({ value }) => value)]);
}

/** Where a version of the Service that is meant is declared. */
export function placesOfVersion(known: Known, where: Where, name: string): readonly Span[] {
  return versionsOf(known, serviceMeant(where)).flatMap(({ value, span }) => (value === name ? span : []));
}

/** What the pods of the document's Service have as the label by which versions are usually told apart. */
export function releasesFor({ clusters }: Topology, { document }: Where): readonly string[] {
  const service = scopeOf(document);
  const pods = clusters.flatMap(({ services, workloads }) =>
    [...services.values()]
      .filter((each) => keyOf(each) === service)
      .flatMap((each) => each.workloads.flatMap((key) => workloads.get(key) ?? [])),
  );
  return sortedUnique(pods.flatMap(({ labels }) => labels.version ?? []));
}

function versionsOf({ latest, whole }: Known, service: string | undefined): readonly Located<string>[] {
  const intents = latest.intents ?? whole?.intents ?? [];
  return intents.flatMap((each) => {
    if (each.kind !== 'TrafficSettings' || each.scope.kind !== 'service' || each.scope.reference !== service) return [];
    return each.versions.map(({ name }) => name);
  });
}

/** The Service that is named beside the field, or that a request of a test goes to, or of which the document is. */
function serviceMeant({ document, path }: Where): string | undefined {
  const isTest = path[1] === 'cases';
  const beside = path.slice(0, isTest ? 3 : -1);
  const named = isTest
    ? textAt(document, [...beside, 'to'])?.replace(/:.*$/, '')
    : textAt(document, [...beside, 'service']);
  return named === undefined ? scopeOf(document) : wholeName(document, named);
}

function scopeOf(document: unknown): string | undefined {
  return textAt(document, ['spec', 'scope', 'service']);
}
