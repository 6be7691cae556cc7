import type { JsonObject, JsonValue } from '../../parse/document.js';
import { asArray, asObject } from '../json.js';
import type { TargetReference } from './policy.js';

const groups: Readonly<Record<TargetReference['kind'], readonly string[]>> = {
  Service: ['', 'core'],
  ServiceEntry: ['networking.istio.io'],
  Gateway: ['gateway.networking.k8s.io'],
  GatewayClass: ['gateway.networking.k8s.io'],
};

/** What a policy names as its targets; `undefined` where it names none. Those of no known group and kind are nothing. */
export function targetsIn({ targetRefs, targetRef }: JsonObject): readonly TargetReference[] | undefined {
  const listed = asArray(targetRefs).length > 0 ? asArray(targetRefs) : targetRef ? [targetRef] : [];
  return listed.length === 0 ? undefined : listed.flatMap(targetOf);
}

function targetOf(value: JsonValue): readonly TargetReference[] {
  const { kind = '', name = '', group = '' } = asObject(value) ?? {};
  const known = Object.entries(groups).find(([each]) => each === kind);
  if (known === undefined || typeof name !== 'string' || !known[1].some((each) => each === group)) return [];
  return [{ kind: known[0] as TargetReference['kind'], name }];
}
