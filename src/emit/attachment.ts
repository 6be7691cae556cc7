import type { Attachment } from '../ir/attachment.js';
import type { JsonObject } from '../parse/document.js';

/** For whom a policy is, in the fields that all kinds of Istio share. */
export function attachment(attached: Attachment): JsonObject {
  switch (attached.kind) {
    case 'namespace':
      return {};
    case 'selector':
      return { selector: { matchLabels: attached.labels } };
    case 'service':
      return { targetRefs: [{ group: '', kind: 'Service', name: attached.name }] };
    case 'service-entry':
      return { targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: attached.name }] };
    case 'gateway':
      return { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: attached.name }] };
    case 'gateway-class':
      return { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: attached.name }] };
  }
}
