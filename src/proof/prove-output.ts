import type { Result } from '../diagnostics/diagnostic.js';
import { isOwn } from '../mesh/applied.js';
import type { Deployed } from '../mesh/deployed.js';
import { type Mesh, readMesh } from '../mesh/mesh.js';
import { unjudgedCrossings } from '../mesh/paths/crossing.js';
import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved-intents.js';
import type { Topology } from '../topology/model.js';
import { isAmong, sortOut } from '../topology/objects-by-namespace.js';
import { computeAnew, type Recall } from '../util/memory.js';
import type { EgressProof } from './egress/finding.js';
import { proveEgress } from './egress/prove-egress.js';
import { egressDiagnostics } from './egress/report.js';
import { type EndpointProof, proveEndpoints } from './endpoints/prove-endpoints.js';
import { endpointDiagnostics } from './endpoints/report.js';
import { type GatewayProof, proveGateways } from './gateways/prove-gateways.js';
import { gatewayDiagnostics } from './gateways/report.js';
import { type HostDeviation, proveHosts } from './hosts/prove-hosts.js';
import { refusedCallers } from './hosts/refused-callers.js';
import { hostDiagnostics, refusedDiagnostics } from './hosts/report.js';
import { type LimitProof, proveLimits } from './limits/prove-limits.js';
import { limitDiagnostics } from './limits/report.js';
import { type LetIn, letInByCompanions } from './network-policies/let-in.js';
import { cutDiagnostics, letInDiagnostics } from './network-policies/report.js';
import { type Proof, type ProofOptions, prove } from './prove.js';
import { proveReachability, type ReachabilityProof } from './reachability/prove-reachability.js';
import { reachabilityDiagnostics } from './reachability/report.js';
import { proofDiagnostics, type Surroundings } from './report.js';
import { proveTelemetry, type TelemetryProof } from './telemetry/prove-telemetry.js';
import { telemetryDiagnostics } from './telemetry/report.js';
import { proveTraffic, type TrafficProof } from './traffic/prove-traffic.js';
import { trafficDiagnostics } from './traffic/report.js';
import { proveUnmentioned, type UnmentionedFinding } from './unmentioned/prove-unmentioned.js';
import { unmentionedDiagnostics } from './unmentioned/report.js';

/** A proof, with what changes for those of whom the intents do not speak. */
export interface OutputProof extends Proof {
  readonly gateways: GatewayProof;
  readonly traffic: TrafficProof;
  readonly endpoints: EndpointProof;
  readonly reachability: ReachabilityProof;
  readonly telemetry: TelemetryProof;
  readonly limits: LimitProof;
  readonly egress: EgressProof;
  /** Pods that NetworkPolicies let in, and no rule allows. */
  readonly letIn: readonly LetIn[];
  /** Hosts that are not made known as their settings say. */
  readonly hosts: readonly HostDeviation[];
  readonly unmentioned: readonly UnmentionedFinding[];
  /** Whether these were compared: in manifests alone there is no state before. */
  readonly comparesUnmentioned: boolean;
}

/**
 * Proves that an output means what the intents say, once it is applied, and changes nothing else: one that was just written,
 * or one that lies there.
 */
export function proveOutput(
  resolved: Resolved,
  { given, mesh }: Deployed,
  age: 'just written' | 'lies there',
  { before = () => resolved.topology, ...aids }: ProofOfOutput = {},
): Result<OutputProof> {
  const { recall = computeAnew } = aids;
  const isExisting = isAmong(sortOut(given, recall));
  const isEmitted = (object: ManifestObject) => !isExisting(object);
  const { value: proof, diagnostics } = proveMesh(resolved, mesh, {
    isExisting,
    isEmitted,
    isJustWritten: age === 'just written' ? isEmitted : nothing,
    ...aids,
  });
  const unmentioned = proveUnmentioned(resolved, { before: () => pruned(before(), recall), after: mesh }, recall);
  return {
    value: { ...proof, unmentioned, comparesUnmentioned: true },
    diagnostics: [...diagnostics, ...unmentionedDiagnostics(unmentioned, isEmitted)],
  };
}

