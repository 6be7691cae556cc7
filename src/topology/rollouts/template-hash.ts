import type { ManifestObject } from '../../parse/document.js';
import { namespaceOf } from '../fields.js';
import type { Labels } from '../model.js';
import { isRollout } from './argo-rollout.js';

/** What a Rollout adds to the labels of its pods, and to the selectors of Services and subsets that it moves from one to the next. */
export const templateHash = 'rollouts-pod-template-hash';

/**
 * Labels by which pods are selected, without the one that tells the versions of a Rollout apart: all of these are one workload, and
 * which is meant changes with every release.
 */
export function withoutTemplateHash(rollouts: readonly ManifestObject[], namespace: string, labels: Labels): Labels {
  if (labels[templateHash] === undefined) return labels;
  const isMade = rollouts.some((object) => isRollout(object) && namespaceOf(object) === namespace);
  const others = Object.fromEntries(Object.entries(labels).filter(([key]) => key !== templateHash));
  return isMade && Object.keys(others).length > 0 ? others : labels;
}
