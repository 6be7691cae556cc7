import type { KubernetesObject } from '../../emit/manifest.js';
import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import { matches, textMatcher } from '../../mesh/policies/matcher.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';

/** A waypoint that decides about calls before they come to pods. */
export interface DecidingWaypoint {
  readonly cluster: string;
  /** The namespace of the Services behind it. */
  readonly behind: string;
  /** `namespace/name` of the ServiceAccount by which pods know it. */
  readonly serviceAccount: string;
  /** The trust domains that pods may know it by. */
  readonly trustDomains: readonly string[];
}

/**
 * A denial as it has to be at pods that are called through a waypoint: there the caller is the waypoint, which has denied
 * already what is to be denied. That matters wherever a denial means the waypoint too: by the namespace that it is in, by
 * whoever has a certificate, by everybody but some, or where requests are denied whoever sends them. Of what is said of
 * requests ztunnel sees the port alone, and closes it (§2.3).
 */
export function exempting(object: KubernetesObject, waypoints: readonly DecidingWaypoint[]): KubernetesObject {
  const { spec } = object;
  if (object.kind !== 'AuthorizationPolicy' || asText(spec?.action) !== 'DENY' || waypoints.length === 0) return object;
  const rules = asArray(spec?.rules).map((rule) => exemptingRule(asObject(rule) ?? {}, waypoints));
  return { ...object, spec: { ...spec, rules } };
}

function exemptingRule(rule: JsonObject, waypoints: readonly DecidingWaypoint[]): JsonObject {
  if (rule.from === undefined) {
    return isAboutRequests(rule) ? { from: [{ source: exemptingSource({}, waypoints) }], ...rule } : rule;
  }
  const from = asArray(rule.from).map((each): JsonValue => {
    const source = asObject(asObject(each)?.source) ?? {};
    const meant = waypoints.filter((waypoint) => isMeantBy(source, waypoint));
    return meant.length === 0 ? each : { source: exemptingSource(source, meant) };
  });
  return { ...rule, from };
}

const ofConnections: ReadonlySet<string> = new Set(['ports', 'notPorts']);

function isAboutRequests(rule: JsonObject): boolean {
  const operations = asArray(rule.to).map((each) => asObject(asObject(each)?.operation) ?? {});
  return operations.some((operation) => Object.keys(operation).some((field) => !ofConnections.has(field)));
}

/** Whether a waypoint may be one of those whom a source means, by what its certificate says; what its address is nobody knows. */
function isMeantBy(source: JsonObject, waypoint: DecidingWaypoint): boolean {
  const { serviceAccount } = waypoint;
  const [namespace = ''] = serviceAccount.split('/');
  const mayBe = (field: string, values: readonly string[]) =>
    source[field] === undefined ||
    asTexts(source[field]).some((text) => values.some((value) => matches(textMatcher(text), value) === 'yes'));
  return (
    mayBe('principals', principalsOf(waypoint)) &&
    mayBe('namespaces', [namespace]) &&
    mayBe('serviceAccounts', [serviceAccount])
  );
}

/** Accounts must not stand in one source with principals or namespaces (its validation says so). */
function exemptingSource(source: JsonObject, waypoints: readonly DecidingWaypoint[]): JsonObject {
  if (source.serviceAccounts !== undefined || source.notServiceAccounts !== undefined) {
    const accounts = waypoints.map(({ serviceAccount }) => serviceAccount);
    return { ...source, notServiceAccounts: [...asTexts(source.notServiceAccounts), ...accounts] };
  }
  const principals = waypoints.flatMap(principalsOf);
  return { ...source, notPrincipals: [...asTexts(source.notPrincipals), ...principals] };
}

function principalsOf({ serviceAccount, trustDomains }: DecidingWaypoint): readonly string[] {
  return trustDomains.map((domain) => `${domain}/ns/${serviceAccount.replace('/', '/sa/')}`);
}
