import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import type { Decision, Verdict } from '../../../src/mesh/decide/decision.js';
import { decide } from '../../../src/mesh/decide.js';
import { deploy } from '../../../src/mesh/deployed.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { tellingOfNetworkPolicies } from '../../../src/mesh/network-policies/telling.js';
import type { Request } from '../../../src/mesh/request.js';
import { proveOutput } from '../../../src/proof/prove-output.js';
import { oncePerObject } from '../../../src/util/once.js';
import { askedOf } from '../reading/asked.js';
import { wantedOutside } from '../reading/egress.js';
import { wantedAtGateway } from '../reading/gateways.js';
import { isSpokenTo, type Wanted, wantedOf } from '../reading/reading.js';
import type { Emitted } from './emitted.js';
import { isFuture, isFutureSource } from './future-workloads.js';
import type { Subject } from './subject.js';

/** What the proof says of an output. */
export type Judgement =
  | { readonly kind: 'refuted'; readonly decisions: readonly Decision[] }
  /** A cluster would not take it, or it is not even read. */
  | { readonly kind: 'refused' }
  /** Nothing is wrong, as far as the model goes. */
  | { readonly kind: 'proved'; readonly doubts: number };

export function judge(subject: Subject, files: readonly Emitted[]): Judgement {
  const { resolved, given } = subject;
  const { value: deployed, diagnostics: refused } = deploy(resolved.topology.mesh, given, files);
  const { value: proof, diagnostics: found } = proveOutput(resolved, deployed, 'just written');
  const diagnostics = [...refused, ...found];
  const decisions = [
    ...proof.differences.map(({ decision }) => decision),
    ...proof.unmentioned.flatMap(({ finding }) => ('after' in finding ? [finding.after] : [])),
    ...proof.egress.findings.flatMap(({ kind, decision }) =>
      kind !== 'unknown' && decision?.request.destination.kind === 'external' ? [decision] : [],
    ),
  ];
  if (decisions.length > 0) return { kind: 'refuted', decisions };
  if (hasErrors(diagnostics)) return { kind: 'refused' };
  const unjudged = proof.unmentioned.length + proof.egress.findings.length;
  return { kind: 'proved', doubts: proof.doubts.length + unjudged };
}

/** The mesh once some files are applied; what Ambit wrote before is pruned, as it is when it is proved. */
export function meshWith({ resolved, given }: Subject, files: readonly Emitted[]): Mesh {
  return deploy(resolved.topology.mesh, given, files).value.mesh;
}

/** One request in a mesh, with what the intents want of it. */
export interface Trial {
  readonly decision: Decision;
  readonly wanted: Wanted;
}

/** What is to be refused is to be refused without NetworkPolicies within the mesh, and what is allowed is to pass with them. */
export function tryOut(subject: Subject, mesh: Mesh, request: Request): Trial {
  if (!isSpokenTo(subject.resolved, request.destination)) return tryWithin(subject, mesh, request);
  const trial = tryWithin(subject, withoutNetworkPolicies(mesh), request);
  return trial.wanted === 'denied' ? trial : { ...trial, decision: decide(mesh, request) };
}

const withoutNetworkPolicies = oncePerObject(tellingOfNetworkPolicies);

function tryWithin(subject: Subject, mesh: Mesh, request: Request): Trial {
  const { resolved } = subject;
  const decision = decide(mesh, request);
  if (decision.way?.end.kind === 'passed on') {
    // Whoever names another host than the Service's own comes to its pods as nobody.
    const source = { kind: 'outside', name: 'anyone', ip: request.source.ip ?? '192.88.99.1' } as const;
    return { decision, wanted: tryWithin(subject, mesh, { ...request, source }).wanted };
  }
  const outside = wantedOutside(resolved, request);
  // What is opened is promised to the pods that manifests show.
  if (outside !== undefined) {
    const isUnpromised = outside === 'allowed' && isFutureSource(request.source);
    return { decision, wanted: isUnpromised || isAcceptedPastProxies(subject, decision) ? 'open' : outside };
  }
  const atGateway = wantedAtGateway(resolved, request);
  if (atGateway !== undefined) return { decision, wanted: atGateway };
  if (!isSpokenTo(resolved, request.destination)) {
    return { decision, wanted: isMeantToChange(subject, request) ? 'open' : asBefore(subject, request) };
  }
  if (isLeftToOthers(subject, decision)) return { decision, wanted: 'open' };
  const asked = askedOf(resolved, decision);
  const wanted = asked === undefined ? 'open' : wantedOf(resolved, asked, acceptsPlaintext(mesh, asked.workload));
  const isUnpromised = wanted === 'allowed' && isFuture(request.destination);
  return { decision, wanted: isUnpromised ? 'open' : wanted };
}

