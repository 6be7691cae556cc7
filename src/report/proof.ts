import { rangeOf } from '../diagnostics/position.js';
import type { Difference } from '../proof/difference.js';
import type { OutputProof } from '../proof/prove-output.js';
import type { UnmentionedFinding } from '../proof/unmentioned/prove-unmentioned.js';
import { keyOf } from '../topology/model.js';
import type { acceptedToJson } from './json.js';
import type { LookedAt } from './looked-at.js';
import { otherwiseIn, unknownCuts } from './otherwise.js';
import type { Proved } from './proved.js';
import { knownForPrograms } from './reachability.js';
import { counted } from './words.js';

/** The answer in a line: what was compared, and whether it is the same. What is undecided may be accepted. */
export function proofToText(proof: OutputProof, isUndecided = false): string {
  const { workloads, lanes, gateways, traffic, endpoints, telemetry, limits, reachability } = proof;
  const { subjects } = traffic;
  const routed = subjects.length === 0 ? '' : `, routes of ${counted(subjects.length, 'host')}`;
  const kept = endpoints.services === 0 ? '' : `, settings of ${counted(endpoints.services, 'Service')}`;
  const limited = limitsInWords(limits);
  const recorded = telemetry.recorders === 0 ? '' : `, records of ${counted(telemetry.recorders, 'proxy')}`;
  const called = gateways.gateways === 0 ? '' : `, ${counted(gateways.gateways, 'gateway')}`;
  const reached = reachability.workloads === 0 ? '' : `, reach of ${counted(reachability.workloads, 'workload')}`;
  const leaving = leavingIn(proof);
  const left = leaving === 0 ? '' : `, calls outside of ${counted(leaving, 'workload')}`;
  const ofOthers = `${called}${routed}${kept}${limited}${recorded}${reached}${left}`;
  const compared = `${counted(workloads, 'workload')}, ${counted(lanes, 'way')} in${ofOthers}`;
  const found = differencesIn(proof);
  if (found > 0) return `not the same: ${counted(found, 'difference')} (${compared})\n`;
  const limitedPlaces = limits.services.length + limits.atGateways.gateways.length;
  const ofProxies = gateways.gateways + limitedPlaces + telemetry.recorders + reachability.workloads + leaving;
  if (workloads + subjects.length + endpoints.services + ofProxies === 0)
    return 'nothing to prove: the intents speak of no workload\n';
  const tooLarge = tooLargeIn(proof).length;
  if (tooLarge > 0) return `not decided: ${counted(tooLarge, 'policy')} too large to be judged (${compared})\n`;
  const word = isUndecided ? 'undecided' : 'proved';
  return `${word}: every request is treated as the intents say${undecidedIn(proof)} (${compared})\n`;
}

function limitsInWords({ services, atGateways: { gateways } }: OutputProof['limits']): string {
  const ofServices = services.length === 0 ? '' : `, limits of ${counted(services.length, 'Service')}`;
  return `${ofServices}${gateways.length === 0 ? '' : `, limits of ${counted(gateways.length, 'gateway')}`}`;
}

/** How many things are not as the intents say, or change for those of whom no intent speaks. */
function differencesIn(proof: OutputProof): number {
  const { differences, unmentioned } = proof;
  const ofAccess = differences.length + changesIn(unmentioned).length + ofGateways(proof).length;
  return ofAccess + ofTraffic(proof) + otherwiseIn(proof).length;
}

function ofGateways({ gateways }: OutputProof) {
  return gateways.findings.flatMap((finding) => ('decision' in finding ? [finding] : []));
}

function ofTraffic({ traffic, endpoints, reachability, telemetry, limits, egress }: OutputProof): number {
  const otherwise = traffic.listeners.length + traffic.deviating.length + endpoints.deviating.length;
  const missing = reachability.known.flatMap(({ missingProviders }) => missingProviders);
  const { deviating, unasked, atGateways } = limits;
  const miscounted = [...deviating, ...unasked, ...atGateways.deviating, ...atGateways.unasked].length;
  return (
    otherwise +
    reachability.hidden.length +
    missing.length +
    telemetry.deviating.length +
    miscounted +
    differing(egress).length
  );
}

function differing({ findings }: OutputProof['egress']) {
  return findings.filter(({ kind }) => kind !== 'unknown');
}

/** How many workloads that are there now. */
function leavingIn({ egress: { subjects } }: OutputProof): number {
  return subjects.filter((each) => !each.isFuture).length;
}

