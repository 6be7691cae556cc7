import type { JsonObject, ManifestObject } from '../../parse/document.js';
import { oncePerObject } from '../../util/once.js';
import { groupKindOf } from '../known-kinds.js';
import type { Complaint } from './complaint.js';
import { checkListeners } from './listeners.js';
import { misfitsOfSchema } from './shapes-of-kinds.js';

const kinds: ReadonlySet<string> = new Set([
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/ListenerSet',
]);

/** What the API server has against a Gateway of the Gateway API or a ListenerSet; nothing of other kinds. */
export const complaintsAbout = oncePerObject((object: ManifestObject): readonly Complaint[] => {
  if (!kinds.has(groupKindOf(object))) return [];
  const misfits = misfitsOfSchema(object);
  if (misfits.length > 0) return misfits;
  const { listeners = [] } = object.value.spec as { readonly listeners?: readonly JsonObject[] };
  return checkListeners(listeners, ['spec', 'listeners']);
});

/** Whether a Gateway or a ListenerSet is there once it is applied. What was read from a cluster is, whatever is wrong with it. */
export function isAccepted(object: ManifestObject): boolean {
  return Object(object.value.metadata).uid !== undefined || complaintsAbout(object).length === 0;
}
