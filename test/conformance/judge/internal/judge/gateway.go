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
	if from.speaks == speaksGateway && !w.hasRouteTo(gateway, from) {
		w.end(cases.NoPath, "a gateway has no route to the address of a pod")
		return
	}
	if !w.plaintextTo(gateway, from) {
		w.end(cases.NotCovered, "a gateway that is not called in plaintext")
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
	case ok || w.answer.Judge == "status-404":
		w.answer.Judge = cases.Allowed
	}
}

// plaintextTo says whether a caller's side of the mesh calls a gateway in plaintext, as it does unless the gateway is in the
// ambient mesh itself or a DestinationRule says otherwise.
func (w *way) plaintextTo(gateway *cluster.Pod, from caller) bool {
	switch from.speaks {
	case speaksPlaintext:
		return true
	case speaksAmbient:
		workload := w.istiod.Index.Workloads[gateway.IP()]
		return workload != nil && workload.Waypoint == nil && !w.listensOnHBONE(gateway)
	}
	proxy, err := w.istiod.Proxy(from.pod)
	if err != nil {
		return false
	}
	for name := range proxy.Clusters {
		for _, endpoint := range proxy.Endpoints(name) {
			found := placeOf(endpoint)
			if found.ip != gateway.IP() || found.port != w.request.Destination.Port {
				continue
			}
			if found.tunnel || transport(proxy.Clusters[name], endpoint.GetMetadata()) != byPlaintext {
				return false
			}
		}
	}
	return true
}

// hasRouteTo says whether a gateway knows a Service that leads to the port.
func (w *way) hasRouteTo(gateway *cluster.Pod, from caller) bool {
	proxy, err := w.istiod.Proxy(from.pod)
	if err != nil {
		return false
	}
	for name := range proxy.Clusters {
		for _, endpoint := range proxy.Endpoints(name) {
			if found := placeOf(endpoint); found.ip == gateway.IP() && found.port == w.request.Destination.Port {
				return true
			}
		}
	}
	return false
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
