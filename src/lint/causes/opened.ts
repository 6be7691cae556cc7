import { policySet } from '../../algebra/gate-sets.js';
import { constantsOf, type LanePlan, policiesOf } from '../../algebra/lane.js';
import { reachOf } from '../../algebra/reach.js';
import { boxSet, intersect, isEmpty } from '../../algebra/request-set.js';
import { realRequests } from '../../algebra/universe.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import { type LintContext, nameOf } from '../context.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';

type Policy = CompiledPolicy['policy'];

/** A site without the ALLOW policies that refuse everything there although they were written to admit somebody. */
interface Opened {
  readonly mesh: Mesh;
  readonly plan: LanePlan;
  /** `namespace/name` of these policies. */
  readonly refusing: readonly string[];
}

/** `undefined` where somebody gets in, or nobody is meant to. */
export function opened(context: LintContext, { plan }: Site): Opened | undefined {
  const policies = refusingAll(context, plan);
  if (policies.size === 0) return undefined;
  return {
    mesh: without(policies, context.mesh),
    plan: withEnforcement(plan, ({ enforcement }) => ({
      ...enforcement,
      policies: enforcement.policies.filter(({ policy }) => !policies.has(policy)),
    })),
    refusing: [...policies].map(nameOf),
  };
}

function refusingAll({ mesh, spaceOf }: LintContext, plan: LanePlan): ReadonlySet<Policy> {
  if (!policiesOf(plan).some(isToAdmit)) return new Set();
  const space = spaceOf(constantsOf(mesh, plan));
  if (!isEmpty(reachOf(mesh, space, plan).possibly)) return new Set();
  const real = realRequests(mesh, space);
  const held = plan.ways.flatMap(({ gates, callers }) =>
    gates.flatMap((gate) =>
      gate.enforcement.policies.filter(isToAdmit).map((compiled) => {
        const arriving = intersect(real, boxSet(space.shape, new Map([[0, callers]])));
        const admitted = intersect(arriving, policySet(compiled, { ...gate, space }, 'possibly'));
        return { policy: compiled.policy, admitsNobody: isEmpty(admitted) };
      }),
    ),
  );
  const admitting = new Set(held.filter(({ admitsNobody }) => !admitsNobody).map(({ policy }) => policy));
  return new Set(held.map(({ policy }) => policy).filter((policy) => !admitting.has(policy)));
}

function isToAdmit({ policy, action }: CompiledPolicy): boolean {
  return action === 'ALLOW' && policy.kind === 'AuthorizationPolicy' && policy.rules.length > 0;
}

function without(policies: ReadonlySet<Policy>, mesh: Mesh): Mesh {
  const clusters = [...mesh.clusters].map(([name, at]) => {
    const authorization = [...at.authorization].map(([namespace, forms]) => {
      return [namespace, forms.filter(({ policy }) => !policies.has(policy))] as const;
    });
    return [name, { ...at, authorization: new Map(authorization) }] as const;
  });
  return { ...mesh, clusters: new Map(clusters) };
}