/** Where somebody answers for addresses outside, a host is as open as its address to whoever passes no proxy on the way. */
function isAcceptedPastProxies({ resolved: { egress } }: Subject, { trace }: Decision): boolean {
  const isAnsweredFor = egress.every(({ accept }) => accept.some(({ what }) => what === 'addressesOutside'));
  return isAnsweredFor && trace.every(({ hop: { point } }) => point.kind !== 'waypoint' && point.kind !== 'gateway');
}

/** Gateways open what routes are for, and what pods know of others is for reachability to say: both are proved by themselves. */
function isMeantToChange({ resolved }: Subject, { destination, source }: Request): boolean {
  const { gatewayTraffic, outsideHosts, reachability, topology } = resolved;
  const cluster = topology.clusters.find(({ name }) => name === destination.cluster);
  const called =
    'workload' in destination ? cluster?.workloads.get(destination.workload)?.mode.plane : destination.kind;
  const leadsOn = gatewayTraffic.length > 0 || outsideHosts.size > 0;
  return (called === 'gateway' && leadsOn) || (source.kind !== 'outside' && reachability.length > 0);
}

/** Whom policies of others admit to a workload that nobody has deployed yet is left to them. */
function isLeftToOthers({ given }: Subject, { request: { destination }, trace }: Decision): boolean {
  if (!isFuture(destination)) return false;
  const admitting = trace.flatMap(({ policies }) =>
    policies.filter(({ action, matched }) => action === 'ALLOW' && matched === 'yes'),
  );
  return admitting.some(({ policy }) => given.some(({ object }) => object === policy.object));
}

const meshesBefore = new WeakMap<Subject, Mesh>();

/**
 * Of whom no intent speaks, it is to be as it was. An address that is new was nothing before, and bytes that are no request
 * are promised nothing on a port that is declared for requests.
 */
function asBefore(subject: Subject, request: Request): Wanted {
  const before = meshesBefore.get(subject) ?? meshWith(subject, []);
  meshesBefore.set(subject, before);
  const { destination, payload } = request;
  const cluster = before.clusters.get(destination.cluster)?.cluster;
  if (destination.kind === 'gateway' && !cluster?.gateways.has(destination.gateway)) return 'open';
  if (destination.kind === 'service') {
    const service = cluster?.services.get(destination.service);
    const port = service?.ports.find(({ number }) => number === destination.port);
    if (port === undefined || (port.layer === 'http' && payload.kind === 'tcp')) return 'open';
  }
  const { verdict } = decide(before, request);
  if (verdict.kind === 'not-modelled' || (leadsByRoutes(subject) && isLedElsewhere(verdict))) return 'open';
  return verdict.kind;
}

/** Routes of settings bring to a Service what was for another before: that is proved by itself. */
function leadsByRoutes({ resolved: { traffic } }: Subject): boolean {
  return traffic.some(({ routes }) => routes.length > 0);
}

function isLedElsewhere(verdict: Verdict): boolean {
  return verdict.kind === 'denied' && verdict.response === 'no-path';
}

/** Whether the mesh does the opposite of what the intents want. */
export function isWrong({ decision: { verdict }, wanted }: Trial): boolean {
  const other = verdict.kind === 'allowed' ? 'denied' : verdict.kind === 'denied' ? 'allowed' : undefined;
  return other !== undefined && (wanted === other || wanted === 'another way');
}

/**
 * Whether routes answer the request, or lead it to other pods alone. Nothing is owed to it then: a proof does not miss it.
 * What Ambit emits is held to more, and brings it to its pods.
 */
export function isLedAway({ decision: { request, ways = [] } }: Trial): boolean {
  const { destination } = request;
  if (destination.kind !== 'service' || ways.length === 0) return false;
  return ways.every(
    ({ end }) =>
      end.kind === 'answer' ||
      end.kind === 'external' ||
      (end.kind === 'pods' && !end.workloads.includes(destination.workload)),
  );
}

/** Plaintext is accepted where no PeerAuthentication is looked up at all. */
function acceptsPlaintext({ clusters }: Mesh, { cluster, namespace }: { cluster: string; namespace: string }): boolean {
  const at = clusters.get(cluster);
  return [at?.rootNamespace ?? '', namespace].every((name) => (at?.peerAuthentication.get(name) ?? []).length === 0);
}
