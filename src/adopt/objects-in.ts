import { asArray, asObject } from '../mesh/json.js';
import type { JsonObject, JsonValue } from '../parse/document.js';

/** The items of a list of mappings; an item that is none says nothing. */
export function objectsIn(list: JsonValue | undefined): readonly JsonObject[] {
  return asArray(list).map((item) => asObject(item) ?? {});
}
