import { indexesOf } from '../../algebra/bits.js';
import type { CallerClass } from '../../algebra/callers.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { outboundCapture } from '../../mesh/paths/capture.js';
import { outboundTo } from '../../mesh/paths/outbound.js';
import { envoyMatchers } from '../../mesh/policies/envoy-matchers.js';
import { keyOf } from '../../topology/model.js';
import { allSpeakMutualTls } from '../../topology/tls-mode.js';
import { type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceOf, proofOf } from '../evidence.js';
import type { Served, Site } from '../sites.js';
import { onlyOutsiders, outsidersOf } from './outsiders.js';
import { type WrittenValue, writtenValues } from './written-values.js';

/**
 * A caller whom an ALLOW rule names, and who never comes as itself: what brings it shows no certificate, so that mutual TLS
 * or the rule refuses it. Whom a DestinationRule shuts out is told of that rule.
 */
export function callersShutOut(context: LintContext): readonly Diagnostic[] {
  const attributes = ['source.principal', 'source.serviceAccount', 'source.namespace'] as const;
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, isGranted).flatMap((written) => {
      const found = shutOut(context, written);
      if (found === undefined) return [];
      const { cause, help, evidence, site } = found;
      const parameters = { policy: nameOf(written.subject.policy), value: written.value, workload: site.addressed };
      const law =
        'identities come from certificates, which only mutual TLS and HBONE carry (istio-security §1.3, §5.1)';
      return diagnostic('caller-shut-out', parameters, written.span, { ...proofOf(evidence, law, cause), help });
    }),
  );
}

function isGranted(value: string, { policy }: WrittenValue['subject'], { values }: WrittenValue['test']): boolean {
  return policy.action === 'ALLOW' && value !== '*' && values.includes(value);
}

interface ShutOut {
  readonly cause: string;
  readonly help: string;
  readonly evidence: Evidence;
  readonly site: Site;
}

/** Nothing, unless all whom the value names are shut out of every Service before what the policy is enforced at. */
function shutOut(context: LintContext, written: WrittenValue): ShutOut | undefined {
  const sites = written.subject.sites.filter(({ plan }) => plan.lane.destination.kind === 'service');
  let first: ShutOut | undefined;
  for (const caller of callersNamed(context, written)) {
    for (const site of sites) {
      const found = shutOutAt(context, caller, site);
      if (found === undefined) return undefined;
      first ??= found;
    }
  }
  return first;
}

function callersNamed(context: LintContext, written: WrittenValue): readonly CallerClass[] {
  const { callers } = context;
  const { subject, test, value } = written;
  const outside = onlyOutsiders(context, written, outsidersOf(context)).map(({ index }) => index);
  const surroundings = {
    namespace: subject.policy.namespace,
    trustDomains: subject.at.trustDomains,
    version: subject.at.cluster.settings.istio.version,
  };
  const compared = test.attribute === 'source.namespace' ? 'source.principal' : test.attribute;
  const matching = envoyMatchers(test.attribute, value, surroundings).flatMap((matcher) =>
    indexesOf(callers.matching(compared, matcher).possibly),
  );
  return [...new Set([...outside, ...matching])].flatMap((index) => callers.classes[index] ?? []);
}

function shutOutAt(context: LintContext, named: CallerClass, site: Site): ShutOut | undefined {
  const reason = site.behind && (reasonOfSidecar(named, site, site.behind) ?? reasonOutside(context, named));
  if (reason === undefined) return undefined;
  const { destination, payload } = site.plan.lane;
  const request = {
    source: named.source,
    destination,
    payload: payload === 'tcp' ? ({ kind: 'tcp' } as const) : anyRequest,
  };
  const evidence = evidenceOf(context.mesh, request, 'denied');
  if (evidence === undefined || (named.caller.identity === null && !isRefusedByMutualTls(evidence))) return undefined;
  return { ...reason, evidence, site };
}

const anyRequest = { kind: 'http', method: 'GET', path: '/', host: 'any', headers: {} } as const;

type Reason = Pick<ShutOut, 'cause' | 'help'>;

/** Why the sidecar of a caller brings no certificate to a Service. */
function reasonOfSidecar({ caller }: CallerClass, { at }: Site, { service, port }: Served): Reason | undefined {
  const { speaks, scopes = [], partlyCaptured } = caller;
  if (speaks !== 'sidecar') return undefined;
  const name = keyOf(service);
  if (partlyCaptured !== undefined && outboundCapture(partlyCaptured, port.number) === false) {
    const cause = `\`${keyOf(partlyCaptured)}\` keeps port ${port.number} from its sidecar (§2.8)`;
    return { cause, help: 'let the sidecar take the port: change the annotation that leaves it out' };
  }
  const sent = outboundTo(caller, { ...service, port });
  if (sent !== 'known' && (sent === 'passed on' || sent.kind === 'no-path')) {
    const [scope] = scopes;
    const { namespace } = service;
    if (at.cluster.namespaces.get(namespace)?.isWatched === false) {
      const cause = `istiod does not watch namespace \`${namespace}\`, so no proxy is told of \`${name}\` (§9.2)`;
      return { cause, help: `give namespace \`${namespace}\` the labels that \`discoverySelectors\` ask for` };
    }
    return scope === undefined || !isExported(service.exportTo)
      ? {
          cause: `\`${name}\` is not exported to the caller (§4.5)`,
          help: `export \`${name}\` to the namespace of the caller`,
        }
      : {
          cause: `Sidecar \`${scope.name}\` does not import \`${name}\` (§2.9)`,
          help: `add \`${service.namespace}/${service.host}\` to \`egress.hosts\` of Sidecar \`${scope.name}\``,
        };
  }
  if (!service.headless || allSpeakMutualTls(at.cluster, service)) return undefined;
  const cause = `a sidecar opens no tunnel to \`${name}\`, which has no virtual IP (§5.5)`;
  return { cause, help: 'call the pods through a Service with a virtual IP, or give sidecars to all of them' };
}

function isExported(exportTo: readonly string[] | undefined): boolean {
  return exportTo === undefined || exportTo.includes('*');
}

function reasonOutside(context: LintContext, { source }: CallerClass): Reason | undefined {
  const outsider = outsidersOf(context).find(({ index }) => context.callers.classes[index]?.source === source);
  if (outsider === undefined) return undefined;
  const { workload } = outsider;
  const name = keyOf(workload);
  const cause = `\`${name}\` is outside the mesh: ${workload.mode.because} (${workload.mode.fact})`;
  return { cause, help: `enrol \`${name}\` in the mesh, or let plaintext in on this port and name its address` };
}

/** What policies say of whoever shows no certificate is another finding. */
function isRefusedByMutualTls({ trace }: Evidence): boolean {
  const last = trace.at(-1);
  if (last?.outcome.kind !== 'denied') return false;
  return (
    last.policies.length === 0 ||
    last.policies.some(({ policy, matched }) => policy.kind === 'PeerAuthentication' && matched === 'yes')
  );
}
