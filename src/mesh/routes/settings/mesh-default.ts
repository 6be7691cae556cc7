import type { JsonValue } from '../../../parse/document.js';
import type { TrafficDefault } from '../../../parse/mesh.js';
import type { MeshCluster } from '../../mesh.js';
import type { Place } from './setting.js';

/** What the MeshConfig says in a field, and where; of several texts the first. */
export function meshDefault(
  { cluster }: MeshCluster,
  field: TrafficDefault['field'],
): (Place & { readonly value: JsonValue }) | undefined {
  const found = (cluster.settings.istio.trafficDefaults ?? []).find((each) => each.field === field);
  if (found === undefined) return undefined;
  const value = found.path.reduce<unknown>((at, key) => Object(at)[key], found.object.value) as JsonValue;
  return { object: found.object, place: found.path, value };
}
