import { none } from '../../algebra/bits.js';
import { accountOf, type Identity, principalOf } from '../../mesh/identity.js';
import type { CompiledRule, Condition } from '../../mesh/policies/compiled.js';
import { envoyMatchers } from '../../mesh/policies/envoy-matchers.js';
import { conditionHolds } from '../../mesh/policies/evaluate.js';
import { matches } from '../../mesh/policies/matcher.js';
import { known, unknown } from '../../mesh/truth.js';
import { see, type View } from '../../mesh/view.js';
import type { Workload } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import type { LintContext } from '../context.js';
import { isIdentity } from '../written.js';
import type { WrittenValue } from './written-values.js';

/** A workload outside the mesh, and whom its certificate would name. */
export interface Outsider {
  readonly workload: Workload;
  /** Its place among the callers. */
  readonly index: number;
  readonly identity: Identity;
}

export const outsidersOf = oncePerObject(({ mesh, callers }: LintContext): readonly Outsider[] =>
  callers.classes.flatMap(({ source, caller }, index) => {
    if (source.kind !== 'workload' || caller.identity !== null) return [];
    const at = mesh.clusters.get(source.cluster);
    const workload = at?.cluster.workloads.get(source.workload);
    if (at === undefined || workload === undefined) return [];
    const { namespace, serviceAccount } = workload;
    // Without its labels nobody knows whether a namespace is in the mesh, and that is told of the namespace.
    if (at.cluster.namespaces.get(namespace)?.object === undefined) return [];
    return [{ workload, index, identity: { trustDomain: at.cluster.settings.trustDomain, namespace, serviceAccount } }];
  }),
);

/** Whom a value names, if all of them are outside the mesh. */
export function onlyOutsiders(
  { callers }: LintContext,
  { subject: { at, policy }, test: { attribute }, value }: Pick<WrittenValue, 'subject' | 'test' | 'value'>,
  outsiders: readonly Outsider[],
): readonly Outsider[] {
  const { version } = at.cluster.settings.istio;
  const surroundings = { namespace: policy.namespace, trustDomains: at.trustDomains, version };
  const matchers = envoyMatchers(attribute, value, surroundings);
  const compared = attribute === 'source.namespace' ? 'source.principal' : attribute;
  if (matchers.some((matcher) => callers.matching(compared, matcher).possibly !== none)) return [];
  return outsiders.filter(({ workload, identity }) => {
    const shown = compared === 'source.principal' ? principalOf(identity) : accountOf(identity);
    return workload.cluster === at.cluster.name && matchers.some((matcher) => matches(matcher, shown) === 'yes');
  });
}

/** The rule for one caller whose identity is known: what it asks of the identity holds, or does not. */
export function asKnown({ clauses, place }: CompiledRule, identity: Identity): CompiledRule {
  const view: View = {
    principal: known(identity),
    sourceIp: unknown('the address of the caller'),
    remoteIp: unknown('the address of the caller'),
    destinationIp: unknown('the address of the pod'),
    serverName: unknown('the server name of the TLS handshake'),
    destinationPort: 0,
    http: undefined,
  };
  const holds = (condition: Condition) => conditionHolds(condition, see(view, condition.attribute)) === 'yes';
  return {
    place,
    clauses: clauses.map((clause) => ({
      ...clause,
      alternatives: clause.alternatives
        .filter(({ conditions }) => conditions.filter(isIdentity).every(holds))
        .map(({ conditions }) => ({ conditions: conditions.filter((condition) => !isIdentity(condition)) })),
    })),
  };
}
