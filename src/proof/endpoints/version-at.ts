import type { Way } from '../../mesh/paths/ways.js';
import { selects } from '../../topology/model.js';
import type { AskedPort } from './asked-port.js';

/**
 * The version that a way ends at, as the intents call it, and `undefined` for the Service as a whole: by the pods,
 * since routes name subsets and Services as they like.
 */
export function versionAt(
  { traffic, destination, service }: AskedPort,
  { client, behind, end }: Way,
): string | undefined | 'other' {
  if (end.kind === 'external') return end.named.host === service.host ? undefined : 'other';
  if (end.kind !== 'pods') return 'other';
  const { subset } = (behind?.leg ?? client).destination ?? {};
  if (end.service === service && subset === undefined) return undefined;
  const pods = [...end.workloads].sort().join();
  const fitting = traffic.versions.filter(({ labels }) => {
    const own = destination.workloads.filter((workload) => selects(labels, workload.labels));
    return (
      own
        .map(({ namespace, name }) => `${namespace}/${name}`)
        .sort()
        .join() === pods
    );
  });
  // Versions that only a rollout controller tells apart have the same pods.
  const named = fitting.find(({ name }) => name === subset || end.service.name === `${service.name}-${name}`);
  return (named ?? fitting[0])?.name ?? 'other';
}
