import type { Attachment } from '../../ir/attachment.js';
import type { Destination } from '../../resolve/resolved.js';
import { isOutside } from '../../resolve/traffic/outside/outside-hosts.js';

/** A host outside the mesh is named by its ServiceEntry. */
export function attachedTo(destination: Destination): Attachment {
  const { name, service } = destination;
  return service !== undefined && isOutside(destination)
    ? { kind: 'service-entry', name: service.object.name }
    : { kind: 'service', name };
}
