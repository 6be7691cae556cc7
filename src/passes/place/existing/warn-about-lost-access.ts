import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged } from '../../../parse/document.js';
import type { BoundScope, Caller, Source } from '../../../resolve/resolved.js';
import { namespaceOf, scopeLabel } from '../../../resolve/scopes.js';
import type { Cluster } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import { means } from '../../reach.js';
import type { PlaceContext } from '../context.js';

/**
 * Says, once a cluster, who can call today and no longer can. A scope counts as closed already where the deployed
 * policies show that Ambit has closed it.
 */
export function warnAboutDefaults(context: PlaceContext, cluster: Cluster): void {
  const closed = deployedDefaults(cluster);
  const { rootNamespace } = context.ir.topology.mesh;
  const flips = context.ir.defaults.filter(
    ({ value, scope }) =>
      value === 'Deny' && isHere(cluster, scope) && !closed.has(namespaceOf(scope) ?? rootNamespace),
  );
  const [first] = flips;
  if (first === undefined) return;
  const namespaces = new Set(flips.map(({ scope }) => namespaceOf(scope)));
  const isWhole = namespaces.has(undefined);
  const policies = context.ir.destinations.filter(
    ({ destination }) => destination.cluster === cluster.name && (isWhole || namespaces.has(destination.namespace)),
  );
  // Workloads of the namespaces themselves are not listed: what they lose is seen in their own rules.
  const outside = context.sources.filter(
    (source) =>
      source.cluster === cluster.name &&
      source.plane !== 'none' &&
      !namespaces.has(source.name.slice(0, source.name.indexOf('/'))),
  );
  const losers = withoutAdmitted(outside, policies);
  if (losers.length === 0) return;
  const scope = `${scopeLabel(first.scope)}${flips.length > 1 ? ` and ${flips.length - 1} more` : ''}`;
  context.report(
    diagnostic(
      'becomes-default-deny',
      { scope, workloads: workloadCount(losers.length), names: someNames(losers) },
      first.origin.span,
    ),
  );
}

function isHere(cluster: Cluster, scope: BoundScope): boolean {
  return scope.kind === 'mesh' || cluster.namespaces.has(scope.namespace);
}

/** The namespaces whose default Ambit has closed already. */
function deployedDefaults({ policies }: Cluster): ReadonlySet<string | undefined> {
  const own = policies.filter((object) => isManaged(object) && object.name === 'default-deny');
  return new Set(own.map(({ namespace }) => namespace));
}

/** Those of whom none of the policies lets anyone in by name. */
function withoutAdmitted(sources: readonly Source[], policies: readonly DestinationPolicy[]): readonly Source[] {
  const left = new Set(sources.map(({ serviceAccount }) => serviceAccount));
  const others = new Set<Caller>();
  for (const policy of policies)
    for (const caller of admittedBy(policy)) {
      if (caller.kind !== 'identities') others.add(caller);
      else for (const account of caller.serviceAccounts) left.delete(account);
    }
  const unnamed = [...others];
  return sources.filter(
    (source) => left.has(source.serviceAccount) && !unnamed.some((caller) => means(caller, source)),
  );
}

const admittedBy = oncePerObject(({ obligations }: DestinationPolicy): readonly Caller[] =>
  obligations.filter(({ effect }) => effect === 'Allow').flatMap((each) => each.callers),
);

/** Strict mTLS refuses everyone outside the mesh; says, once a cluster, whom the manifests show there. */
export function warnAboutStrict(context: PlaceContext, cluster: Cluster): void {
  const strict = context.ir.mtls.filter(
    ({ value, scope }) => value === 'Strict' && (scope.kind !== 'namespace' || cluster.namespaces.has(scope.namespace)),
  );
  const [first] = strict;
  const outsiders = context.sources.filter(
    ({ plane, cluster: home, name }) => plane === 'none' && home === cluster.name && !system.test(name),
  );
  if (first === undefined || outsiders.length === 0) return;
  const scope = `${scopeLabel(first.scope)}${strict.length > 1 ? ` and ${strict.length - 1} more` : ''}`;
  const parameters = { scope, workloads: workloadCount(outsiders.length), names: someNames(outsiders) };
  context.report(diagnostic('strict-cuts-off', parameters, first.origin.span));
}

/** Namespaces of the platform, whose workloads do not call applications. */
const system = /^(kube-system|kube-public|kube-node-lease|istio-system)\//;

function workloadCount(count: number): string {
  return count === 1 ? '1 workload' : `${count} workloads`;
}

function someNames(sources: readonly Source[]): string {
  const names = sources.slice(0, 5).map(({ name }) => `\`${name}\``);
  return `${names.join(', ')}${sources.length > 5 ? ', …' : ''}`;
}
