import type { ManifestObject } from '../../parse/document.js';
import { namespaceOf } from '../fields.js';

/** What a Canary of Flagger writes: the whole route of one Service, and the settings of the way to its pods. */
export interface FlaggerCanary {
  readonly object: ManifestObject;
  readonly namespace: string;
  /** That of the Service, and of its route. */
  readonly service: string;
  /** Whether it writes routes of the mesh: another proxy may be told where requests go, or none. */
  readonly writesRoutes: boolean;
  /** The Deployment or DaemonSet whose pods it copies. */
  readonly target: string | undefined;
}

export function isCanary({ apiVersion, kind }: ManifestObject): boolean {
  return kind === 'Canary' && apiVersion.startsWith('flagger.app/');
}

/** `undefined` where it names nothing. */
export function readCanary(object: ManifestObject): FlaggerCanary | undefined {
  const { provider, service, targetRef } = Object(object.value.spec);
  const { kind, name: target } = Object(targetRef);
  const name = Object(service).name ?? target;
  if (typeof name !== 'string' || typeof target !== 'string') return undefined;
  const writesRoutes = provider === undefined || /^(istio|gatewayapi)/.test(String(provider));
  const copied = kind === 'Deployment' || kind === 'DaemonSet' ? target : undefined;
  return { object, namespace: namespaceOf(object), service: name, writesRoutes, target: copied };
}