/** The workloads of which settings say what they may call outside the mesh, and what they can call otherwise. */
function egressToJson({ egress }: OutputProof) {
  const toJson = ({ kind, subject, what, decision }: OutputProof['egress']['findings'][number]) => ({
    kind,
    workload: subject.title,
    cluster: subject.at.cluster.name,
    calls: what.replaceAll('`', ''),
    because: decision?.because ?? null,
  });
  return {
    differences: differing(egress).map(toJson),
    notModelled: egress.findings.filter(({ kind }) => kind === 'unknown').map(toJson),
  };
}

/** Where nobody can say: a proof never covers what the model does not know. */
function undecidedIn(proof: OutputProof): string {
  const { doubts } = proof;
  const facts = factsIn(proof);
  const where = [
    ...(doubts.some(({ isCrossing }) => isCrossing) ? ['for some callers in other clusters'] : []),
    ...(facts === 0 ? [] : [`where ${counted(facts, 'fact')} ${facts === 1 ? 'is' : 'are'} not modelled`]),
  ];
  return where.length === 0 ? '' : `, undecided ${where.join(' and ')}`;
}

function factsIn({
  doubts,
  cuts,
  unmentioned,
  gateways,
  traffic,
  endpoints,
  reachability,
  telemetry,
  limits,
  egress,
}: OutputProof): number {
  const atGateways = [...gateways.findings, ...gateways.through].flatMap((each) =>
    each.kind === 'doubt' ? [each] : [],
  );
  const ofLimits = [...limits.open, ...limits.atGateways.open];
  const ofRoutes = new Set(
    [...atGateways, ...traffic.open, ...endpoints.open, ...reachability.open, ...telemetry.open, ...ofLimits].map(
      ({ fact }) => fact,
    ),
  ).size;
  const leaving = egress.findings.filter(({ kind }) => kind === 'unknown').length;
  const ofAccess = doubts.filter(({ isCrossing }) => !isCrossing).length + doubtsIn(unmentioned).length;
  return ofAccess + unknownCuts({ cuts }).length + ofRoutes + leaving;
}

/** A proof for a program, as a JSON document. */
export function proofToJson(
  proof: OutputProof,
  accepted: ReturnType<typeof acceptedToJson> = [],
  seen?: LookedAt,
  counts?: Proved,
): string {
  const beside = { accepted, ...(seen && { lookedAt: seen }), ...(counts && { counts }) };
  return `${JSON.stringify({ ...proofForPrograms(proof), ...beside }, null, 2)}\n`;
}

/** A proof for a program. Fields are only ever added. */
export function proofForPrograms(proof: OutputProof) {
  const { workloads, lanes, differences, doubts, unmentioned, traffic, endpoints, reachability, telemetry, limits } =
    proof;
  const undecided = tooLargeIn(proof);
  const changes = changesIn(unmentioned);
  return {
    proved: differencesIn(proof) + undecided.length + factsIn(proof) === 0,
    workloads,
    waysIn: lanes,
    differences: differences.map(differenceToJson),
    otherwise: otherwiseIn(proof).map(({ isFuture: _, ...each }) => each),
    changesForOthers: changes,
    comparesOthers: proof.comparesUnmentioned,
    notModelled: doubts.map(({ fact, demands }) => ({
      fact,
      workloads: demands.map(({ workload }) => ({ cluster: workload.cluster, name: keyOf(workload) })),
    })),
    notModelledForOthers: doubtsIn(unmentioned),
    undecided,
    networkPolicies: { notModelled: [...new Set(unknownCuts(proof).map(({ network }) => network.because))] },
    gateways: gatewaysToJson(proof),
    routes: routesToJson(traffic),
    endpoints: endpointsToJson(endpoints),
    reachability: knownForPrograms(reachability),
    telemetry: telemetryToJson(telemetry),
    limits: limitsToJson(limits),
    egress: { of: leavingIn(proof), ...egressToJson(proof) },
  };
}

/** The gateways of which settings say who may call them, and what they let through or refuse otherwise. */
function gatewaysToJson(proof: OutputProof) {
  const { gateways, findings, through } = proof.gateways;
  return {
    of: gateways,
    differences: ofGateways(proof).map(({ kind, security, requests, witness, origin }) => ({
      kind,
      cluster: security.gateway.cluster,
      gateway: keyOf(security.gateway),
      intent: origin?.id ?? null,
      requests,
      witness,
    })),
    notModelled: [...new Set([...findings, ...through].flatMap((each) => (each.kind === 'doubt' ? [each.fact] : [])))],
  };
}

