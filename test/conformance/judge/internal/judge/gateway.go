package judge

import (
	"strings"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/istiod"
)

// toGateway asks a gateway by the port it listens on. What its policies let pass is allowed, whether or not a route takes
// it further.
func (w *way) toGateway(from caller) {
	gateway := w.gatewayPod(w.request.Destination.Gateway)
	if gateway == nil || gateway.Plane != cluster.Gateway {
		w.end(cases.NotCovered, "no Envoy of gateway %s", w.request.Destination.Gateway)
		return
	}
	if !w.reachesGateway(gateway, from) {
		return
	}
	proxy, err := w.istiod.Proxy(gateway)
	if err != nil {
		w.end(cases.NotCovered, "%v", err)
		return
	}
	listener := listenerAt(proxy, w.request.Destination.Port)
	if listener == nil {
		w.end(cases.Closed, "the gateway has no listener on %d", w.request.Destination.Port)
		return
	}
	wire := envoy.Wire{
		Door: envoy.Door{Pod: gateway.Key, Listener: listener.Name}, Source: from.ip, Destination: gateway.IP(), Port: w.request.Destination.Port,
	}
	if endsTLS(listener) {
		wire.ServerName = serverName(listener, strings.Split(w.request.Payload.Host, ":")[0])
	}
	name, ok := w.askRouter(wire, gateway.Key)
	switch {
	case w.request.Follow && ok:
		w.followCluster(caller{pod: gateway, identity: w.identityOf(gateway), ip: gateway.IP()}, destination{}, name)
	case w.request.Follow:
	case ok || w.answer.Judge == cases.Unavailable || strings.HasPrefix(string(w.answer.Judge), "status-"):
		w.answer.Judge = cases.Allowed
	}
}

// reachesGateway says whether a caller's side of the mesh calls a gateway in plaintext, as it does unless the gateway is in
// the ambient mesh itself or a DestinationRule says otherwise.
func (w *way) reachesGateway(gateway *cluster.Pod, from caller) bool {
	if gateway.InAmbient() {
		return w.end(cases.NotCovered, "%s is in the ambient mesh as well", gateway.Key)
	}
	switch from.speaks {
	case speaksAmbient:
		workload := w.istiod.Index.Workloads[gateway.IP()]
		if workload == nil || workload.Waypoint != nil || w.listensOnHBONE(gateway) {
			return w.end(cases.NotCovered, "a gateway that is not called in plaintext")
		}
	case speaksGateway, speaksSidecar:
		return w.knowsGateway(gateway, from)
	}
	return true
}

// knowsGateway looks for the gateway among the endpoints that an Envoy knows. What it does not know a sidecar passes through,
// and a gateway has no route to.
func (w *way) knowsGateway(gateway *cluster.Pod, from caller) bool {
	proxy, err := w.istiod.Proxy(from.pod)
	if err != nil {
		return w.end(cases.NotCovered, "%v", err)
	}
	known := false
	for name := range proxy.Clusters {
		for _, endpoint := range proxy.Endpoints(name) {
			found := placeOf(endpoint)
			if found.ip != gateway.IP() || found.port != w.request.Destination.Port {
				continue
			}
			known = true
			if found.tunnel || transport(proxy.Clusters[name], endpoint.GetMetadata()) != byPlaintext {
				return w.end(cases.NotCovered, "a gateway that is not called in plaintext")
			}
		}
	}
	switch {
	case known:
		return true
	case from.speaks == speaksGateway:
		return w.end(cases.NoPath, "a gateway has no route to the address of a pod")
	case blocks(proxy):
		return w.end(cases.NoPath, "outboundTrafficPolicy is REGISTRY_ONLY")
	}
	return true
}

func listenerAt(proxy *istiod.Proxy, port int) *listenerv3.Listener {
	for _, listener := range proxy.Listeners {
		if address := listener.GetAddress().GetSocketAddress(); address != nil && int(address.GetPortValue()) == port {
			return listener
		}
	}
	return nil
}

func endsTLS(listener *listenerv3.Listener) bool {
	for _, chain := range listener.GetFilterChains() {
		if chain.GetTransportSocket() != nil {
			return true
		}
	}
	return false
}

// serverName is the host, where the listener ends TLS for it, or a name that it does end TLS for: requests for other hosts
// come over such connections too.
func serverName(listener *listenerv3.Listener, host string) string {
	fallback := host
	for _, chain := range listener.GetFilterChains() {
		for _, name := range chain.GetFilterChainMatch().GetServerNames() {
			if name == host || strings.HasPrefix(name, "*.") && strings.HasSuffix(host, name[1:]) {
				return host
			}
			if fallback == host {
				fallback = strings.Replace(name, "*", "any", 1)
			}
		}
	}
	return fallback
}

// blocks says whether what no listener knows ends at the sidecar.
func blocks(proxy *istiod.Proxy) bool {
	for _, listener := range proxy.Listeners {
		if listener.Name == envoy.VirtualOutbound {
			return leadsTo(catchAll(listener)) == blackHole
		}
	}
	return false
}
