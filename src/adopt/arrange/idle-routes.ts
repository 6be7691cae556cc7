import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import type { TrafficDocument, WrittenTraffic } from '../traffic/written.js';
import { type Obstacles, routeId } from './obstacles.js';

/** Settings without routes that no request comes to, and without versions that no other route leads to. */
export function withoutIdleRoutes(
  units: readonly WrittenTraffic[],
  { routes: idle }: Obstacles,
): readonly WrittenTraffic[] {
  if (idle.size === 0) return units;
  const isIdle = (settings: string, route: JsonObject) => idle.has(routeId(settings, asText(route.name) ?? ''));
  const told = units.map((unit) => ({
    ...unit,
    documents: unit.documents.map((document) =>
      withRoutes(document, (routes) => routes.filter((route) => !isIdle(document.name, route))),
    ),
  }));
  const named = new Set(told.flatMap(({ documents }) => documents.flatMap(versionsIn)));
  return told.map((unit) => ({ ...unit, documents: unit.documents.map((each) => withVersions(each, named)) }));
}

function withRoutes(
  document: TrafficDocument,
  change: (routes: readonly JsonObject[]) => readonly JsonObject[],
): TrafficDocument {
  const { spec } = document;
  return spec.routes === undefined
    ? document
    : { ...document, spec: { ...spec, routes: [...change(objectsIn(spec.routes))] } };
}

/** The versions to which routes lead, as `service namespace/name version`. */
function versionsIn({ spec, place, namespace }: TrafficDocument): readonly string[] {
  const targets = objectsIn(spec.routes).flatMap(({ to, mirror }) => [...objectsIn(to), ...objectsIn(mirror)]);
  const split = Object.keys(asObject(spec.split) ?? {}).map((version) => `${place} ${version}`);
  const led = targets.flatMap(({ service, version }) => {
    if (version === undefined) return [];
    const name = asText(service);
    const key = name === undefined || name.includes('/') ? name : `${namespace}/${name}`;
    return [`${key === undefined ? place : `service ${key}`} ${asText(version)}`];
  });
  return [...split, ...led];
}

function withVersions(document: TrafficDocument, named: ReadonlySet<string>): TrafficDocument {
  const { spec, place } = document;
  const { versions, ...rest } = spec;
  if (versions === undefined) return document;
  const told = Object.entries(asObject(versions) ?? {}).filter(([name]) => named.has(`${place} ${name}`));
  return { ...document, spec: told.length === 0 ? rest : { ...spec, versions: Object.fromEntries(told) } };
}
