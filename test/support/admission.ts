import type { JsonObject, JsonValue } from '../../src/parse/document.js';
import { isObject } from './admission/json.js';
import { checkKind } from './admission/kind-rules.js';
import { type Bundle, findKind } from './admission/kinds.js';
import { checkLists } from './admission/lists.js';
import { checkMetadata } from './admission/metadata.js';
import { checkRules } from './admission/rules.js';
import { checkSchema, withDefaults } from './admission/schema.js';

export type { Bundle } from './admission/kinds.js';

/**
 * What an API server with these CRDs and Istio's validating webhook would object to, one sentence a fault; empty for an
 * object that it would admit. Unknown fields are refused, as `kubectl apply` does by default (`--validate=strict`).
 */
export function admit(object: unknown, bundle: Bundle): readonly string[] {
  if (!isObject(object as JsonValue)) return ['the document is not an object'];
  return admitObject(object as JsonObject, bundle);
}

function admitObject(object: JsonObject, bundle: Bundle): readonly string[] {
  const kind = findKind(String(object.apiVersion), String(object.kind), bundle);
  if (kind === undefined) return [`no matches for kind \`${object.kind}\` in version \`${object.apiVersion}\``];
  const complete = withDefaults(object, kind.schema) as JsonObject;
  const malformed = [...checkMetadata(complete, kind), ...checkSchema(complete, kind.schema)];
  // Like the API server: rules about values mean nothing while the shape is wrong.
  if (malformed.length > 0) return malformed;
  return [...checkLists(complete, kind.schema), ...checkRules(complete, kind.schema), ...checkKind(complete)];
}
