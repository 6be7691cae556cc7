import type { Gate, LanePlan } from '../../algebra/lane.js';
import { isEmpty } from '../../algebra/request-set.js';
import { type Details, diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Note } from '../../diagnostics/diagnostic.js';
import { isHttpAttribute } from '../../mesh/fields.js';
import type { Rule, Test } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { shownBy } from '../causes/shown.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import type { Site } from '../sites.js';
import { testsOf } from '../written.js';
import { connectionsOf } from './blind.js';

/**
 * An ALLOW rule that asks for more than a connection has, and is dropped where there are only connections (§2.5): on a
 * TCP port that it names, or at pods all of whose ports are TCP, so that it admits nobody there.
 */
export function allowRulesLostOnTcp(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'ALLOW')
    .flatMap((subject) =>
      subject.policy.rules.flatMap((rule) => {
        const lost = testsOf(rule).find(({ attribute }) => isHttpAttribute(attribute));
        if (lost === undefined) return [];
        return onNamedPort(context, subject, rule, lost) ?? onEveryPort(context, subject, rule, lost) ?? [];
      }),
    );
}

function onNamedPort(context: LintContext, subject: PolicyInMesh, rule: Rule, lost: Test): Diagnostic | undefined {
  const isNamed = (gate: Gate) => namesPort(rule, gate);
  const sites = subject.sites.filter(({ plan }) => {
    return plan.lane.payload === 'tcp' && plan.ways.some(({ gates }) => gates.some(isNamed));
  });
  const evidence = shownBy(
    context,
    { kind: 'reading', plane: 'tcp', rule: rule.place },
    { sites, effects: ['refused'], meantAt: (site) => ifReadAt(subject, rule, site, isNamed) },
  );
  return evidence && finding(subject, lost, evidence, {});
}

/** A rule for several workloads may be meant for the others alone, unless nobody at all gets in here, and nobody says so. */
function onEveryPort(context: LintContext, subject: PolicyInMesh, rule: Rule, lost: Test): Diagnostic | undefined {
  const groups = [...groupBy(subject.sites, placeOf).values()];
  const blind = groups.filter((sites) => sites.every(({ plan }) => plan.lane.payload === 'tcp'));
  const meant = blind.length === groups.length ? blind : blind.filter((sites) => isShut(context, sites));
  return firstOf(meant.flat(), (site) => {
    const evidence = shownBy(
      context,
      { kind: 'reading', plane: 'tcp', rule: rule.place },
      { sites: [site], effects: ['refused'], meantAt: () => ifReadAt(subject, rule, site, () => true) },
    );
    return evidence && finding(subject, lost, evidence, { help: helpAt(site), notes: tlsOf(site) });
  });
}

/** Each listener of a gateway is a place of its own. */
function placeOf(site: Site): string {
  return isListener(site) ? `${site.addressed} ${site.podPort}` : site.addressed;
}

function isListener({ plan }: Site): boolean {
  return plan.lane.destination.kind === 'gateway';
}

/** Whether nobody gets in, although no policy says just that. */
function isShut(context: LintContext, sites: readonly Site[]): boolean {
  const gates = sites.flatMap(({ plan }) => plan.ways.flatMap((way) => way.gates));
  const isMeant = gates.some(({ enforcement }) =>
    enforcement.policies.some(({ action, policy, rules, lost }) => {
      return action === 'ALLOW' && policy.kind === 'AuthorizationPolicy' && rules.length + lost.length === 0;
    }),
  );
  return !isMeant && sites.every(({ plan }) => isEmpty(compare(context, plan, plan).is.possibly));
}

function helpAt(site: Site): string {
  return isListener(site)
    ? `ask for callers only, or admit this listener by a rule of its own: \`ports: ["${site.podPort}"]\``
    : 'ask for callers only, or declare the port as HTTP if it is';
}

function tlsOf(site: Site): readonly Note[] {
  const { behind } = site;
  if (behind === undefined || isListener(site) || !['https', 'tls'].includes(behind.port.protocol)) return [];
  const { service, port } = behind;
  return [{ message: `port ${port.number} of Service \`${keyOf(service)}\` carries TLS that only its pods can read` }];
}

/** The way in if the gates of TCP ports let in the connections of whom the rule names. */
function ifReadAt(
  { policy, forms }: PolicyInMesh,
  rule: Rule,
  { plan }: Site,
  isMeant: (gate: Gate) => boolean,
): LanePlan {
  const connections = connectionsOf(forms, rule);
  return withPolicy(plan, policy, (compiled, gate) => {
    if (gate.hop.point.kind === 'ztunnel' || !isMeant(gate)) return compiled;
    return { ...compiled, rules: [...compiled.rules, ...connections] };
  });
}

function namesPort(rule: Rule, { hop }: Gate): boolean {
  return testsOf(rule).some(
    ({ attribute, values }) => attribute === 'destination.port' && values.includes(String(hop.port)),
  );
}

function finding({ policy }: PolicyInMesh, lost: Test, evidence: Evidence, { help, notes = [] }: Details): Diagnostic {
  const law = `\`${lost.field}\` needs a request, and on a TCP port there is none (istio-security §2.5)`;
  const proof = proofOf(evidence, law);
  return diagnostic('allow-rule-lost-on-tcp', { policy: nameOf(policy) }, spanIn(policy.object, lost.place), {
    ...proof,
    notes: [...(proof.notes ?? []), ...notes],
    ...(help !== undefined && { help }),
  });
}
