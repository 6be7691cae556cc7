import { attachmentMutations } from './attachment-mutations.js';
import { meshMutations } from './mesh-mutations.js';
import type { Mutation } from './mutation.js';
import { networkPolicyMutations } from './network-policy-mutations.js';
import { ruleMutations } from './rule-mutations.js';

/** Every kind of mutation, in the order of the table. */
export const mutations: readonly Mutation[] = [
  ...ruleMutations,
  ...attachmentMutations,
  ...meshMutations,
  ...networkPolicyMutations,
];
