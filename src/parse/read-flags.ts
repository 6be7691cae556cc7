/**
 * The feature flags of istiod by which requests are treated otherwise, and whether each is on where nobody says (§9.3).
 * Whatever others say, the model answers the same.
 */
export const readFlags = {
  AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: false,
  AMBIENT_ENABLE_MULTI_NETWORK: false,
  AMBIENT_ENABLE_MULTI_NETWORK_INGRESS: false,
  DISABLE_SHADOW_HOST_SUFFIX: true,
  ENABLE_GATEWAY_API_INFERENCE_EXTENSION: false,
  ENABLE_INGRESS_WAYPOINT_ROUTING: true,
  ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: false,
  ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: true,
  ENABLE_TLS_ON_SIDECAR_INGRESS: false,
  ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: false,
  PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: false,
  PILOT_AUTO_ALLOW_WAYPOINT_POLICY: false,
  PILOT_ENABLE_ALPHA_GATEWAY_API: false,
  PILOT_ENABLE_IP_AUTOALLOCATE: true,
  PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: false,
  PILOT_FILTER_GATEWAY_CLUSTER_CONFIG: false,
  PILOT_PREFER_SENDING_HBONE: false,
} as const;

export type ReadFlag = keyof typeof readFlags;

export const readFlagNames = Object.keys(readFlags) as readonly ReadFlag[];

/** Whether a feature flag of istiod is on, as what is said of flags has it. */
export function isFlagOn(flags: Readonly<Record<string, boolean>>, name: ReadFlag): boolean {
  return flags[name] ?? readFlags[name];
}
