import { policySet } from '../../algebra/gate-sets.js';
import { constantsOf } from '../../algebra/lane.js';
import { intersect } from '../../algebra/request-set.js';
import { realRequests } from '../../algebra/universe.js';
import { witnessOf } from '../../algebra/witness.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import type { FutureWorkload } from '../../mesh/request.js';
import { isWithin, type Path } from '../../parse/document.js';
import { firstOf, type LintContext } from '../context.js';
import { type Evidence, evidenceOf } from '../evidence.js';
import type { Site } from '../sites.js';
import { commonWishes, withWishes } from '../wishes.js';
import { withoutIdentities } from '../written.js';
import type { WrittenValue } from './written-values.js';

type Account = Pick<FutureWorkload, 'namespace' | 'serviceAccount'>;

/** A request of whoever will once have the identity that an ALLOW names: it gets in, and nobody has it today. */
export function futureCallerIn(context: LintContext, grant: WrittenValue): Evidence | undefined {
  const { subject, test, value } = grant;
  const account = accountIn(grant);
  if (subject.policy.action !== 'ALLOW' || !test.values.includes(value) || account === undefined) return undefined;
  return firstOf(subject.sites, (site) => entryOf(context, grant, account, site));
}

/** Whom a value without wildcards names. */
function accountIn({ subject: { policy }, test: { attribute }, value }: WrittenValue): Account | undefined {
  if (value.includes('*')) return undefined;
  const [first = '', second] = value.split('/');
  if (attribute === 'source.namespace') return { namespace: value, serviceAccount: 'anybody' };
  if (attribute === 'source.serviceAccount') {
    return second === undefined
      ? { namespace: policy.namespace, serviceAccount: first }
      : { namespace: first, serviceAccount: second };
  }
  const [, namespace, serviceAccount] = /^[^/]*\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(value) ?? [];
  return namespace === undefined || serviceAccount === undefined ? undefined : { namespace, serviceAccount };
}

/** What else the rule asks for is taken from the rule itself. */
function entryOf(
  context: LintContext,
  { subject, test }: WrittenValue,
  account: Account,
  { at, plan }: Site,
): Evidence | undefined {
  const space = context.spaceOf(withWishes(constantsOf(context.mesh, plan), commonWishes));
  const gates = plan.ways.flatMap((way) => way.gates);
  return firstOf(gates, (gate) => {
    const held = gate.enforcement.policies.find(({ policy }) => policy === subject.policy);
    if (held === undefined) return undefined;
    const requests = policySet(forAnyone(held, test.place), { ...gate, space }, 'surely');
    const request = witnessOf(space, plan.lane, intersect(realRequests(context.mesh, space), requests));
    const speaks = gate.hop.point.kind === 'sidecar' ? 'sidecar' : 'ambient';
    const source: FutureWorkload = { kind: 'future', cluster: at.cluster.name, speaks, ...account };
    return request && evidenceOf(context.mesh, { ...request, source }, 'allowed');
  });
}

/** The rule around a place, whoever calls. */
function forAnyone(policy: CompiledPolicy, place: Path): CompiledPolicy {
  return { ...policy, rules: policy.rules.filter((rule) => isWithin(place, rule.place)).map(withoutIdentities) };
}
