import type { ManifestObject } from '../parse/document.js';
import { sortedUnique } from '../util/order.js';
import { itemsAt, type Report, textAt } from './fields.js';

/** `namespace/name` of every Service that an admission webhook calls, sorted (istio-security §5.3). */
export function readWebhookServices(objects: readonly ManifestObject[], report: Report): ReadonlySet<string> {
  const keys = objects.flatMap((object) =>
    itemsAt(object, ['webhooks'], report).flatMap((webhook) => {
      const service = [...webhook, 'clientConfig', 'service'];
      const namespace = textAt(object, [...service, 'namespace'], report);
      const name = textAt(object, [...service, 'name'], report);
      return namespace === undefined || name === undefined ? [] : [`${namespace}/${name}`];
    }),
  );
  return new Set(sortedUnique(keys));
}
