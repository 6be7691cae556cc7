import { asObject, asText, asTexts } from '../../mesh/json.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { mergedRule, qualified } from '../../mesh/routes/read/delegation/merge-rules.js';
import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import type { Reason } from '../reason.js';

/** A VirtualService that says by itself what it and those say together to which it delegates. */
export interface Whole {
  /** With their rules in place of the rules that delegate; or why these are not known. */
  readonly object: ManifestObject | Reason;
  readonly delegates: readonly ManifestObject[];
}

/** Puts the VirtualServices of a cluster together as istiod does; those to which others delegate say nothing by themselves. */
export function wholesOf(
  objects: readonly ManifestObject[],
  clusterDomain: string,
): ReadonlyMap<ManifestObject, Whole | undefined> {
  const parts = new Map(objects.filter(isPart).map((object) => [keyOf(object), object]));
  const wholes = objects.map((object) => [object, wholeOf(object, parts, clusterDomain)] as const);
  const used = new Set(wholes.flatMap(([, { delegates }]) => delegates));
  return new Map(wholes.map(([object, whole]) => [object, used.has(object) ? undefined : whole]));
}

function isPart({ kind, value }: ManifestObject): boolean {
  return kind === 'VirtualService' && asTexts(asObject(value.spec)?.hosts).length === 0;
}

function keyOf({ namespace = 'default', name }: Pick<ManifestObject, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

function wholeOf(object: ManifestObject, parts: ReadonlyMap<string, ManifestObject>, clusterDomain: string): Whole {
  const spec = asObject(object.value.spec) ?? {};
  const rules = objectsIn(spec.http);
  if (object.kind !== 'VirtualService' || isPart(object) || rules.every(({ delegate }) => delegate === undefined))
    return { object, delegates: [] };
  const named = rules.flatMap(({ delegate }) => (delegate === undefined ? [] : [keyOfPart(delegate, object)]));
  const delegates = [...new Set(named)].flatMap((key) => parts.get(key) ?? []);
  const missing = named.find((key) => !parts.has(key));
  if (missing !== undefined) {
    const because = `it delegates to \`${missing}\`, and no such VirtualService without hosts is among the manifests`;
    return { object: { because }, delegates };
  }
  const http = rules.flatMap((rule): readonly JsonObject[] => {
    const part = rule.delegate === undefined ? undefined : parts.get(keyOfPart(rule.delegate, object));
    return part === undefined ? [rule] : rulesWithin(rule, object, part, clusterDomain);
  });
  return { object: { ...object, value: { ...object.value, spec: { ...spec, http } } }, delegates };
}

function keyOfPart(delegate: JsonValue, { namespace: home }: ManifestObject): string {
  const { namespace, name } = asObject(delegate) ?? {};
  return keyOf({ namespace: asText(namespace) || home, name: asText(name) ?? '' });
}

/** The rules of a delegate within the one that delegates to it; one whose matches lie outside is left out, as istiod does. */
function rulesWithin(
  rule: JsonObject,
  root: ManifestObject,
  part: ManifestObject,
  domain: string,
): readonly JsonObject[] {
  const place = ['spec'];
  const outer = qualified({ value: rule, place }, namesAt(root, domain));
  const names = namesAt(part, domain);
  return objectsIn(asObject(part.value.spec)?.http).flatMap((own) => {
    const merged = mergedRule(outer, qualified({ value: withFullHosts(own, names), place }, names));
    if (!('rule' in merged)) return [];
    const { delegate, match, ...value } = merged.rule.value;
    return [
      { ...value, ...(merged.matches.length > 0 && { match: merged.matches.map((each) => withoutEmpty(each.value)) }) },
    ];
  });
}

/** A merged match has all that may be joined, also where neither says anything of it. */
function withoutEmpty(match: JsonObject): JsonObject {
  const isSaid = (value: JsonValue | undefined) =>
    typeof value !== 'object' || value === null || Object.keys(value).length > 0;
  return Object.fromEntries(Object.entries(match).filter(([, value]) => isSaid(value)));
}

interface NamesAt {
  hostOf(name: string): string;
  gatewayOf(name: string): string;
}

function namesAt({ namespace = 'default' }: ManifestObject, clusterDomain: string): NamesAt {
  return {
    hostOf: (name) => fullHost(name, namespace, clusterDomain),
    gatewayOf: (name) => fullGateway(name, namespace),
  };
}

/** A gateway as an object of a namespace names it, in full. */
export function fullGateway(name: string, namespace: string): string {
  return name === 'mesh' || name.includes('/') ? name : `${namespace}/${name}`;
}

/** Short names of a delegate are those of its own namespace. */
function withFullHosts(rule: JsonObject, { hostOf }: NamesAt): JsonObject {
  const route = objectsIn(rule.route).map((target) => {
    const destination = asObject(target.destination) ?? {};
    return { ...target, destination: { ...destination, host: hostOf(asText(destination.host) ?? '') } };
  });
  return rule.route === undefined ? rule : { ...rule, route };
}
