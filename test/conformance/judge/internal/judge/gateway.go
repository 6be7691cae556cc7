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
	if from.speaks != speaksPlaintext && !(from.speaks == speaksAmbient && w.plaintextTo(gateway)) {
		w.end(cases.NotCovered, "a gateway called by a %s", from.speaks)
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
		wire.ServerName = strings.Split(w.request.Payload.Host, ":")[0]
	}
	_, ok := w.ask(wire, "gateway "+gateway.Key)
	if ok || w.answer.Judge == "status-404" {
		w.answer.Judge = cases.Allowed
	}
}

// plaintextTo: ztunnel calls a gateway in plaintext, unless it is in the ambient mesh itself.
func (w *way) plaintextTo(gateway *cluster.Pod) bool {
	workload := w.istiod.Index.Workloads[gateway.IP()]
	return workload != nil && workload.Waypoint == nil && !w.listensOnHBONE(gateway)
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

// blocks says whether what no listener knows ends at the sidecar.
func blocks(proxy *istiod.Proxy) bool {
	for _, listener := range proxy.Listeners {
		if listener.Name != envoy.VirtualOutbound {
			continue
		}
		for _, filter := range listener.GetDefaultFilterChain().GetFilters() {
			if strings.Contains(filter.String(), "BlackHoleCluster") {
				return true
			}
		}
	}
	return false
}
