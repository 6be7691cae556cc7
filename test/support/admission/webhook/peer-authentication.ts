import type { JsonObject } from '../../../../src/parse/document.js';
import { objectAt } from '../json.js';

/** Port-level mTLS names at least one port, and only beside a selector (istio-security §1.7). */
export function checkPeerAuthentication(spec: JsonObject): readonly string[] {
  if (spec.portLevelMtls === undefined) return [];
  const ports = Object.keys(objectAt(spec, 'portLevelMtls'));
  const selected = Object.keys(objectAt(objectAt(spec, 'selector'), 'matchLabels')).length > 0;
  return [
    ...(ports.length === 0 ? ['spec.portLevelMtls: names no port (istio-security §1.7)'] : []),
    ...(selected ? [] : ['spec.portLevelMtls: needs a selector (istio-security §1.7)']),
  ];
}
