import { loggedAt, unwatched } from '../../dataplanes/dry-runs.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Located, Result } from '../../diagnostics/diagnostic.js';
import type { PlacedIr, PlacedPolicy } from '../../ir/policy-ir.js';
import type { SecuritySettings } from '../../parse/ast.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import { clusterOf } from '../clusters.js';
import { changedPolicies } from './changed-policies.js';
import { furtherChanges } from './further-changes.js';
import { pointsOf } from './points-of.js';

/** Settings of stage Shadow, by name. */
export type Shadow = Located<string>;

export function shadowOf({ name, stage }: SecuritySettings): Shadow {
  return { value: name.value, span: stage?.span ?? name.span };
}

/**
 * Puts beside what is enforced, as dry runs, the policies that would be there if everything were: only those that differ.
 * Whatever else would be there changes what happens to requests, and is refused.
 */
export function watchShadow(enforced: PlacedIr, asIfEnforced: PlacedIr, shadows: readonly Shadow[]): Result<PlacedIr> {
  const watched = changedPolicies(enforced.policies, asIfEnforced.policies, enforced.topology.mesh.rootNamespace);
  const others = furtherChanges(enforced, asIfEnforced);
  const diagnostics = shadows.flatMap((shadow) => {
    const own = watched.filter((policy) => concerns(policy, shadow, shadows));
    const needs = others.filter(({ origins }) => concerns({ origins, rules: [] }, shadow, shadows));
    const refused = [
      ...(needs.length > 0 ? [changesRequests(needs, shadow)] : []),
      ...[...groupBy(own, ({ cluster }) => cluster)].flatMap(([, policies]) =>
        unwatchedPoints(enforced, policies, shadow),
      ),
    ];
    return refused.length > 0 ? refused : told(enforced, own, shadow);
  });
  const policies = sortBy(
    [...enforced.policies, ...watched.map(asDryRun)],
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
  return { value: { ...enforced, policies }, diagnostics };
}

function asDryRun(policy: PlacedPolicy): PlacedPolicy {
  const { name, purpose } = policy;
  return {
    ...policy,
    name: `${name}-shadow`,
    role: 'rules',
    isWatched: true,
    purpose: `watched, not enforced: ${purpose}`,
  };
}

/** A policy is there for the settings that it has rules of; one without any, for all of them. */
function concerns(
  { origins, rules }: Pick<PlacedPolicy, 'origins' | 'rules'>,
  { value }: Shadow,
  shadows: readonly Shadow[],
): boolean {
  const settings = [...origins, ...rules.flatMap((rule) => rule.origins)].map(({ id }) => id.split('/')[0]);
  return settings.includes(value) || !shadows.some((each) => settings.includes(each.value));
}

function changesRequests(needs: ReadonlyArray<{ readonly what: string }>, { value, span }: Shadow): Diagnostic {
  const what = sortedUnique(needs.map((each) => each.what)).join(', ');
  return diagnostic('shadow-changes-requests', { settings: value, what }, span);
}

function unwatchedPoints({ topology }: PlacedIr, policies: readonly PlacedPolicy[], shadow: Shadow): Diagnostic[] {
  const [cluster] = policies.map((policy) => clusterOf(topology, policy.cluster));
  if (cluster === undefined) return [];
  const points = policies.flatMap((policy) => pointsOf(topology, policy));
  return [...groupBy(points, ({ point }) => point)].flatMap(([point, of]) => {
    const missing = unwatched(point, cluster.settings.istio);
    if (missing === undefined) return [];
    const workloads = sortedUnique(of.flatMap(({ workload }) => workload ?? [])).map((name) => `\`${name}\``);
    const parameters = {
      settings: shadow.value,
      point,
      cluster: cluster.name,
      workloads: workloads.join(', '),
      because: missing.because,
    };
    return diagnostic('shadow-not-watched', parameters, shadow.span, { help: missing.help });
  });
}

function told({ topology }: PlacedIr, policies: readonly PlacedPolicy[], shadow: Shadow): Diagnostic[] {
  if (policies.length === 0) return [diagnostic('shadow-of-nothing', { settings: shadow.value }, shadow.span)];
  return [...groupBy(policies, ({ cluster }) => cluster)].map(([cluster, own]) => {
    const names = own.map(({ namespace, name }) => `\`${namespace}/${name}-shadow\``).join(', ');
    const points = own.flatMap((policy) => pointsOf(topology, policy).map(({ point }) => loggedAt(point)));
    const notes = sortedUnique(points).map((message) => ({ message }));
    return diagnostic('shadow-watched', { settings: shadow.value, cluster, policies: names }, shadow.span, { notes });
  });
}
