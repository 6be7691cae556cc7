import type { ManifestObject } from '../../parse/document.js';
import { namespaceOf } from '../fields.js';

/** What a Canary of Flagger writes: the whole route of one Service, and the settings of the way to its pods. */
export interface FlaggerCanary {
  readonly object: ManifestObject;
  readonly namespace: string;
  /** That of the Service, and of its route. */
  readonly service: string;
}

export function isCanary({ apiVersion, kind }: ManifestObject): boolean {
  return kind === 'Canary' && apiVersion.startsWith('flagger.app/');
}

/** `undefined` where another proxy, or none, is told where requests go. */
export function readCanary(object: ManifestObject): FlaggerCanary | undefined {
  const { provider, service, targetRef } = Object(object.value.spec);
  const isOfMesh = provider === undefined || /^(istio|gatewayapi)/.test(String(provider));
  const name = Object(service).name ?? Object(targetRef).name;
  if (!isOfMesh || typeof name !== 'string') return undefined;
  return { object, namespace: namespaceOf(object), service: name };
}
