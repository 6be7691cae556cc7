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
  return found && { object: found.object, place: found.path, value: found.value };
}
