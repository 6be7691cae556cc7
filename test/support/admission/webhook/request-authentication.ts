import type { JsonObject } from '../../../../src/parse/document.js';
import { objectAt, objectsAt, type Placed } from '../json.js';
import { checkTargetRefs } from './target-refs.js';

/** A JWT rule says who issues and holds keys that can be read (istio-security §1.7). */
export function checkRequestAuthentication(spec: JsonObject): readonly string[] {
  return [...checkTargetRefs(spec), ...objectsAt(spec, 'jwtRules', 'spec').flatMap(checkJwtRule)];
}

function checkJwtRule({ path, value: rule }: Placed<JsonObject>): readonly string[] {
  const anonymous = rule.issuer === undefined && rule.jwksUri === undefined;
  return [
    ...(anonymous ? [`${path}: needs issuer or jwksUri (istio-security §1.7)`] : []),
    ...(rule.jwks === undefined || isKeySet(String(rule.jwks))
      ? []
      : [`${path}.jwks: is not a JSON Web Key Set (istio-security §1.7)`]),
  ];
}

function isKeySet(text: string): boolean {
  try {
    return objectsAt(objectAt({ set: JSON.parse(text) }, 'set'), 'keys', '').length > 0;
  } catch {
    return false;
  }
}
