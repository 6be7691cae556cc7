import type { CatalogueEntry } from '../entry.js';

/** Where NetworkPolicies cannot be asked for. */
export const companionNames = {
  'companions-of-gateway': {
    code: 'AMB2177',
    severity: 'error',
    message: '`networkPolicies` is said of a namespace, a service, a workload or the mesh, and not of a gateway',
    help: 'write NetworkPolicies for the pods of the gateway by hand: who calls it comes from outside',
  },
  'companions-not-watched': {
    code: 'AMB2178',
    severity: 'error',
    message: '`networkPolicies` cannot be watched: a NetworkPolicy has no dry run, and `{settings}` has stage Shadow',
    help: 'move `networkPolicies` to settings of stage Enforce',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** What NetworkPolicies stop though intents allow it, and where they cannot stand beside what Istio enforces. */
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
  'companion-of-open-workload': {
    code: 'AMB3146',
    severity: 'warning',
    message: '`{workload}` gets no NetworkPolicy from `{settings}`, for by default everybody may call it',
    help: 'write `default: Deny` and rules for who may call, or leave the workload out of the scope',
  },
  'companions-between-clusters': {
    code: 'AMB3147',
    severity: 'error',
    message:
      '`networkPolicies` is for a mesh of one cluster: pods of others are mere addresses to a NetworkPolicy, and would be cut off',
    help: 'compile the cluster by itself, if nobody of another one calls its workloads',
  },
  'companion-beside-another': {
    code: 'AMB3148',
    severity: 'error',
    message: 'NetworkPolicy `{policy}` says already who may call `{workload}`, and NetworkPolicies add up',
    help: 'remove the ingress part of it, or leave `networkPolicies` out',
  },
  'companion-of-node': {
    code: 'AMB3149',
    severity: 'error',
    message: '`{workload}` has no network of its own, so that no NetworkPolicy is for it',
    help: 'take `hostNetwork` away, or leave the workload out of the scope',
  },
} as const satisfies Record<string, CatalogueEntry>;
