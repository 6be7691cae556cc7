import type { KubernetesObject } from '../../emit/manifest.js';
import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';

/** A waypoint that decides about calls before they come to pods. */
export interface DecidingWaypoint {
  readonly cluster: string;
  /** The namespace of the Services behind it. */
  readonly behind: string;
  /** `namespace/name` of the ServiceAccount by which pods know it. */
  readonly serviceAccount: string;
}

/**
 * A denial for everybody but some, as it has to be at pods that are called through a waypoint: there the caller is the
 * waypoint, which has denied already what is to be denied. Other denials do not mean it.
 */
export function exempting(object: KubernetesObject, waypoints: readonly DecidingWaypoint[]): KubernetesObject {
  const { spec } = object;
  if (object.kind !== 'AuthorizationPolicy' || asText(spec?.action) !== 'DENY' || waypoints.length === 0) return object;
  const rules = asArray(spec?.rules).map((rule) => exemptingRule(asObject(rule) ?? {}, waypoints));
  return { ...object, spec: { ...spec, rules } };
}

function exemptingRule(rule: JsonObject, waypoints: readonly DecidingWaypoint[]): JsonObject {
  if (rule.from === undefined) return rule;
  const from = asArray(rule.from).map((each): JsonValue => {
    const source = asObject(asObject(each)?.source) ?? {};
    return hasExceptions(source) ? { source: exemptingSource(source, waypoints) } : each;
  });
  return { ...rule, from };
}

function hasExceptions(source: JsonObject): boolean {
  return Object.keys(source).some((key) => key.startsWith('not'));
}

/** Accounts and principals must not stand in one source, and principals name the trust domain. */
function exemptingSource(source: JsonObject, waypoints: readonly DecidingWaypoint[]): JsonObject {
  const principals = [...asTexts(source.notPrincipals), ...asTexts(source.principals)];
  const [trustDomain] = (principals[0] ?? '').split('/ns/');
  if (trustDomain === undefined || trustDomain === '') {
    const accounts = waypoints.map(({ serviceAccount }) => serviceAccount);
    return { ...source, notServiceAccounts: [...asTexts(source.notServiceAccounts), ...accounts] };
  }
  const own = waypoints.map(({ serviceAccount }) => `${trustDomain}/ns/${serviceAccount.replace('/', '/sa/')}`);
  return { ...source, notPrincipals: [...asTexts(source.notPrincipals), ...own] };
}
