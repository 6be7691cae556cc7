import { asLabels, asObject } from '../../../mesh/json.js';
import type { JsonObject, Path } from '../../../parse/document.js';
import type { Workload } from '../../../topology/model.js';
import { podPath } from '../../../topology/pod-template.js';
import type { Wanted } from '../../states/labels-of-state.js';

/** Patches of what makes the pods of a workload: the one that moves them, and the one that takes it back. */
export interface TemplateChange {
  readonly on: JsonObject;
  readonly back: JsonObject;
}

/**
 * What the template of a workload says for itself beats its namespace, so a restart alone would bring the same plane again. None
 * where it says what it is to say.
 */
export function templateChange(
  { object }: Workload,
  wanted: Readonly<Record<'labels' | 'annotations', Wanted>>,
): TemplateChange | undefined {
  const at = [...podPath(object.kind), 'metadata'];
  const metadata = at.reduce<JsonObject | undefined>((value, step) => asObject(value?.[step]), object.value);
  const changes = (['labels', 'annotations'] as const).flatMap((field) => {
    const written = asLabels(metadata?.[field]);
    const keys = Object.keys(wanted[field]).filter((key) => written[key] !== wanted[field][key]);
    return keys.length === 0 ? [] : [{ field, keys, written, wanted: wanted[field] }];
  });
  if (changes.length === 0) return undefined;
  const patch = (of: (change: (typeof changes)[number]) => Wanted) =>
    nested(
      at,
      Object.fromEntries(
        changes.map((change) => [
          change.field,
          Object.fromEntries(change.keys.map((key) => [key, of(change)[key] ?? null])),
        ]),
      ),
    );
  return { on: patch((change) => change.wanted), back: patch((change) => change.written) };
}

function nested(path: Path, value: JsonObject): JsonObject {
  return path.reduceRight<JsonObject>((inner, step) => ({ [step]: inner }), value);
}
