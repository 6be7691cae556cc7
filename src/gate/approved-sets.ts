import { bitsWhere } from '../algebra/bits.js';
import { accountOfCaller, type CallerClass, type Callers } from '../algebra/callers.js';
import { mergeConstants } from '../algebra/constants.js';
import type { Lane, LanePlan } from '../algebra/lane.js';
import { joinMentions, type Mentions, nobody } from '../algebra/mentions.js';
import { comingTo } from '../algebra/reach.js';
import { boxSet, emptySet, fullSet, intersect, type RequestSet, subtract, union } from '../algebra/request-set.js';
import { arrivalsOf } from '../algebra/routes/arrivals.js';
import { ledByGateways } from '../algebra/routes/led-by-gateways.js';
import type { Space } from '../algebra/space.js';
import type { Approvals } from '../changes/approvals.js';
import type { Mesh } from '../mesh/mesh.js';
import { resolveEndpoint } from '../mesh/paths/endpoint.js';
import { callerConstants, callerSets, isNamed } from '../policy-tests/caller-sets.js';
import { conditionConstants, conditionSet } from '../policy-tests/conditions.js';
import { podPortsOf } from '../proof/intents/demands.js';
import type { DestinationPort } from '../resolve/resolved.js';
import type { MeantCaller, MeantTarget, ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { keyOf, type Workload } from '../topology/model.js';

/** The requests that approvals approve, in a mesh as it is after a change. Whatever is not sure to be meant is not approved. */
export function approvedSets(mesh: Mesh, approvals: readonly ResolvedGuardrail[]): Approvals {
  return {
    mentions: joinMentions(approvals.flatMap(({ callers }) => callers.map(mentionsOf))),
    constantsOn: (plan) =>
      mergeConstants(
        approvals.flatMap(({ callers, targets }) => [
          callerConstants(callers, mesh),
          ...meantOn(mesh, targets, plan.lane).flatMap((target) =>
            arrivalsOf(plan).map(({ arriving }) => conditionConstants(target, arriving)),
          ),
        ]),
      ),
    setsOn: (plan, space) =>
      approvals.map(({ name, callers, targets }) => ({
        name,
        set: intersect(
          callersOf(callers, space, plan),
          union(emptySet(space.shape), ...meantOn(mesh, targets, plan.lane).map((each) => arriving(each, plan, space))),
        ),
      })),
  };
}

function mentionsOf(caller: MeantCaller): Mentions {
  switch (caller.kind) {
    case 'sources':
      return { ...nobody, accounts: new Set(caller.sources.map(({ serviceAccount }) => serviceAccount)) };
    case 'namespace':
      return { ...nobody, namespaces: new Set([caller.namespace]) };
    case 'outside':
      return { ...nobody, namespaces: new Set(caller.namespaces) };
    default:
      return { ...nobody, addresses: true };
  }
}

/** An identity is approved with whoever has it: also somebody who is not deployed yet. */
function callersOf(meant: readonly MeantCaller[], space: Space, plan: LanePlan): RequestSet {
  const named = callerSets(meant, space.callers, 'every')(space, plan);
  const accounts = approvedAccounts(meant, space.callers);
  const isFuture = ({ source }: CallerClass) => source.kind === 'future';
  const future = bitsWhere(space.callers.classes.length, (index) => {
    const each = space.callers.classes[index];
    return each !== undefined && isFuture(each) && accounts.has(accountOfCaller(each));
  });
  return union(named, boxSet(space.shape, new Map([[0, future]])));
}

function approvedAccounts(meant: readonly MeantCaller[], { classes }: Callers): ReadonlySet<string> {
  const isApproved = ({ sources }: CallerClass) => sources.every((source) => isNamed(meant, source));
  const shown = classes.filter(({ caller, source }) => caller.identity !== null && source.kind !== 'future');
  const refused = new Set(shown.filter((each) => !isApproved(each)).map(accountOfCaller));
  return new Set(shown.map(accountOfCaller).filter((account) => !refused.has(account)));
}

/** The targets that mean whatever comes by a lane; what they ask of its requests comes on top. */
function meantOn(mesh: Mesh, targets: readonly MeantTarget[], lane: Lane): readonly MeantTarget[] {
  const { destination } = lane;
  if (destination.kind === 'gateway') return targets.filter((target) => isLedTo(mesh, target, lane));
  if (destination.kind === 'external') return [];
  const end = resolveEndpoint(mesh, destination);
  if (end.kind !== 'endpoint') return [];
  return targets.filter((target) => isMeant(target, end.workload, end.podPort));
}

/** Everything behind a gateway that its lane leads to has to be meant. */
function isLedTo({ clusters }: Mesh, target: MeantTarget, lane: Lane): boolean {
  const at = clusters.get(lane.destination.cluster);
  if (at === undefined) return false;
  const key = JSON.stringify(lane);
  const ends = [...ledByGateways(at)].flatMap(([workload, led]) =>
    led.flatMap((each) => (JSON.stringify(each.lane) === key ? [{ workload, podPort: each.podPort }] : [])),
  );
  return (
    ends.length > 0 &&
    ends.every(({ workload: name, podPort }) => {
      const workload = at.cluster.workloads.get(name);
      return workload !== undefined && isMeant(target, workload, podPort);
    })
  );
}

function isMeant({ destination, ports, exceptPorts }: MeantTarget, workload: Workload, podPort: number): boolean {
  const isIts = destination.workloads.some(
    (each) => each.cluster === workload.cluster && keyOf(each) === keyOf(workload),
  );
  const isAmong = (all: readonly DestinationPort[]) =>
    all.some((port) => podPortsOf(port, destination.service, workload).includes(podPort));
  return isIts && (ports === undefined ? !isAmong(exceptPorts) : isAmong(ports));
}

/** The requests that are meant whichever way they come to the pods. */
function arriving(target: MeantTarget, whole: LanePlan, space: Space): RequestSet {
  const arrivals = arrivalsOf(whole);
  const all = fullSet(space.shape);
  return arrivals.reduce((set, { plan, arriving }) => {
    const meant = conditionSet(target, space, arriving, 'surely');
    const elsewhere = arrivals.length === 1 ? emptySet(space.shape) : subtract(all, comingTo(plan, space, 'possibly'));
    return intersect(set, union(meant, elsewhere));
  }, all);
}
