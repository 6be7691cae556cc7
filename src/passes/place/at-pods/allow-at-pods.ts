import type { PointKind } from '../../../dataplanes/capabilities.js';
import type { DestinationPolicy, Obligation, PlacedRule, SourceMatch } from '../../../ir/policy-ir.js';
import { termOf } from '../../../parse/acceptance.js';
import type { Caller } from '../../../resolve/resolved.js';
import { sortedNumbers, sortedUnique } from '../../../util/order.js';
import { overlap } from '../../reach.js';
import {
  arrives,
  type Bypass,
  blindPorts,
  bypasses,
  canDecide,
  exceptedPodPorts,
  podPorts,
} from '../at-waypoints/blind-spots.js';
import { reportNoWaypoint } from '../at-waypoints/no-waypoint.js';
import { refuseBypass } from '../at-waypoints/refuse-bypass.js';
import { checkTwins } from '../checks/check-shared-identities.js';
import type { PlaceContext } from '../context.js';
import { answerFor, placeRule } from '../place-rule.js';
import { identitySources } from '../source-match.js';

/** The rules that admit callers at the pods themselves: for everyone who does not come through a waypoint. */
export function allowAtPods(context: PlaceContext, policy: DestinationPolicy, point: PointKind): PlacedRule[] {
  const allows = policy.obligations.filter(({ effect }) => effect === 'Allow');
  const admissions = allows.flatMap((obligation) => admitAtPods(context, policy, obligation, point));
  return [...waypointItself(context, policy), ...admissions];
}

/** The waypoint has already decided about everything that it forwards (istio-security §4.3). */
function waypointItself(context: PlaceContext, policy: DestinationPolicy): PlacedRule[] {
  const { waypoint, destination, obligations } = policy;
  if (waypoint === undefined) return [];
  const passing = obligations.filter(
    ({ effect, ports }) => effect === 'Allow' && (ports?.some(({ service }) => service !== undefined) ?? true),
  );
  const anyPort = passing.some(({ ports }) => ports === undefined);
  const named = passing.flatMap(
    ({ ports }) => ports?.filter(({ service }) => service !== undefined).flatMap(({ pod }) => pod) ?? [],
  );
  const ports = sortedNumbers(named);
  if (!anyPort && ports.length === 0) return [];
  const account = `${waypoint.namespace}/${waypoint.serviceAccount}`;
  return [
    {
      origins: [],
      sources: identitySources(context, [account]),
      ports: anyPort ? undefined : ports,
      conditions: [],
      why: [`the waypoint itself, which has decided about requests to ${destination.name}`],
    },
  ];
}

function admitAtPods(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  point: PointKind,
): PlacedRule[] {
  const cluster = context.around(policy);
  const callers = obligation.callers.flatMap((caller) => directCaller(context, policy, obligation, caller));
  if (policy.waypoint === undefined && !canDecide(point, obligation, cluster)) {
    reportNoWaypoint(context, policy, obligation);
    return [];
  }
  const admitted = callers.map((caller) => ({ caller, blind: blindPorts(context, policy, obligation, caller, point) }));
  const clear = admitted.filter(({ blind }) => blind.size === 0).map(({ caller }) => caller);
  const partly = admitted.filter(({ blind }) => blind.size > 0);
  return [
    ...(clear.length > 0 ? [admission(context, policy, obligation, clear)] : []),
    ...partly.flatMap(({ caller, blind }) => admitPartly(context, policy, obligation, caller, blind)),
  ];
}

/** Who is outside the mesh comes past a waypoint, and is known by its address; who is in it and has one like it is not meant. */
function admission(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  callers: readonly Caller[],
): PlacedRule {
  const rule = placeRule(
    context,
    obligation,
    callers,
    podPorts(obligation),
    exceptedPodPorts(obligation),
    reasonAt(policy, obligation),
  );
  if (policy.waypoint === undefined) return rule;
  return { ...rule, sources: rule.sources?.map((source) => (source.ipBlocks ? withoutIdentity(source) : source)) };
}

/** A caller as the pods see it: those who come through the waypoint are the waypoint there, and are left out. */
function directCaller(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: Caller,
): Caller[] {
  if (policy.waypoint === undefined || !obligation.named) return [caller];
  if (caller.kind !== 'identities' && caller.kind !== 'namespace') return [caller];
  const cluster = context.around(policy);
  const direct = caller.members.filter((source) => arrives(policy, source, cluster) === 'direct with identity');
  if (direct.length === 0) return [];
  const serviceAccounts = sortedUnique(direct.map(({ serviceAccount }) => serviceAccount));
  return [
    {
      kind: 'identities',
      serviceAccounts,
      members: direct,
      sharers: [],
      except: [],
      label: caller.label,
      span: caller.span,
    },
  ];
}

/** Where requests cannot be read, a caller is admitted on the other ports, and on these only as far as somebody accepted it. */
function admitPartly(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: Caller,
  blind: ReadonlyMap<number, readonly Obligation[]>,
): PlacedRule[] {
  const ports = podPorts(obligation);
  const readable = ports?.filter((port) => !blind.has(port));
  const rules: PlacedRule[] = [];
  if (readable === undefined || readable.length > 0) {
    rules.push(
      placeRule(
        context,
        obligation,
        [caller],
        readable,
        [...exceptedPodPorts(obligation), ...blind.keys()],
        'the ports where nothing has to be read',
      ),
    );
  }
  const unread = sortedNumbers(blind.keys());
  const unchecked = [...new Set([...blind.values()].flat())];
  for (const bypass of bypasses(context, policy, caller, unread)) {
    const causes = unchecked.filter((rule) => rule === obligation || means(rule, bypass.caller));
    rules.push(...admitUnread(context, policy, obligation, bypass, causes, unread));
  }
  return rules;
}

function means({ callers }: Obligation, caller: Caller): boolean {
  return callers.some((each) => overlap(each, caller));
}

/** Somebody has to answer for every rule that is not checked: the author of the rule that admits, or of each of the others. */
function admitUnread(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  bypass: Bypass,
  causes: readonly Obligation[],
  ports: readonly number[],
): PlacedRule[] {
  const answers = causes.map((cause) => ({ cause, answer: answerFor(context, obligation, cause, bypass) }));
  const open = answers.find(({ answer }) => answer === undefined);
  if (open !== undefined) {
    refuseBypass(context, policy, obligation, bypass, open.cause);
    return [];
  }
  const why = answers.flatMap(({ cause, answer }) => {
    if (answer === undefined) return [];
    checkTwins(context, policy, answer.rule, bypass);
    const { reason } = answer.acceptance;
    return [
      `accepted ${termOf(answer.acceptance)}: ${bypass.caller.label} is not held to what ${cause.origin.id} says about requests (${reason})`,
    ];
  });
  const rule = placeRule(context, obligation, [bypass.caller], ports, [], '');
  const sources = bypass.path === 'outsideCallers' ? rule.sources?.map(withoutIdentity) : rule.sources;
  return [{ ...rule, sources, conditions: [], why: sortedUnique(why) }];
}

/** Outside the mesh nobody has an identity; who has one and the same address comes another way. */
function withoutIdentity(source: SourceMatch): SourceMatch {
  return { ...source, notPrincipals: ['*'] };
}

function reasonAt(policy: DestinationPolicy, obligation: Obligation): string {
  if (policy.waypoint === undefined) return '';
  return obligation.named ? 'for callers that do not use the waypoint' : 'L4, needs no waypoint';
}
