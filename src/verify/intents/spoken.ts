import type { Resolved } from '../../resolve/resolved.js';
import type { Workload } from '../../topology/model.js';
import { workloadKey } from './demands.js';
import { settingsIndex } from './settings.js';

/** Whether settings or rules speak of a workload at all, be it to leave it as it is. */
export function speakingOf(resolved: Resolved): (workload: Workload) => boolean {
  const settings = settingsIndex(resolved);
  const destinations = resolved.rules.flatMap(({ targets }) => targets.map(({ destination }) => destination));
  const named = new Set(destinations.flatMap(({ workloads }) => workloads.map(workloadKey)));
  return (workload) => {
    if (named.has(workloadKey(workload))) return true;
    const { defaults, mtls } = settings.of(workload);
    return defaults.length + mtls.length > 0;
  };
}
