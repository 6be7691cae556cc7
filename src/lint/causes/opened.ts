import { policySet } from '../../algebra/gate-sets.js';
import { constantsOf, type LanePlan, policiesOf } from '../../algebra/lane.js';
import { reachOf } from '../../algebra/reach.js';
import { boxSet, intersect, isEmpty } from '../../algebra/request-set.js';
import { realRequests } from '../../algebra/universe.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import type { Evidence } from '../evidence.js';
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

/**
 * How many ways in are looked at again, at most. A policy for a whole mesh reaches tens of thousands that are much alike,
 * and each would be compared several times for every cause that shows nowhere.
 */
export const waysLookedAtAgain = 100;

/** What a search finds at a site, or else what it would find if a broken ALLOW did not refuse everything there. */
export function evenIfShut<S extends Site>(
  context: LintContext,
  sites: readonly S[],
  find: (context: LintContext, site: S) => Evidence | undefined,
): Evidence | undefined {
  const again = sites.slice(0, waysLookedAtAgain);
  return firstOf(sites, (site) => find(context, site)) ?? firstOf(again, (site) => onceOpen(context, site, find));
}

export function onceOpen<S extends Site>(
  context: LintContext,
  site: S,
  find: (context: LintContext, site: S) => Evidence | undefined,
): Evidence | undefined {
  const { open } = openedFinder(context)(site);
  if (open === undefined) return undefined;
  const evidence = find({ ...context, mesh: open.mesh }, { ...site, plan: open.plan });
  return evidence && { ...evidence, refusing: open.refusing };
}

/** A site is opened once, however many causes are looked for there. */
const openedFinder = oncePerObject((context: LintContext) =>
  oncePer((site: Site) => ({ open: opened(context, site) })),
);

/** `undefined` where somebody gets in, or nobody is meant to. */
function opened(context: LintContext, site: Site): Opened | undefined {
  const policies = refusingAll(context, site);
  if (policies.size === 0) return undefined;
  return {
    mesh: without(policies, context.mesh),
    plan: withEnforcement(site.plan, ({ enforcement }) => ({
      ...enforcement,
      policies: enforcement.policies.filter(({ policy }) => !policies.has(policy)),
    })),
    refusing: [...policies].map(nameOf),
  };
}

/** A guard refuses whoever comes straight, and admits a waypoint: what counts is every way to the same pods. */
function refusingAll(context: LintContext, { plan, addressed }: Site): ReadonlySet<Policy> {
  const toAdmit = [
    ...new Set(
      policiesOf(plan)
        .filter(isToAdmit)
        .map(({ policy }) => policy),
    ),
  ];
  if (toAdmit.length === 0 || !isShut(context, plan)) return new Set();
  return new Set(
    toAdmit.filter((policy) => {
      const subject = context.subjectOf(policy);
      const sites = subject === undefined ? [] : (sitesByPods(subject).get(addressed) ?? []);
      return sites.every((site) => admitsNobody(context, site.plan, policy));
    }),
  );
}

const sitesByPods = oncePerObject(({ sites }: PolicyInMesh) => groupBy(sites, ({ addressed }) => addressed));

function isShut({ mesh, spaceOf }: LintContext, plan: LanePlan): boolean {
  return isEmpty(reachOf(mesh, spaceOf(constantsOf(mesh, plan)), plan).possibly);
}

function admitsNobody({ mesh, spaceOf }: LintContext, plan: LanePlan, policy: Policy): boolean {
  const space = spaceOf(constantsOf(mesh, plan));
  const real = realRequests(mesh, space);
  return plan.ways.every(({ gates, callers }) =>
    gates.every((gate) => {
      const held = gate.enforcement.policies.find((compiled) => compiled.policy === policy);
      if (held === undefined) return true;
      const arriving = intersect(real, boxSet(space.shape, new Map([[0, callers]])));
      return isEmpty(intersect(arriving, policySet(held, { ...gate, space }, 'possibly')));
    }),
  );
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
