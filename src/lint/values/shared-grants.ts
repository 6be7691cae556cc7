import { bit } from '../../algebra/bits.js';
import { boxSet, intersect } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceIn, evidenceOf, proofOf } from '../evidence.js';
import { type WrittenValue, writtenValues } from './written-values.js';

/** An ALLOW for one service account that workloads of different Services run as: all of them get in (§4.2). */
export function sharedGrants(context: LintContext): readonly Diagnostic[] {
  const running = [...context.mesh.clusters.values()].flatMap(({ cluster }) => [...cluster.workloads.values()]);
  const meshed = running.filter(({ mode }) => mode.plane !== 'none');
  const byAccount = groupBy(meshed, ({ cluster, namespace, serviceAccount }) => {
    return `${cluster}/${namespace}/${serviceAccount}`;
  });
  return (['source.principal', 'source.serviceAccount'] as const).flatMap((attribute) =>
    writtenValues(context, attribute, (value, { policy }, test) => {
      return policy.action === 'ALLOW' && test.values.includes(value) && !value.includes('*');
    }).flatMap((grant) => {
      const sharers = sharersOf(byAccount.get(accountIn(grant)) ?? []);
      const [first, second] = sharers;
      if (first === undefined || second === undefined) return [];
      const evidence = entryOf(context, grant, second);
      if (evidence === undefined) return [];
      const parameters = {
        policy: nameOf(grant.subject.policy),
        value: grant.value,
        first: keyOf(first),
        second: keyOf(second),
      };
      const law = 'a certificate names a namespace and a service account, and nothing else (istio-security §4.2)';
      return diagnostic('shared-grant', parameters, grant.span, proofOf(evidence, law));
    }),
  );
}

/** One workload for each group that shares no Service with another: versions of one Service are meant alike. */
function sharersOf(running: readonly Workload[]): readonly Workload[] {
  return running.filter(({ services }, index) =>
    running.slice(0, index).every((other) => !services.some((service) => other.services.includes(service))),
  );
}

/** `cluster/namespace/name` of the service account that a value names. */
function accountIn({ subject: { at, policy }, value }: WrittenValue): string {
  const [, namespace, name] = /^.*\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(value) ?? shortName(value, policy.namespace);
  return `${at.cluster.name}/${namespace}/${name}`;
}

function shortName(value: string, own: string): readonly string[] {
  const [first = '', second] = value.split('/');
  return second === undefined ? ['', own, first] : ['', first, second];
}

/** A request of the second workload that the grant lets in. */
function entryOf(context: LintContext, { subject }: WrittenValue, workload: Workload): Evidence | undefined {
  const { mesh, callers } = context;
  const own = callers.classes.findIndex(({ members, caller }) => {
    return caller.cluster === workload.cluster && members.includes(keyOf(workload));
  });
  if (own < 0) return undefined;
  return firstOf(subject.sites, ({ plan }) => {
    const comparison = compare(context, plan, plan);
    const requests = intersect(comparison.is.surely, boxSet(comparison.space.shape, new Map([[0, bit(own)]])));
    const found = evidenceIn(mesh, comparison, requests, 'allowed')?.request;
    const source = { kind: 'workload', cluster: workload.cluster, workload: keyOf(workload) } as const;
    return found && evidenceOf(mesh, { ...found, source }, 'allowed');
  });
}
