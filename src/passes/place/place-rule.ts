import type { Obligation, PlacedRule } from '../../ir/policy-ir.js';
import type { Acceptance } from '../../parse/acceptance.js';
import type { Caller } from '../../resolve/resolved.js';
import type { Bypass } from './at-waypoints/blind-spots.js';
import type { PlaceContext } from './context.js';
import { withPorts } from './hosts.js';
import { sourceMatches } from './source-match.js';

/** One obligation as a rule of a policy, for some of its callers and on the ports as the enforcement point numbers them: `ports`, or else all but `notPorts`. */
export function placeRule(
  context: PlaceContext,
  obligation: Obligation,
  callers: readonly Caller[],
  ports: readonly number[] | undefined,
  notPorts: readonly number[],
  why: string,
): PlacedRule {
  return {
    origins: [obligation.origin, ...obligation.within],
    sources: sourceMatches(context, callers),
    ports,
    ...(ports === undefined && notPorts.length > 0 && { notPorts }),
    conditions: withPorts(obligation.conditions, servicePorts(obligation)),
    why: [...commonTo(obligation), ...(why === '' ? [] : [why])],
  };
}

/** A rule of a stricter scope stands for what it has in common with wider ones, a denial for what it says beyond that. */
function commonTo({ within, effect }: Obligation): readonly string[] {
  if (within.length === 0) return [];
  return [effect === 'Allow' ? 'as far as all of them allow it' : 'what goes beyond what all of them allow'];
}

function servicePorts({ ports }: Obligation): number[] {
  return ports?.flatMap(({ service }) => service ?? []) ?? [];
}

/** A rule whose author answers for a way around the waypoint, and how. */
interface Answer {
  readonly rule: Obligation;
  readonly acceptance: Acceptance;
}

/** Who answers for a way around the waypoint: the author of a rule, or of the denial that stands in its way. */
export function answerFor(
  context: PlaceContext,
  obligation: Obligation,
  cause: Obligation,
  { path, caller }: Bypass,
): Answer | undefined {
  const gap = `${caller.label} reaches the pods without its requests being read`;
  for (const rule of [obligation, cause]) {
    const acceptance = context.accepts(rule, path, gap);
    if (acceptance) return { rule, acceptance };
  }
  return undefined;
}