/** The Services and Gateways of traffic settings, and how many kinds of requests to them were compared. */
function routesToJson({ subjects, classes, listeners, deviating, open }: OutputProof['traffic']) {
  return {
    of: subjects.length,
    requests: classes,
    differences: deviating.map(({ asked: { at, name }, entry, witness, deviations }) => ({
      cluster: at.cluster.name,
      name,
      intent: entry.route?.origin.id ?? null,
      witness,
      differences: deviations.map(({ aspect, meant, found }) => ({
        what: aspect,
        meant,
        found: found.known ? found.value : null,
      })),
    })),
    listeners: listeners.map(({ planned, lacking, beside }) => ({
      cluster: planned.cluster,
      gateway: keyOf(planned),
      lacking: lacking.map(({ name, words }) => ({ intent: `${planned.origin.id}/${name.value}`, listener: words })),
      beside,
    })),
    notModelled: [...new Set(open.map(({ fact }) => fact))],
  };
}

/** The Services of which settings say how their pods are called, and what proxies keep to otherwise. */
function endpointsToJson({ services, deviating, open }: OutputProof['endpoints']) {
  return {
    services,
    differences: deviating.map(({ asked: { destination, port }, version, deviations }) => ({
      cluster: destination.cluster,
      service: keyOf(destination),
      port: port.number,
      version: version ?? null,
      differences: deviations.map(({ field, meant, found }) => ({
        what: field,
        meant,
        found: found.known ? found.value : null,
      })),
    })),
    notModelled: [...new Set(open.map(({ fact }) => fact))],
  };
}

/** The Services and gateways whose requests are limited, and the proxies that count otherwise. */
function limitsToJson({ services, deviating, open, atGateways }: OutputProof['limits']) {
  return {
    services: services.length,
    differences: deviating.map(({ service, proxy, meant, found }) => ({
      cluster: service.cluster,
      service: keyOf(service),
      at: proxy.replaceAll('`', ''),
      meant,
      found,
    })),
    ...(atGateways.gateways.length > 0 && {
      gateways: atGateways.gateways.length,
      differencesAtGateways: atGateways.deviating.map(({ gateway, meant, found }) => ({
        cluster: gateway.cluster,
        gateway: keyOf(gateway),
        meant,
        found,
      })),
    }),
    notModelled: [...new Set([...open, ...atGateways.open].map(({ fact }) => fact))],
  };
}

/** The proxies of which settings say what they record, and what they record otherwise. */
function telemetryToJson({ recorders, deviating, open }: OutputProof['telemetry']) {
  return {
    of: recorders,
    differences: deviating.map(({ recorder: { at, point, subject }, deviations }) => ({
      cluster: at.cluster.name,
      at: point.kind,
      name: subject,
      differences: deviations.map(({ field, meant, found }) => ({ what: field, meant, found })),
    })),
    notModelled: [...new Set(open.map(({ fact }) => fact))],
  };
}

/** What is treated otherwise of those of whom no intent speaks. */
function changesIn(unmentioned: readonly UnmentionedFinding[]) {
  return unmentioned.flatMap(({ finding, place, others }) => {
    if (finding.kind === 'unjudged' || finding.kind === 'too-large') return [];
    const { kind, requests, witness, before, after } = finding;
    const [was, is] = [before, after].map(({ verdict, because }) => ({ verdict: verdict.kind, because }));
    return [{ kind, cluster: place.cluster, name: keyOf(place), others, requests, witness, before: was, after: is }];
  });
}

/** What nobody can say of those of whom no intent speaks. */
function doubtsIn(unmentioned: readonly UnmentionedFinding[]) {
  return unmentioned.flatMap(({ finding, place, others }) =>
    finding.kind === 'unjudged' ? [{ fact: finding.fact, cluster: place.cluster, name: keyOf(place), others }] : [],
  );
}

/** The policies that made a question too large. */
function tooLargeIn({ undecided, unmentioned, gateways }: OutputProof) {
  const called = [...gateways.findings, ...gateways.through].flatMap(({ kind, security }) =>
    kind === 'too-large' ? [{ policy: undefined, workloads: [security.gateway] }] : [],
  );
  const others = unmentioned.flatMap(({ finding, place }) =>
    finding.kind === 'too-large' ? [{ policy: finding.policy, workloads: [place] }] : [],
  );
  const own = undecided.map(({ policy, demands }) => ({ policy, workloads: demands.map(({ workload }) => workload) }));
  return [...own, ...called, ...others].map(({ policy, workloads }) => ({
    policy: policy === undefined ? null : keyOf(policy),
    workloads: workloads.map((workload) => ({ cluster: workload.cluster, name: keyOf(workload) })),
  }));
}

function differenceToJson({ kind, demand: { workload }, requests, witness, decision, cause }: Difference) {
  return {
    kind,
    cluster: workload.cluster,
    workload: keyOf(workload),
    requests,
    witness,
    verdict: decision.verdict.kind,
    because: decision.because,
    intent: cause.id === '' ? null : cause.id,
    file: cause.span?.file.path ?? null,
    line: cause.span === null ? null : rangeOf(cause.span).start.line,
  };
}
