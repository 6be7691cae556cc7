import type { CallerClass } from '../../algebra/callers.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Stop } from '../../mesh/paths/hops.js';
import { outboundTo } from '../../mesh/paths/outbound.js';
import { isVisible } from '../../mesh/paths/visibility.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import type { ResolvedReachability } from '../../resolve/resolved-reachability.js';
import type { Workload } from '../../topology/model.js';
import { type CallableHost, callableHosts } from './callable-hosts.js';
import { type KnownMesh, knownMeshes } from './known-meshes.js';
import { type Leave, leavesOf } from './may-call.js';
import { classOf, type Subject, subjectsIn } from './subjects.js';

/** What sidecars know of the mesh where somebody says what they are to know, and what of it they should know and do not. */
export interface ReachabilityProof {
  /** How many workloads with sidecars were looked at. */
  readonly workloads: number;
  readonly known: readonly KnownMesh[];
  readonly hidden: readonly HiddenCall[];
  readonly open: readonly OpenReach[];
}

/** A call that the intents let through, and of whose host the sidecar of the caller knows nothing. */
export interface HiddenCall {
  readonly reachability: ResolvedReachability;
  readonly cluster: string;
  readonly workload: Workload;
  readonly called: CallableHost;
  readonly leave: Leave;
  /** Absent where what is sent goes on as it is. */
  readonly stop: Stop | undefined;
  /** The Sidecar that hides it. */
  readonly sidecar: string;
}

export interface OpenReach {
  readonly reachability: ResolvedReachability;
  readonly workload: Workload;
  readonly fact: string;
}

/** Compares what sidecars know with what the intents let their pods call. */
export function proveReachability(mesh: Mesh, resolved: Resolved): ReachabilityProof {
  if (resolved.reachability.length === 0) return { workloads: 0, known: [], hidden: [], open: [] };
  const hosts = callableHosts(mesh, resolved, leavesOf(resolved));
  const subjects = [...mesh.clusters.values()].flatMap((at) => subjectsIn(mesh, at, resolved.reachability));
  const judged = subjects.map((subject) => judge(subject, hosts));
  return {
    workloads: subjects.length,
    known: knownMeshes(mesh, subjects, hosts),
    hidden: judged.flatMap(({ hidden }) => hidden),
    open: judged.flatMap(({ open }) => open),
  };
}

type Judged = Pick<ReachabilityProof, 'hidden' | 'open'>;

function judge(subject: Subject, hosts: readonly CallableHost[]): Judged {
  const { reachability, workload, caller } = subject;
  if (caller.kind !== 'caller') return { hidden: [], open: [{ reachability, workload, fact: caller.because }] };
  const asClass = classOf(workload, caller);
  const judged = hosts.map((host) => judgeHost(subject, asClass, host));
  return { hidden: judged.flatMap(({ hidden }) => hidden), open: judged.flatMap(({ open }) => open) };
}

const nothing: Judged = { hidden: [], open: [] };

function judgeHost(subject: Subject, asClass: CallerClass, called: CallableHost): Judged {
  const { reachability, at, workload } = subject;
  const { caller } = asClass;
  const outcomes = called.ports.map((port) => outboundTo(caller, { ...called, port }));
  const lost = outcomes.find((outcome) => outcome !== 'known');
  if (lost === undefined || !isVisible(called, caller.namespace)) return nothing;
  const why = called.leaveFor(asClass);
  if (why === undefined || !(reachability.isDeclared || isNamed(why))) return nothing;
  if (lost !== 'passed on' && lost.kind === 'not-modelled')
    return { hidden: [], open: [{ reachability, workload, fact: lost.because }] };
  const sidecar = (caller.scopes ?? []).map(({ name }) => name).join(', ');
  const stop = lost === 'passed on' ? undefined : lost;
  return {
    hidden: [{ reachability, cluster: at.cluster.name, workload, called, leave: why, stop, sidecar }],
    open: [],
  };
}

/** Whether a rule names the caller: what everybody may call, nobody has to. */
function isNamed(leave: Leave): boolean {
  if (leave.kind === 'open') return false;
  return leave.grant.rule.callers.some(({ kind }) => kind === 'identities' || kind === 'namespace');
}
