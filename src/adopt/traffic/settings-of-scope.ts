import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject } from '../../parse/document.js';
import { sortBy } from '../../util/order.js';
import { objectsIn } from '../objects-in.js';
import type { Reason } from '../reason.js';
import { inOrder } from './gateway-api.js';
import { where } from './lifting.js';
import { keyOfScope, type Part, type ScopeOfTraffic } from './parts.js';
import { settingsOfRoutes } from './settings-of-routes.js';

/** The settings of one scope by all that objects say for it, or why it cannot be said together. `versions`: those that routes lead to. */
export function settingsOfScope(parts: readonly Part[], versions: ReadonlySet<string>): JsonObject | Reason {
  const [first] = parts;
  if (first === undefined) return {};
  const readers = new Set(parts.map((part) => JSON.stringify(part.readers)));
  if (readers.size > 1) return { because: '`exportTo` is not the same of all objects for it' };
  const entries = settingsOf(parts, 'entry');
  if (entries.length > 1) return { because: 'several ServiceEntries make the same host known' };
  const reaches = settingsOf(parts, 'reach');
  if (reaches.length > 1) return { because: 'several Sidecars are for the same pods' };
  const way = settingsOf(parts, 'way').reduce<JsonObject | undefined>(
    (sum, each) => (sum === undefined ? undefined : together(sum, each)),
    {},
  );
  if (way === undefined) return { because: 'several DestinationRules say the same of one host' };
  const routes = routesOf(parts);
  if ('because' in routes) return routes;
  const { versions: defined, ports, ...settings } = way;
  const { scope } = first;
  const key = keyOfScope(scope);
  const told = Object.entries(asObject(defined) ?? {}).filter(([name]) => versions.has(`${key} ${name}`));
  const { ports: opened, ...entry } = entries[0] ?? {};
  return {
    ...(scope.kind === 'gateway' && scope.hosts.length > 0 && { hosts: [...scope.hosts] }),
    ...where('ports', portsTogether(asObject(opened) ?? {}, asObject(ports) ?? {})),
    ...entry,
    ...settings,
    ...where('versions', Object.fromEntries(told)),
    ...settingsOfRoutes(routes, {
      own: ownOf(scope),
      ports: parts.flatMap(({ says }) => (says.role === 'routes' ? says.ports : [])),
      isOfRequests: scope.kind !== 'gateway' || scope.hosts.length > 0,
      hasExternalWeights: parts.some(({ says }) => says.role === 'routes' && says.hasExternalWeights),
    }),
    ...reaches[0],
    ...(first.readers !== undefined && { exportTo: [...first.readers] }),
  };
}

/** What routes call their own. */
function ownOf(scope: ScopeOfTraffic): string {
  if (scope.kind === 'gateway') return '';
  return scope.kind === 'host' ? scope.name : keyOfScope(scope);
}

/** The versions of Services to which routes lead, as `namespace/name version`. */
export function versionsNamed(parts: readonly Part[]): ReadonlySet<string> {
  return new Set(
    parts.flatMap(({ scope, says }) =>
      says.role !== 'routes'
        ? []
        : says.routes
            .flatMap(({ to, mirror }) => [...objectsIn(to), ...objectsIn(mirror)])
            .flatMap(({ service, version }) => {
              const name = asText(service) ?? keyOfScope(scope);
              const key = name.includes('/') ? name : `${scope.namespace}/${name}`;
              return version === undefined ? [] : [`${key} ${asText(version)}`];
            }),
    ),
  );
}

function settingsOf(parts: readonly Part[], role: Part['says']['role']): readonly JsonObject[] {
  return parts.flatMap(({ says }) => (says.role === role && says.role !== 'routes' ? [says.settings] : []));
}

/** Two mappings that say nothing of the same; of versions and ports each name is said once. */
function together(left: JsonObject, right: JsonObject): JsonObject | undefined {
  const both = Object.keys(left).filter((field) => right[field] !== undefined);
  const [first] = both;
  if (first === undefined) return { ...left, ...right };
  if (both.length > 1 || (first !== 'versions' && first !== 'ports')) return undefined;
  const inner = together(asObject(left[first]) ?? {}, asObject(right[first]) ?? {});
  return inner && { ...left, ...right, [first]: inner };
}

function portsTogether(left: JsonObject, right: JsonObject): JsonObject {
  const ports = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return Object.fromEntries(ports.map((port) => [port, { ...asObject(left[port]), ...asObject(right[port]) }]));
}

/**
 * VirtualServices of a gateway count one after the other, the oldest first, and what is for all requests at last; routes of Gateway
 * API by what they match.
 */
function routesOf(parts: readonly Part[]): readonly JsonObject[] | Reason {
  const said = parts.flatMap(({ says, object, scope }) => (says.role === 'routes' ? [{ says, object, scope }] : []));
  const [first, ...others] = said;
  if (first === undefined) return [];
  if (others.some(({ says }) => says.order !== first.says.order))
    return { because: 'a VirtualService and a route of Gateway API are for the same hosts' };
  if (first.says.order === 'by-match') return inOrder(said.flatMap(({ says }) => says.routes));
  if (others.length > 0 && first.scope.kind !== 'gateway')
    return { because: 'several objects with routes are for the same host' };
  if (others.length === 0) return first.says.routes;
  const byAge = sortBy(
    said,
    ({ object }) => asText(asObject(object.value.metadata)?.creationTimestamp) ?? '',
    ({ object }) => object.name,
    ({ object }) => object.namespace ?? '',
  );
  const routes = byAge.flatMap(({ says }) => says.routes);
  return [...routes.filter(({ match }) => match !== undefined), ...routes.filter(({ match }) => match === undefined)];
}