/** Proves that manifests mean what the intents say, whoever wrote them: none of them is excused for having been there. */
export function proveManifests(
  resolved: Resolved,
  topology: Topology,
  aids: Pick<ProofAids, 'progress'> = {},
): Result<OutputProof> {
  const { value: mesh, diagnostics: refused } = readMesh(topology);
  const { value: proof, diagnostics } = proveMesh(resolved, mesh, {
    isExisting: nothing,
    isEmitted: nothing,
    isJustWritten: nothing,
    ...aids,
  });
  return {
    value: { ...proof, unmentioned: [], comparesUnmentioned: false },
    diagnostics: [...refused, ...diagnostics],
  };
}

const nothing = () => false;

export interface ProofOfOutput extends ProofAids {
  /** The deployment as it is given, where it is another one by now than the intents are bound to. */
  readonly before?: (() => Topology) | undefined;
}

/** What makes no difference to what is found. */
type ProofAids = Pick<ProofOptions, 'recall' | 'progress' | 'earlier'>;

interface Origins extends ProofAids, Pick<ProofOptions, 'isExisting'>, Pick<Surroundings, 'isEmitted'> {
  readonly isJustWritten: Surroundings['isEmitted'];
}

function proveMesh(
  resolved: Resolved,
  mesh: Mesh,
  { isExisting, isEmitted, isJustWritten, ...aids }: Origins,
): Result<Omit<OutputProof, 'unmentioned' | 'comparesUnmentioned'>> {
  const proof = prove(mesh, resolved, { isExisting, ...aids });
  const crossings = proof.workloads > 0 ? unjudgedCrossings(mesh) : [];
  const isOneOfMany = mesh.clusters.size > 1;
  const gateways = proveGateways(mesh, resolved.gatewaySecurity);
  const traffic = proveTraffic(mesh, resolved, isJustWritten);
  const endpoints = proveEndpoints(mesh, resolved);
  const reachability = proveReachability(mesh, resolved);
  const telemetry = proveTelemetry(mesh, resolved.telemetry);
  const limits = proveLimits(mesh, resolved);
  const egress = proveEgress(mesh, resolved.egress);
  const letIn = letInByCompanions(mesh, resolved);
  const hosts = proveHosts(mesh, resolved.traffic);
  const surroundings = { crossings, isEmitted, isOneOfMany };
  return {
    value: { ...proof, gateways, traffic, endpoints, reachability, telemetry, limits, egress, letIn, hosts },
    diagnostics: [
      ...proofDiagnostics(proof, surroundings),
      ...cutDiagnostics(proof.cuts, surroundings),
      ...letInDiagnostics(letIn, surroundings),
      ...gatewayDiagnostics(gateways, surroundings),
      ...hostDiagnostics(hosts, surroundings),
      ...egressDiagnostics(egress.findings),
      ...refusedDiagnostics(refusedCallers(mesh, resolved.traffic)),
      ...trafficDiagnostics(traffic, surroundings),
      ...endpointDiagnostics(endpoints, surroundings),
      ...reachabilityDiagnostics(reachability, mesh, surroundings),
      ...telemetryDiagnostics(telemetry, surroundings),
      ...limitDiagnostics(limits),
    ],
  };
}

function pruned({ mesh, clusters }: Topology, recall: Recall): Topology {
  const kept = (objects: readonly ManifestObject[]) => objects.filter((object) => !isOwn(object));
  return {
    mesh,
    clusters: clusters.map((cluster) =>
      recall('pruned', cluster.name, [cluster], () => ({
        ...cluster,
        policies: kept(cluster.policies),
        networkPolicies: kept(cluster.networkPolicies),
      })),
    ),
  };
}
