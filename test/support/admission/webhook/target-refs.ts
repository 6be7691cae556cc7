import type { JsonObject } from '../../../../src/parse/document.js';
import { objectAt, objectsAt, type Placed } from '../json.js';

const allowed = new Set([
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

/** A policy attaches to a Service, a ServiceEntry, a Gateway or a GatewayClass, in its own namespace (§1.7, L-52). */
export function checkTargetRefs(spec: JsonObject): readonly string[] {
  const single: readonly Placed<JsonObject>[] =
    spec.targetRef === undefined ? [] : [{ path: 'spec.targetRef', value: objectAt(spec, 'targetRef') }];
  return [...single, ...objectsAt(spec, 'targetRefs', 'spec')].flatMap(({ path, value }) =>
    checkTargetRef(path, value),
  );
}

function checkTargetRef(path: string, { group = '', kind, namespace = '' }: JsonObject): readonly string[] {
  const violations: string[] = [];
  if (!allowed.has(`${group}/${kind}`)) {
    violations.push(`${path}: \`${group}/${kind}\` cannot be a target (istio-security §1.7)`);
  }
  if (namespace !== '') violations.push(`${path}.namespace: must be empty (istio-security §1.7)`);
  return violations;
}
