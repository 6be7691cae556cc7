import type { ManifestObject } from '../parse/document.js';
import { sortedUnique } from '../util/order.js';
import { namespaceOf } from './fields.js';

interface Runner {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** `namespace/name` of every ServiceAccount that is declared or that something runs as, sorted. */
export function readServiceAccounts(
  declared: readonly ManifestObject[],
  runners: readonly Runner[],
): readonly string[] {
  const used = runners.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`);
  return sortedUnique([...declared.map((object) => `${namespaceOf(object)}/${object.name}`), ...used]);
}
