import type { MeshCluster } from '../../mesh/mesh.js';
import type { NetworkPolicy, NetworkRule, PortRange } from '../../mesh/network-policies/policy.js';
import { inboundCapture } from '../../mesh/paths/capture.js';
import { hbonePort } from '../../topology/labels.js';
import type { Workload } from '../../topology/model.js';
import { sortedNumbers } from '../../util/order.js';
import type { Names } from '../names/names.js';
import type { Reason } from '../reason.js';
import type { LiftedPolicy, LiftedRule, Requests, Unsaid } from './lifted.js';
import { podsLetIn } from './pods-let-in.js';
import { type Comments, commentsOf, merged, remarksOfObject, remarksOfRule } from './remarks.js';
import { withoutRepeats } from './without-repeats.js';

/** What a NetworkPolicy says of whoever has an identity, as rules for some of its pods; or all that cannot be said of it. */
export function liftNetworkPolicy(
  names: Names,
  at: MeshCluster,
  { object, namespace, rules }: NetworkPolicy,
  workloads: readonly Workload[],
): LiftedPolicy {
  const comments = commentsOf(object);
  const lifted = rules.map((rule, index) => liftRule(names, at, { rule, index, namespace }, workloads, comments));
  const unsaid = lifted.flatMap((each) => ('because' in each ? [each] : []));
  if (unsaid.length > 0) return { object, rules: [], unsaid };
  const own = remarksOfObject(object, comments);
  const said = lifted.flatMap((each) => ('because' in each ? [] : [each]));
  const told = withoutRepeats(said).map((rule) => ({ ...rule, remarks: merged(rule.remarks, own) }));
  return { object, rules: told, unsaid: [] };
}

interface Place {
  readonly rule: NetworkRule;
  readonly index: number;
  /** Of the policy. */
  readonly namespace: string;
}

function liftRule(
  names: Names,
  at: MeshCluster,
  { rule, index, namespace }: Place,
  workloads: readonly Workload[],
  comments: Comments,
): LiftedRule | Unsaid {
  const path = ['spec', 'ingress', index];
  const requests = requestsOf(rule, workloads);
  if ('because' in requests) return { ...requests, path };
  const from = podsLetIn(names, at, rule, namespace);
  if ('because' in from) return { ...from, path };
  return {
    section: 'allow',
    from: requests.isNone ? [] : from.callers,
    token: undefined,
    provider: undefined,
    requests: requests.ports.map((port) => ({ port, exceptPorts: [], looks: {}, except: [] }) satisfies Requests),
    remarks: remarksOfRule(comments, path),
    count: 1,
  };
}

interface Ports {
  /** Empty: every port, unless it is none. */
  readonly ports: readonly number[];
  readonly isNone: boolean;
}

const every: Ports = { ports: [], isNone: false };

/** To which ports of the pods connections of the mesh lead that arrive at those of a rule (W-70). */
function requestsOf({ ports }: NetworkRule, workloads: readonly Workload[]): Ports | Reason {
  if (ports === undefined || ports.some(isEvery)) return every;
  const planes = new Set(workloads.map(({ mode }) => mode.plane));
  if (planes.size > 1)
    return { because: 'its ports let other connections in to those of its pods with sidecars than to the rest' };
  if (planes.has('ambient')) return ports.some((range) => has(range, hbonePort)) ? every : { ports: [], isNone: true };
  if (ports.some((range) => range.kind === 'numbers' && range.first !== range.last))
    return { because: 'rules name ports one by one, and no ranges of them' };
  const numbers = ports.map((range) => numbersOf(range, workloads));
  if (numbers.some((each) => each.length !== 1))
    return { because: 'a port that it names is not the same for all of its pods' };
  const captured = sortedNumbers(numbers.flat()).filter(
    (port) => port !== hbonePort && workloads.some((each) => inboundCapture(each, port) !== false),
  );
  return { ports: captured, isNone: captured.length === 0 };
}

function isEvery(range: PortRange): boolean {
  return range.kind === 'numbers' && range.first === 1 && range.last === 65535;
}

function has(range: PortRange, port: number): boolean {
  return range.kind === 'numbers' && range.first <= port && port <= range.last;
}

/** The ports of pods that a single one of a policy means: those that containers call so, or the number itself. */
function numbersOf(range: PortRange, workloads: readonly Workload[]): readonly number[] {
  if (range.kind === 'numbers') return [range.first];
  const named = workloads.map(({ ports }) => ports.find(({ name }) => name === range.name)?.number ?? 0);
  return sortedNumbers(named);
}
