import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import type { Cluster, Waypoint } from '../../topology/model.js';

/** The ending of the names of what a plan leaves for the time of the move. */
export const copyEnding = '-until-moved';

export function copiesIn({ policies }: Cluster, namespace: string): readonly ManifestObject[] {
  return policies.filter((policy) => homeOf(policy) === namespace && policy.name.endsWith(copyEnding));
}

/** `namespace/name` of the policies of which copies stand. */
export function copiedIn({ policies }: Cluster): readonly string[] {
  return policies
    .filter(({ name }) => name.endsWith(copyEnding))
    .map((copy) => `${homeOf(copy)}/${originalNameOf(copy)}`);
}

/**
 * `namespace/name` of the policies beside which, under the name of a copy or of its original, another decides at waypoints about all
 * calls to the same Services: ztunnel need not know what they say. Callers with sidecars go past waypoints, so that none is while
 * there are some.
 */
export function decidedAtWaypoints({ policies, services, workloads }: Cluster): readonly string[] {
  if ([...workloads.values()].some(({ mode }) => mode.plane === 'sidecar')) return [];
  const isThrough = (policy: ManifestObject) => {
    const targets = asArray(asObject(policy.value.spec)?.targetRefs).map(asObject);
    const names = targets.flatMap((target) => (target?.kind === 'Service' ? [asText(target.name) ?? ''] : []));
    return (
      names.length > 0 && names.every((name) => services.get(`${homeOf(policy)}/${name}`)?.binding.kind === 'bound')
    );
  };
  return policies.filter(isThrough).map((policy) => {
    const isCopy = policy.name.endsWith(copyEnding);
    return `${homeOf(policy)}/${isCopy ? originalNameOf(policy) : `${policy.name}${copyEnding}`}`;
  });
}

/** Whether something else stands by now in the place of what a copy is of. Denials that are copied except waypoints, and else say the same. */
export function isReplaced(copy: ManifestObject, { policies, waypoints }: Cluster): boolean {
  const original = policies.find(
    (each) => each.kind === copy.kind && homeOf(each) === homeOf(copy) && each.name === originalNameOf(copy),
  );
  if (original === undefined) return true;
  const said = (policy: ManifestObject) => JSON.stringify(withoutExceptions(policy, [...waypoints.values()]));
  return said(original) !== said(copy);
}

function homeOf({ namespace = 'default' }: ManifestObject): string {
  return namespace;
}

function originalNameOf({ name }: ManifestObject): string {
  return name.slice(0, -copyEnding.length);
}

function withoutExceptions({ value }: ManifestObject, waypoints: readonly Waypoint[]): JsonValue {
  const spec = asObject(value.spec) ?? {};
  if (asText(spec.action) !== 'DENY') return spec;
  const rules = asArray(spec.rules).map((rule): JsonValue => {
    const { from, ...rest } = asObject(rule) ?? {};
    const sources = asArray(from).map((each) => meantBy(asObject(asObject(each)?.source) ?? {}, waypoints));
    const meant = sources.filter((source) => Object.keys(source).length > 0);
    return meant.length === 0 ? rest : { ...rest, from: meant };
  });
  return { ...spec, rules };
}

function meantBy(source: JsonObject, waypoints: readonly Waypoint[]): JsonObject {
  const exceptions: JsonObject = {
    notPrincipals: asTexts(source.notPrincipals).filter((each) => !waypoints.some((waypoint) => isOf(waypoint, each))),
    notServiceAccounts: asTexts(source.notServiceAccounts).filter(
      (each) => !waypoints.some(({ namespace, serviceAccount }) => each === `${namespace}/${serviceAccount}`),
    ),
  };
  const all = Object.entries({ ...source, ...exceptions });
  return Object.fromEntries(all.filter(([, texts]) => asArray(texts).length > 0));
}

function isOf({ namespace, serviceAccount }: Waypoint, principal: string): boolean {
  return principal.endsWith(`/ns/${namespace}/sa/${serviceAccount}`);
}
