import type { ManifestObject } from '../../parse/document.js';
import { namespaceOf } from '../fields.js';
import type { Cluster, Labels, Workload } from '../model.js';

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

/** The pods that answer in place of those of a Deployment: copies, with another value of one label. */
export interface Primary {
  readonly name: string;
  readonly copied: Workload;
  /** The label by which Flagger selects. */
  readonly key: string;
  readonly labels: Labels;
}

const selectorLabels = ['app', 'name', 'app.kubernetes.io/name'];

/** What Flagger makes, unless the manifests show it: the labels that it knows by default are tried in this order. */
export function primaryOf({ namespace, service, target }: FlaggerCanary, { workloads }: Cluster): Primary | undefined {
  if (target === undefined) return undefined;
  const name = `${target}-primary`;
  const copied = workloads.get(`${namespace}/${target}`);
  const isShown = workloads.get(`${namespace}/${name}`)?.services.includes(`${namespace}/${service}`);
  if (copied === undefined || isShown) return undefined;
  const { matchLabels = copied.labels } = Object(Object(copied.object.value.spec).selector);
  const key = selectorLabels.find((label) => Object(matchLabels)[label] !== undefined);
  if (key === undefined) return undefined;
  return { name, copied, key, labels: { ...copied.labels, [key]: `${copied.labels[key]}-primary` } };
}
