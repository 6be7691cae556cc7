import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { doubtAboutNamespace } from '../../mesh/doubts/unwatched.js';
import { serviceOfEntry } from '../../mesh/entry-services.js';
import { findsEndpoints } from '../../mesh/paths/known-at-waypoint.js';
import { type Path, spanIn } from '../../parse/document.js';
import { annotation } from '../../topology/labels.js';
import { type Cluster, keyOf, type Service } from '../../topology/model.js';
import type { LintContext } from './lint.js';
import { ownLabels } from './subjects.js';

/** What is not exported to the namespace of its own waypoint, which is then told of none of its endpoints (F-36). */
export function hiddenFromWaypoints({ cluster }: LintContext): readonly Diagnostic[] {
  return boundIn(cluster).flatMap((service) => {
    if (doubtAboutNamespace({ cluster }, service.namespace) !== undefined) return [];
    const { binding, object } = service;
    const waypoint = binding.kind === 'bound' ? cluster.waypoints.get(binding.waypoint) : undefined;
    if (waypoint?.className !== 'istio-waypoint' || findsEndpoints(waypoint, service)) return [];
    const { namespace } = waypoint;
    const name = `${object.kind} \`${service.namespace}/${object.name}\``;
    const parameters = { object: name, namespace, waypoint: keyOf(waypoint) };
    return diagnostic('hidden-from-waypoint', parameters, spanIn(object, exportedAt(service)), {
      notes: [{ message: 'istiod tells a waypoint the endpoints of what is exported to its namespace alone (F-36)' }],
    });
  });
}

/** The Services that waypoints serve, and each ServiceEntry as one for any of its hosts. */
function boundIn(cluster: Cluster): readonly Service[] {
  const entries = [...cluster.serviceEntries.values()].flatMap((entry) =>
    entry.hosts.slice(0, 1).map((host) => serviceOfEntry(entry, host, cluster)),
  );
  return [...cluster.services.values(), ...entries];
}

/** Where it says to whom it is exported; where it says nothing, the mesh does. */
function exportedAt({ object }: Service): Path {
  if (object.kind === 'ServiceEntry')
    return Array.isArray(Object(object.value.spec).exportTo) ? ['spec', 'exportTo'] : ['spec', 'hosts'];
  const isWritten = ownLabels(object, 'annotations')[annotation.exportTo] !== undefined;
  return isWritten ? ['metadata', 'annotations', annotation.exportTo] : ['metadata', 'name'];
}
