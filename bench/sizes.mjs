/**
 * How large the meshes are that the bench measures. `modes` are shares of namespaces, `intents` the namespaces with
 * rules; of each `routes` Services one has a route, and of each `networkPolicies` one has a NetworkPolicy; of none where it is 0.
 */
export const sizes = {
  small: { clusters: 1, namespaces: 2, services: 6, pods: 10, modes: { ambient: 1 } },
  medium: { clusters: 1, namespaces: 50, services: 250, pods: 750 },
  large: { clusters: 3, namespaces: 1000, services: 5000, pods: 15_000 },
};

const defaults = {
  seed: 1,
  modes: { ambient: 50, sidecar: 30, mixed: 10, none: 10 },
  intents: Number.POSITIVE_INFINITY,
  routes: 0,
  networkPolicies: 0,
  layers: 0,
};

/** A size by name, its counts multiplied; the number of clusters stays. */
export function sizeOf(name, scale = 1) {
  const { clusters, namespaces, services, pods, ...rest } = { ...defaults, ...sizes[name] };
  return { ...rest, clusters, namespaces: namespaces * scale, services: services * scale, pods: pods * scale };
}
