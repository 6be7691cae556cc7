import type { Resolved } from '../../resolve/resolved-intents.js';
import { type Cluster, infrastructure, keyInMesh, type Workload } from '../../topology/model.js';
import { workloadsByNamespace } from '../../topology/workloads-by-namespace.js';
import type { Recall } from '../../util/memory.js';
import { type Grants, grantsByNamespace } from './demands.js';
import { settingsIndex } from './settings.js';

/** Who can be called in a cluster, and neither settings nor rules speak of it at all, be it to leave it as it is. */
export function unmentionedWorkloads(resolved: Resolved, recall: Recall): (cluster: Cluster) => readonly Workload[] {
  const settings = settingsIndex(resolved);
  const grantsIn = grantsByNamespace(resolved);
  return ({ name, workloads }) =>
    [...workloadsByNamespace(workloads)].flatMap(([namespace, own]) => {
      const grants = grantsIn(name, namespace);
      const inputs = [...own, ...settings.within(namespace), ...grants.roles, ...grants.rules, ...grants.targets];
      return recall('unmentioned in', `${name}/${namespace}`, inputs, () => {
        const named = namedBy(grants);
        return own.filter((workload) => {
          if (infrastructure.has(workload.mode.plane) || named.has(keyInMesh(workload))) return false;
          const { defaults, mtls } = settings.of(workload);
          return defaults.length + mtls.length === 0;
        });
      });
    });
}

/** Whoever a rule names. Who may call in plaintext, and what is recorded, is said beside rules. */
function namedBy({ roles, targets }: Grants): ReadonlySet<string> {
  const ofRules = targets.filter((_, index) => roles[index] !== 'plaintext' && roles[index] !== 'audited');
  return new Set(ofRules.flatMap(({ destination }) => destination.workloads.map(keyInMesh)));
}
