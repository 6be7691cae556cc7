import type { CatalogueEntry } from '../entry.js';

/** What NetworkPolicies stop though intents allow it. */
export const networkPolicyPlaces = {
  'network-policy-stops-rule': {
    code: 'AMB3143',
    severity: 'error',
    message: 'NetworkPolicy {policies} stops what is allowed to call `{workload}`: {requests}',
    help: 'let it through in the NetworkPolicy, by the port on which it arrives, or allow less',
  },
  'network-policy-not-known': {
    code: 'AMB3144',
    severity: 'warning',
    message: 'whether NetworkPolicy {policies} stops what is allowed to call `{workload}` is not known: {requests}',
    help: 'name namespaces and pods in place of addresses, give the manifests of these, or accept this where you know it',
  },
  'network-policy-stops-default': {
    code: 'AMB3145',
    severity: 'warning',
    message:
      'NetworkPolicy {policies} stops what no rule denies, and by default is allowed to call `{workload}`: {requests}',
    help: 'say in rules who may call, or accept this where the NetworkPolicy is to decide',
  },
} as const satisfies Record<string, CatalogueEntry>;
