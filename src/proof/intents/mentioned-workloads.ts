import type { Resolved } from '../../resolve/resolved-intents.js';
import { keyInMesh, type Workload } from '../../topology/model.js';
import { settingsIndex } from './settings.js';

/** Whether settings or rules speak of a workload at all, be it to leave it as it is. */
export function speakingOf(resolved: Resolved): (workload: Workload) => boolean {
  const settings = settingsIndex(resolved);
  const destinations = resolved.rules.flatMap(({ targets }) => targets.map(({ destination }) => destination));
  const named = new Set(destinations.flatMap(({ workloads }) => workloads.map(keyInMesh)));
  return (workload) => {
    if (named.has(keyInMesh(workload))) return true;
    const { defaults, mtls } = settings.of(workload);
    return defaults.length + mtls.length > 0;
  };
}
