import type { JsonObject, JsonValue } from '../../../../parse/document.js';
import { asLabels, asObject, asText, asTexts } from '../../../json.js';

/**
 * Whether a match of a delegate asks for something that a match of the root excludes, as istiod compares them: what both ask
 * for must be the same text, or lie within a prefix of the root (T-95).
 */
export function conflicts(root: JsonObject, own: JsonObject): boolean {
  return (
    ['uri', 'scheme', 'method', 'authority'].some((field) => textsConflict(root[field], own[field])) ||
    ['headers', 'withoutHeaders', 'queryParams'].some((field) => namedConflict(root[field], own[field])) ||
    (root.ignoreUriCase === true) !== (own.ignoreUriCase === true) ||
    proxiesConflict(root, own)
  );
}

function namedConflict(root: JsonValue | undefined, own: JsonValue | undefined): boolean {
  const wanted = asObject(root) ?? {};
  return Object.entries(asObject(own) ?? {}).some(([name, match]) => textsConflict(wanted[name], match));
}

/** A namespace must be written in both, a port in one; gateways must be among those of the root. */
function proxiesConflict(root: JsonObject, own: JsonObject): boolean {
  const ports = new Set([root.port, own.port].filter(Boolean));
  const namespace = asText(root.sourceNamespace) ?? '';
  const labels = asLabels(root.sourceLabels);
  const gateways = asTexts(root.gateways);
  return (
    ports.size > 1 ||
    (namespace !== '' && namespace !== asText(own.sourceNamespace)) ||
    Object.entries(asLabels(own.sourceLabels)).some(([name, value]) => (labels[name] ?? value) !== value) ||
    (gateways.length > 0 && !areAmong(asTexts(own.gateways), gateways))
  );
}

function areAmong(own: readonly string[], wanted: readonly string[]): boolean {
  return own.length <= wanted.length && own.every((name) => wanted.includes(name));
}

function textsConflict(root: JsonValue | undefined, own: JsonValue | undefined): boolean {
  const [outer, inner] = [asObject(root), asObject(own)];
  if (outer === undefined || inner === undefined) return false;
  const [wanted, asked] = [textOf(outer), textOf(inner)];
  if (wanted?.kind === 'exact') return asked?.kind !== 'exact' || asked.value !== wanted.value;
  if (wanted?.kind === 'prefix' && asked !== undefined && asked.kind !== 'regex') {
    return !asked.value.startsWith(wanted.value);
  }
  return true;
}

/** An empty text says nothing. */
function textOf(
  match: JsonObject,
): { readonly kind: 'exact' | 'prefix' | 'regex'; readonly value: string } | undefined {
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const value = asText(match[kind]);
    if (value) return { kind, value };
  }
  return undefined;
}
