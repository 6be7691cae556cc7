import type { JsonObject, JsonValue, Path } from '../../../parse/document.js';
import { asArray, asObject } from '../../json.js';

/** A mapping of a manifest, and where it stands. */
export interface Node {
  readonly value: JsonObject;
  readonly place: Path;
}

/** The mappings of a list; anything else in it is left out. */
export function nodesOf({ value, place }: Node, field: string): readonly Node[] {
  return asArray(value[field]).flatMap((item, index) => nodeAt(item, [...place, field, index]));
}

/** A mapping below a field, if there is one. */
export function nodeOf({ value, place }: Node, field: string): Node | undefined {
  return nodeAt(value[field], [...place, field])[0];
}

function nodeAt(value: JsonValue | undefined, place: Path): readonly Node[] {
  const mapping = asObject(value);
  return mapping === undefined ? [] : [{ value: mapping, place }];
}

export function asNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
