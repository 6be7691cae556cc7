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

/** What the proof finds of NetworkPolicies from the rules, beside what they stop. */
export const companionProof = {
  'companion-lets-in': {
    code: 'AMB5153',
    severity: 'error',
    message: 'NetworkPolicy {policies} lets {caller} send to `{workload}` on port {port}, which no rule allows it',
    help: 'take away what lets it in: `networkPolicies` asks that callers of rules are let in alone',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** What given NetworkPolicies make of the connections of which a mesh consists. */
export const networkPolicyLint = {
  'network-policy-before-waypoint': {
    code: 'AMB5450',
    severity: 'warning',
    message:
      'NetworkPolicy {policies} stops what {caller} sends to waypoint `{waypoint}` on TCP 15008, though it lets it call `{called}` behind that',
    help: 'let callers send to the pods of the waypoint on TCP 15008, at both ends',
  },
  'network-policy-behind-waypoint': {
    code: 'AMB5451',
    severity: 'warning',
    message:
      'NetworkPolicy {policies} stops what waypoint `{waypoint}` sends on to `{called}`, though {caller} may call that',
    help: 'let the pods of the waypoint send to it: they have the label `gateway.networking.k8s.io/gateway-name`',
  },
  'network-policy-for-probes': {
    code: 'AMB5452',
    severity: 'info',
    message:
      'NetworkPolicy {policies} does not name the address from which probes of {subject} come: whether they pass hangs on the network plugin',
    help: 'let in `ipBlock: { cidr: 169.254.7.127/32 }`, if the plugin refuses them (Cilium does)',
  },
  'proxy-without-name-lookups': {
    code: 'AMB5453',
    severity: 'warning',
    message: 'NetworkPolicy {policies} lets {subject} look up no names, so that the proxy does not find istiod',
    help: 'let it send to port 53, over UDP and TCP',
  },
  'proxy-cut-off-from-istiod': {
    code: 'AMB5454',
    severity: 'warning',
    message: 'NetworkPolicy {policies} stops what the proxy of {subject} sends to istiod on TCP 15012',
    help: 'let it send to the pods of istiod on TCP 15012',
  },
  'istiod-closed': {
    code: 'AMB5455',
    severity: 'warning',
    message: 'NetworkPolicy {policies} does not let in what {subject} sends to istiod on TCP 15012',
    help: 'let in pods of all namespaces on TCP 15012: every proxy calls istiod',
  },
  'ports-within-tunnel': {
    code: 'AMB5456',
    severity: 'warning',
    message:
      'NetworkPolicy {policies} keeps port {port} of {subject} from `{caller}`, which reaches it within the mesh by port 15008',
    help: 'say by an AuthorizationPolicy with `ports` who may call it',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** What NetworkPolicies stop though intents allow it, and where they cannot stand beside what Istio enforces. */
export const networkPolicyPlaces = {
  'companion-without-gateway': {
    code: 'AMB3141',
    severity: 'info',
    message:
      'no gateway of cluster `{cluster}` that leads other networks in is given: its NetworkPolicies let in nobody of cluster `{other}`, who may call `{workload}`',
    help: 'give the manifests of the gateway, or leave it if the two clusters do not call each other',
  },
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
    severity: 'warning',
    message:
      'the NetworkPolicy of `{workload}` lets in everybody on some ports, for pods of cluster `{other}` are mere addresses in cluster `{cluster}`, and nobody says which',
    help: 'say `ipBlocks` of cluster `{other}` in the Mesh document: those of its pods',
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
