import { all } from '../algebra/bits.js';
import type { Constants } from '../algebra/constants.js';
import { constantsOfHost } from '../algebra/lane.js';
import { comingSet } from '../algebra/reach.js';
import { emptySet, fullSet, intersect, type RequestSet, subtract, union } from '../algebra/request-set.js';
import type { WayOnward } from '../algebra/routes/onward-ways.js';
import { asSent } from '../algebra/routes/rewritten.js';
import { constantsOfPoint } from '../algebra/routes/table-sets.js';
import type { Space } from '../algebra/space.js';
import type { Mesh } from '../mesh/mesh.js';
import { conditionConstants, conditionSet } from '../policy-tests/conditions.js';
import type { MeantTarget } from '../resolve/resolved-guardrail.js';
import { infrastructure, keyOf, targetPortOf } from '../topology/model.js';
import { isMeant, type MeantRequests } from './meant.js';

/** A way on from a gateway, and the targets that mean whatever comes by it; what they ask of its requests comes on top. */
interface JudgedWay extends WayOnward {
  readonly meaning: readonly MeantTarget[];
}

/**
 * The requests at a gateway of which everything that it leads them on to is meant: each way that they may take, with copies
 * of them, whichever load balancing picks. A host outside, an answer of a rule and an end that nobody knows are meant by no
 * target. Requests for which the gateway has no rule come to nobody.
 */
export function meantAtGateway(
  mesh: Mesh,
  targets: readonly MeantTarget[],
  onward: readonly WayOnward[],
): MeantRequests {
  const ways = judgedWays(mesh, targets, onward);
  const meaning = [...new Set(ways.flatMap((each) => each.meaning))];
  if (meaning.length === 0) return { constants: [], within: ({ shape }) => emptySet(shape) };
  return {
    constants: [
      ...ways.flatMap(constantsOf),
      ...ways.flatMap((each) => each.meaning.map((target) => conditionConstants(target, each.arriving))),
      ...meaning.map((target) => conditionConstants(target, asSent)),
    ],
    within: (space) => meantWithin(space, ways, meaning),
  };
}

function constantsOf({ choices, served }: WayOnward): readonly Constants[] {
  const compared = choices.map(({ point }) => constantsOfPoint(point));
  return served === undefined ? compared : [...compared, ...constantsOfHost(served.host)];
}

function meantWithin(space: Space, ways: readonly JudgedWay[], meaning: readonly MeantTarget[]): RequestSet {
  const nothing = emptySet(space.shape);
  const callers = all(space.callers.classes.length);
  const asked = (some: readonly MeantTarget[], arriving: WayOnward['arriving']) =>
    union(nothing, ...some.map((target) => conditionSet(target, space, arriving, 'surely')));
  const parts = ways.map((way) => {
    const coming = comingSet({ ...way, callers }, space, 'possibly');
    const meant = asked(way.meaning, way.arriving);
    return { coming, meant: union(meant, subtract(fullSet(space.shape), coming)) };
  });
  const led = union(nothing, ...parts.map(({ coming }) => coming));
  return intersect(union(led, asked(meaning, asSent)), ...parts.map(({ meant }) => meant));
}

function judgedWays(mesh: Mesh, targets: readonly MeantTarget[], ways: readonly WayOnward[]): readonly JudgedWay[] {
  return ways
    .filter(({ way }) => !isWithoutRule(way))
    .map((each) => ({ ...each, meaning: targets.filter((target) => isEndMeant(mesh, target, each.way)) }));
}

function isWithoutRule({ client, behind, end }: WayOnward['way']): boolean {
  return end.kind === 'answer' && behind === undefined && client.rule === undefined;
}

/** Load balancing may pick any pod, of whichever cluster; what another gateway leads on to is not looked at. */
function isEndMeant({ clusters }: Mesh, target: MeantTarget, { end }: WayOnward['way']): boolean {
  if (end.kind !== 'pods') return false;
  const pods = [...clusters].flatMap(([name, { cluster }]) => {
    const isOwn = name === end.service.cluster;
    const keys = isOwn ? end.workloads : (cluster.services.get(keyOf(end.service))?.workloads ?? []);
    return keys.map((key) => cluster.workloads.get(key));
  });
  return (
    pods.length > 0 &&
    pods.every((workload) => {
      if (workload === undefined || infrastructure.has(workload.mode.plane)) return false;
      const podPort = targetPortOf(end.port, workload);
      return podPort !== undefined && isMeant(target, workload, podPort);
    })
  );
}
