import type { Cluster, Labels, Workload } from '../../../topology/model.js';
import type { FlaggerCanary } from '../../../topology/rollouts/flagger-canary.js';

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
