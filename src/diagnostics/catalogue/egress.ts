import type { CatalogueEntry } from '../entry.js';

/** What rules about calls out of the mesh may name. */
export const egressNames = {
  'egress-of-scope': {
    code: 'AMB2139',
    severity: 'error',
    message: '`egress` is said of the mesh, a namespace, a service or a workload, and not of {scope}',
    help: 'let the gateway lead nowhere that is not meant: what it sends is for its routes to say',
  },
  'egress-caller-elsewhere': {
    code: 'AMB2140',
    severity: 'error',
    message: '{caller} is not made of workloads of {scope}, of which these settings speak',
    help: 'name a service, workload or service account of the scope, or write the rule in settings of its own namespace',
  },
  'egress-protocol': {
    code: 'AMB2141',
    severity: 'error',
    message: 'what callers send to port {port} of host `{host}` is not known',
    help: 'write `protocol` beside the port, or make the host known by TrafficSettings',
  },
  'egress-host-otherwise': {
    code: 'AMB2142',
    severity: 'error',
    message: '`{field}` of host `{host}` is said otherwise elsewhere',
    help: 'leave it out, and say it where the host is made known',
  },
  'egress-port-unknown': {
    code: 'AMB2143',
    severity: 'error',
    message: 'host `{host}` has no port {port}',
    help: 'name one of its ports, or add the port where the host is made known',
  },
  'egress-not-watched': {
    code: 'AMB2144',
    severity: 'error',
    message: '`egress` cannot be watched: a NetworkPolicy has no dry run, and `{settings}` has stage Shadow',
    help: 'move `egress` to settings of stage Enforce',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** Where calls out of the mesh cannot be stopped, or allowed alone. */
export const egressPlaces = {
  'egress-without-way': {
    code: 'AMB3104',
    severity: 'error',
    message: '`{workload}` has no way to host `{host}` that could be opened to it alone: {why}',
    help: 'say `addresses` of the host, which a NetworkPolicy can name, or let the caller be ambient',
  },
  'egress-of-node': {
    code: 'AMB3105',
    severity: 'error',
    message: '`{workload}` is on the network of its node, where no NetworkPolicy stops it',
    help: 'take `hostNetwork` away, or move it to another namespace',
  },
  'egress-network-policy': {
    code: 'AMB3106',
    severity: 'error',
    message: 'NetworkPolicy `{policy}` says already what `{workload}` may call, and NetworkPolicies add up',
    help: 'remove the egress part of it, or leave `egress` to it',
  },
  'egress-between-clusters': {
    code: 'AMB3107',
    severity: 'error',
    message:
      'pods of cluster `{other}` are mere addresses to NetworkPolicies of cluster `{cluster}`, and would be cut off, for nobody says which',
    help: 'say `ipBlocks` of cluster `{other}` in the Mesh document, or `[]` if nothing in it is called from others',
  },
  'egress-by-network-policy': {
    code: 'AMB3108',
    severity: 'info',
    message:
      'what {scope} may call outside the mesh is stopped by NetworkPolicies alone, and only where the network plugin of the cluster enforces them',
    help: 'make sure that it does, and allow what else is needed beside pods, such as the API server',
  },
  'egress-shared-identity': {
    code: 'AMB3109',
    severity: 'error',
    message: '`{workload}` runs as `{account}` too, and a waypoint cannot tell it from `{other}`, which may call less',
    help: 'give each a ServiceAccount of its own, or write the settings for the namespace',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** Where NetworkPolicies of others are to close the way out. */
export const egressBackstops = {
  'egress-without-backstop': {
    code: 'AMB3155',
    severity: 'error',
    message:
      '`{workload}`{more} may send to any address outside, for `{settings}` has `backstop: None` and no NetworkPolicy is for it',
    help: 'give the manifests of the NetworkPolicy, leave `backstop` out, or accept it by `path: addressesOutside`',
  },
  'egress-backstop-mixed': {
    code: 'AMB3156',
    severity: 'error',
    message: 'the way out of {scope} is closed by NetworkPolicies of other settings, and these have `backstop: None`',
    help: 'say the same `backstop` in both',
  },
  'egress-requests-unseen': {
    code: 'AMB3157',
    severity: 'error',
    message: '`{workload}` cannot be held to `{field}` at `{host}`: {why}',
    help: 'drop `{field}`, let the caller be ambient, or lead the host `through` a gateway whose own rules say the same',
  },
  'egress-too-many-openings': {
    code: 'AMB3158',
    severity: 'error',
    message:
      'the requests to `{host}` that no rule opens to {who} would take {count} rules of a policy, and more than {most} are not written',
    help: 'say the same in fewer items of `to`: those with one field each take the least',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** What the proof finds of calls out of the mesh. */
export const egressProof = {
  'egress-otherwise': {
    code: 'AMB5157',
    severity: 'error',
    message: '{workload} {found} {what}, which {meant} to it',
    help: 'change what leads there, or what the settings say',
  },
  'egress-not-proved': {
    code: 'AMB5158',
    severity: 'warning',
    message: 'whether {workload} can call {what} is not known: {fact}',
  },
} as const satisfies Record<string, CatalogueEntry>;
