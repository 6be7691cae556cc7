import type { JsonValue, ManifestObject, Path } from '../parse/document.js';
import { type TrafficDefault, trafficDefaultFields } from '../parse/mesh.js';
import { fieldAt, valueAt } from './open-settings.js';

/** What a MeshConfig, the mapping at `base` of an object, says of how proxies send on where nothing else says it. */
export function trafficDefaults(object: ManifestObject, base: Path): readonly TrafficDefault[] {
  return trafficDefaultFields.flatMap((field) => {
    const path = fieldAt(object, base, field);
    const value = valueAt(object, path) as JsonValue | undefined;
    return value === undefined || value === null ? [] : [{ field, object, path, value }];
  });
}
