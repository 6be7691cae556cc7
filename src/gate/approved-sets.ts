import { bitsWhere } from '../algebra/bits.js';
import { accountOfCaller, type CallerClass, type Callers } from '../algebra/callers.js';
import { mergeConstants } from '../algebra/constants.js';
import type { LanePlan } from '../algebra/lane.js';
import { joinMentions, type Mentions, nobody } from '../algebra/mentions.js';
import { boxSet, emptySet, intersect, type RequestSet, union } from '../algebra/request-set.js';
import { allWaysOnward } from '../algebra/routes/onward-ways.js';
import { routingPoints } from '../algebra/routes/table-sets.js';
import type { Space } from '../algebra/space.js';
import type { Approvals } from '../changes/approvals.js';
import type { Mesh } from '../mesh/mesh.js';
import { callerConstants, callerSets, isNamed } from '../policy-tests/caller-sets.js';
import type { MeantCaller, MeantTarget, ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { oncePerObject } from '../util/once.js';
import type { MeantRequests } from './meant.js';
import { meantAtGateway } from './meant-at-gateway.js';
import { meantAtPods } from './meant-at-pods.js';
import { meantGateways } from './meant-gateways.js';

/** The requests that approvals approve, in a mesh as it is after a change. Whatever is not sure to be meant is not approved. */
export function approvedSets(mesh: Mesh, approvals: readonly ResolvedGuardrail[]): Approvals {
  const approvedOn = oncePerObject((plan: LanePlan) => {
    const meantBy = meantOn(mesh, plan);
    return approvals.map((each) => ({
      ...each,
      requests: eitherOf(meantBy(each.targets), meantGateways(each.gateways, plan)),
    }));
  });
  return {
    mentions: joinMentions(approvals.flatMap(({ callers }) => callers.map(mentionsOf))),
    constantsOn: (plan) =>
      mergeConstants(
        approvedOn(plan).flatMap(({ callers, requests }) => [callerConstants(callers, mesh), ...requests.constants]),
      ),
    setsOn: (plan, space) =>
      approvedOn(plan).map(({ name, callers, requests }) => ({
        name,
        set: intersect(callersOf(callers, space, plan), requests.within(space)),
      })),
  };
}

function eitherOf(...meant: readonly MeantRequests[]): MeantRequests {
  return {
    constants: meant.flatMap(({ constants }) => constants),
    within: (space) => union(emptySet(space.shape), ...meant.map((each) => each.within(space))),
  };
}

/** A lane that ends at a gateway is held against everything that the gateway leads on to. */
function meantOn(mesh: Mesh, plan: LanePlan): (targets: readonly MeantTarget[]) => MeantRequests {
  const { destination, payload } = plan.lane;
  if (destination.kind !== 'gateway' || destination.onward !== undefined) {
    return (targets) => meantAtPods(mesh, targets, plan);
  }
  const onward = allWaysOnward(mesh, destination, payload, routingPoints());
  return (targets) => meantAtGateway(mesh, targets, onward);
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
