import type { Fields } from '../../../../src/topology/known-fields.js';
import ofDefinitions from '../../../../src/topology/known-fields.json' with { type: 'json' };
import { destinationRuleFields, wholeOf } from './destination-rule.js';
import type { ApiFields, Fate } from './fate.js';
import { httpRouteFields } from './http-route.js';
import { serviceEntryFields } from './service-entry.js';
import { sidecarFields } from './sidecar.js';
import { virtualServiceFields } from './virtual-service.js';

/** The kinds that traffic settings stand for, each with what becomes of its fields. */
export const kinds = {
  VirtualService: virtualServiceFields,
  DestinationRule: destinationRuleFields,
  HTTPRoute: httpRouteFields,
  ServiceEntry: serviceEntryFields,
  Sidecar: sidecarFields,
} as const satisfies Readonly<Record<string, ApiFields>>;

export type TrafficKind = keyof typeof kinds;

export function isTrafficKind(kind: unknown): kind is TrafficKind {
  return typeof kind === 'string' && Object.hasOwn(kinds, kind);
}

/** The row for a field: its own, or that of the nearest field above it; of a part, else that of the whole. */
export function rowOf(kind: TrafficKind, path: string): string | undefined {
  const own = nearest(kinds[kind], path);
  return own ?? (kind === 'DestinationRule' && wholeOf(path) !== path ? rowOf(kind, wholeOf(path)) : undefined);
}

export function fateOf(kind: TrafficKind, path: string): Fate | undefined {
  const rows: ApiFields = kinds[kind];
  const row = rowOf(kind, path);
  return row === undefined ? undefined : rows[row];
}

function nearest(rows: ApiFields, path: string): string | undefined {
  if (path in rows) return path;
  const end = path.lastIndexOf('.');
  return end < 0 ? undefined : nearest(rows, path.slice(0, end));
}

/** Every leaf of a value by the path of its field, lists as their items: `http.route.weight`. */
export function leavesOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, path));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
}

const definitions: Readonly<Record<string, Fields>> = ofDefinitions;

/** The fields that some release of a kind has. */
export function fieldsOfKind(kind: TrafficKind): readonly string[] {
  const group = kind === 'HTTPRoute' ? 'gateway.networking.k8s.io' : 'networking.istio.io';
  return leavesIn(definitions[`${group}/${kind}`]?.spec ?? {}, '');
}

function leavesIn(fields: Fields | null, path: string): readonly string[] {
  if (fields === null || '*' in fields || Object.keys(fields).length === 0) return [path];
  return Object.entries(fields).flatMap(([field, inner]) => {
    const name = field.split('@')[0] ?? field;
    return leavesIn(inner, path === '' ? name : `${path}.${name}`);
  });
}

/** The part of docs/traffic.md that tells where the fields of the APIs are said. */
export function fieldTables(): string {
  const tables = Object.entries(kinds).map(([kind, rows]: [string, ApiFields]) => {
    const lines = Object.entries(rows).map(([path, fate]) => `| \`${path}\` | ${inWords(fate)} |`);
    return [`### ${kind}`, '', '| Field | Said by |', '| --- | --- |', ...lines].join('\n');
  });
  return `## Where the fields of Istio’s and Gateway API’s objects are said

Below \`spec\`, a row for a field and all that is in it. Settings of ports and of subsets of a DestinationRule are said as those of
the whole where no row names them. What has no word is not written by Ambit; an object of one’s own may stand for another host.

${tables.join('\n\n')}
`;
}

function inWords(fate: Fate): string {
  if (fate.kind === 'not said') return `– (${fate.because})`;
  return fate.word;
}
