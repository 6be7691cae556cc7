/** The command whose output is a dump: every kind that has a say in what becomes of requests. */
export const dumpCommand = `kubectl get -A -o yaml ${[
  'namespaces,serviceaccounts,services,pods,deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,jobs.batch',
  'endpointslices.discovery.k8s.io,networkpolicies.networking.k8s.io',
  'authorizationpolicies.security.istio.io,peerauthentications.security.istio.io,requestauthentications.security.istio.io',
  'virtualservices.networking.istio.io,destinationrules.networking.istio.io,serviceentries.networking.istio.io,workloadentries.networking.istio.io,sidecars.networking.istio.io,gateways.networking.istio.io,envoyfilters.networking.istio.io',
  'telemetries.telemetry.istio.io,wasmplugins.extensions.istio.io',
  'gateways.gateway.networking.k8s.io,httproutes.gateway.networking.k8s.io,grpcroutes.gateway.networking.k8s.io,referencegrants.gateway.networking.k8s.io',
].join(',')}`;
