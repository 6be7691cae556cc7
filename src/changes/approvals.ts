import type { Constants } from '../algebra/constants.js';
import type { LanePlan } from '../algebra/lane.js';
import type { Mentions } from '../algebra/mentions.js';
import { emptySet, intersect, isEmpty, type RequestSet, union } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';

/** Requests of which somebody approves that a change is for the worse: what is told is what is left without them. */
export interface Approvals {
  /** The callers who have to be told from others, so that no one of them stands for others or is stood for. */
  readonly mentions: Mentions;
  /** What approved requests are compared with on a way. */
  constantsOn(plan: LanePlan): Constants;
  /** The requests on a way of which it is sure that they are approved. */
  setsOn(plan: LanePlan, space: Space): readonly ApprovedSet[];
}

export interface ApprovedSet {
  /** By which approval. */
  readonly name: string;
  readonly set: RequestSet;
}

export function approvedOf({ shape }: Space, approved: readonly ApprovedSet[]): RequestSet {
  return union(emptySet(shape), ...approved.map(({ set }) => set));
}

/** The approvals that have something to approve in some sets. */
export function usedBy(approved: readonly ApprovedSet[], sets: readonly RequestSet[]): readonly string[] {
  const isUsed = ({ set }: ApprovedSet) => sets.some((each) => !isEmpty(intersect(each, set)));
  return approved.filter(isUsed).map(({ name }) => name);
}
