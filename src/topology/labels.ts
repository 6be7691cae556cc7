/** The labels that Istio and Kubernetes read; one spelling each. */
export const label = {
  dataplaneMode: 'istio.io/dataplane-mode',
  useWaypoint: 'istio.io/use-waypoint',
  useWaypointNamespace: 'istio.io/use-waypoint-namespace',
  waypointFor: 'istio.io/waypoint-for',
  waypointCanary: 'istio.io/use-waypoint-canary',
  ingressUseWaypoint: 'istio.io/ingress-use-waypoint',
  injection: 'istio-injection',
  revision: 'istio.io/rev',
  tag: 'istio.io/tag',
  network: 'topology.istio.io/network',
  gatewayPort: 'networking.istio.io/gatewayPort',
  inject: 'sidecar.istio.io/inject',
  tunnel: 'networking.istio.io/tunnel',
  autoAllocateIp: 'networking.istio.io/enable-autoallocate-ip',
  managed: 'gateway.istio.io/managed',
  gatewayName: 'gateway.networking.k8s.io/gateway-name',
  serviceName: 'kubernetes.io/service-name',
  namespaceName: 'kubernetes.io/metadata.name',
  tlsMode: 'security.istio.io/tlsMode',
  keepsGatewayPorts: 'experimental.istio.io/disable-gateway-port-translation',
} as const;

/** The annotations that Istio reads or writes; one spelling each. */
export const annotation = {
  inject: 'sidecar.istio.io/inject',
  sidecarStatus: 'sidecar.istio.io/status',
  redirection: 'ambient.istio.io/redirection',
  templates: 'inject.istio.io/templates',
  exportTo: 'networking.istio.io/exportTo',
  rewriteProbes: 'sidecar.istio.io/rewriteAppHTTPProbers',
  proxyConfig: 'proxy.istio.io/config',
  gatewayServiceAccount: 'gateway.istio.io/service-account',
  inboundBinding: 'ambient.istio.io/waypoint-inbound-binding',
  gatewayName: 'gateway.istio.io/name-override',
} as const;

/** The port on which ztunnel, waypoints and HBONE sidecars accept mesh traffic (W-70). */
export const hbonePort = 15008;
