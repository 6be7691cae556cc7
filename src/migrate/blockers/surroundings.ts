import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { namespacesNotGiven } from '../../lint/topology/enrolment.js';
import { networkPoliciesWithoutHbone } from '../../lint/topology/network-policies.js';
import { labelledObjects } from '../../lint/topology/subjects.js';
import { isManaged, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { keyOf } from '../../topology/model.js';
import type { Blocker } from './context.js';

/** NetworkPolicies that let application ports through and not that of the mesh (B-18), in the mesh as it would be. */
export const networkPolicies: Blocker = ({ after, moving }) => {
  if (moving.length === 0) return [];
  return networkPoliciesWithoutHbone({ cluster: after, labelled: labelledObjects(after) }).map(
    ({ parameters: { policy = '', subject = '' }, span, notes }) =>
      diagnostic('migrate-network-policy', { policy, subject }, span, { notes }),
  );
};

/** Without its labels nobody knows on which plane pods of a namespace are: they may be looked past (E-01). */
export const namespacesUnknown: Blocker = ({ cluster, isMeant }) =>
  namespacesNotGiven({ cluster, labelled: [] }).filter(({ parameters }) => isMeant(String(parameters.namespace)));

/** Entries that only some namespaces were to see: ambient shows them to all (B-28). */
export const hiddenEntries: Blocker = ({ cluster, moving }) =>
  moving.length === 0
    ? []
    : [...cluster.serviceEntries.values()]
        .filter(({ exportTo, object }) => exportTo !== undefined && !exportTo.includes('*') && !isManaged(object))
        .map(({ object }) =>
          diagnostic('migrate-hidden-entry', { object: describe(object) }, spanIn(object, ['spec', 'exportTo'])),
        );

/** Labels that name a waypoint of a namespace which does not let them in (B-29). */
export const waypointsNotAdmitted: Blocker = ({ after, moving }) => {
  const keys = new Set(moving.flatMap(({ services }) => services));
  return [...after.services.values()].flatMap((service): readonly Diagnostic[] => {
    const { binding } = service;
    if (!keys.has(keyOf(service)) || binding.kind !== 'broken' || binding.reason !== 'attachment-denied') return [];
    const object = after.waypoints.get(binding.waypoint)?.object;
    const parameters = { service: keyOf(service), waypoint: binding.waypoint };
    return [
      diagnostic('migrate-waypoint-not-admitting', parameters, object ? spanIn(object, ['spec', 'listeners']) : null),
    ];
  });
};
