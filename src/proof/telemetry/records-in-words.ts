import type { AccessLogging } from '../../mesh/telemetry/access-logs.js';
import type { JsonObject } from '../../parse/document.js';
import type { AccessLogs, TraceTag } from '../../parse/traffic/telemetry.js';
import { sortedUnique } from '../../util/order.js';
import { filterInWords, meantFilterInWords } from './logged-requests.js';

/** What the MeshConfig itself says, which no Telemetry shows. */
export const ofMeshConfig = 'what the MeshConfig says';

export function logsInWords(logs: AccessLogs): string {
  if (logs.kind === 'disabled') return 'off';
  return listed(logs.providers.map(({ value }) => targetInWords(value, meantFilterInWords(logs))));
}

export function targetsInWords(targets: AccessLogging): string {
  if (targets === undefined) return ofMeshConfig;
  const open = [...targets].filter(([, { disabled }]) => !disabled);
  return open.length === 0
    ? 'off'
    : listed(open.map(([name, { filter }]) => targetInWords(name, filterInWords(filter))));
}

function targetInWords(provider: string, filter: string): string {
  return `to ${provider || 'the default provider'}${filter === '' ? '' : ` where ${filter}`}`;
}

/** Tags in the shape that a Telemetry gives them. */
export function tagsAsWritten(tags: Readonly<Record<string, TraceTag>>): string {
  return tagsInWords(Object.fromEntries(Object.entries(tags).map(([name, tag]) => [name, tagAsWritten(tag)])));
}

function tagAsWritten(tag: TraceTag): JsonObject {
  if ('value' in tag) return { literal: { value: tag.value } };
  const kind = 'header' in tag ? 'header' : 'environment';
  const name = 'header' in tag ? tag.header : tag.environment;
  return { [kind]: { name, ...(tag.default !== undefined && { defaultValue: tag.default }) } };
}

export function tagsInWords(tags: JsonObject): string {
  const texts = Object.entries(tags).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return texts.length === 0 ? 'none' : listed(texts);
}

function listed(texts: readonly string[]): string {
  return sortedUnique(texts).join(', ');
}
