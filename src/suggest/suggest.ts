import type { Mesh } from '../mesh/mesh.js';
import type { ClusterObject } from '../topology/build-topology.js';
import { allowingRule, type Responsible } from '../trace/responsible.js';
import { type Candidate, candidatesFrom } from './candidates.js';
import { endsIn } from './ends.js';
import { type Flows, flowsOf } from './flows.js';
import { type JudgedFlow, judgeFlow } from './judge-flow.js';
import type { Observations } from './observation.js';
import { isLiteralPath } from './path-patterns.js';
import { earlier, later } from './times.js';

/** What observed calls say of the rules that there are, and of those that are missing. Nothing is granted by it. */
export interface Suggestion {
  readonly candidates: readonly Candidate[];
  /** What passed or was refused and is no candidate, and why. */
  readonly aside: readonly Aside[];
  /** The rules of ALLOW policies that let nothing through of what was observed. */
  readonly unused: readonly Responsible[];
  readonly used: readonly Responsible[];
  readonly granted: number;
  readonly unnamed: Flows['unnamed'];
  readonly from: string | undefined;
  readonly until: string | undefined;
}

export interface Aside {
  readonly flow: JudgedFlow;
  readonly because: 'refused' | 'no-identity' | 'perhaps-refused' | 'odd-path' | 'undecided';
}

/** Holds what was observed against the mesh as it will be. */
export function suggest(mesh: Mesh, objects: readonly ClusterObject[], { all }: Observations): Suggestion {
  const flows = flowsOf(all, endsIn(mesh, objects));
  const judged = flows.all.map((flow) => judgeFlow(mesh, flow));
  const used = judged.filter(({ passed }) => passed > 0).flatMap(({ rules }) => rules);
  const usedKeys = new Set(used.map(keyOfRule));
  const missing = judged.filter(({ standing }) => standing !== 'granted');
  const aside = missing.flatMap((flow): Aside[] => {
    const because = asideBecause(flow);
    return because === undefined ? [] : [{ flow, because }];
  });
  return {
    candidates: candidatesFrom(
      mesh,
      missing.filter((flow) => asideBecause(flow) === undefined),
    ),
    aside,
    unused: allowRules(mesh).filter((rule) => !usedKeys.has(keyOfRule(rule))),
    used,
    granted: judged.filter(({ standing, passed }) => standing === 'granted' && passed > 0).length,
    unnamed: flows.unnamed,
    from: all.map(({ since }) => since).reduce(earlier, undefined),
    until: all.map(({ time }) => time).reduce(later, undefined),
  };
}

/** Why a flow is no candidate; `undefined` where it is one. */
function asideBecause({ from, passed, standing, isPerhapsRefused, request }: JudgedFlow): Aside['because'] | undefined {
  if (passed === 0) return 'refused';
  if (standing === 'undecided') return 'undecided';
  // What a client wrote must not become a pattern.
  if (request !== undefined && !isLiteralPath(request.path)) return 'odd-path';
  if (from === 'outside') return 'no-identity';
  return isPerhapsRefused && standing === 'refused' ? 'perhaps-refused' : undefined;
}

function allowRules({ clusters }: Mesh): readonly Responsible[] {
  return [...clusters.values()].flatMap(({ cluster, authorization }) =>
    [...authorization.values()].flat().flatMap(({ policy, dryRun }) => {
      const { rules } = Object(Object(policy.object.value).spec);
      if (policy.action !== 'ALLOW' || dryRun || !Array.isArray(rules)) return [];
      return rules.map((_, index) => allowingRule(cluster.name, policy, ['spec', 'rules', index]));
    }),
  );
}

function keyOfRule({ cluster, namespace, name, rule }: Responsible): string {
  return JSON.stringify([cluster, namespace, name, rule]);
}
