package judge

import (
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"

	corev1 "k8s.io/api/core/v1"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/istiod"
	"istio.io/istio/pkg/config/protocol"
)

const passthrough = "PassthroughCluster"

// followSidecar sends a request through the outbound listener of the client's own sidecar, and on to where it leads.
func (w *way) followSidecar(from caller, to destination, proxy *istiod.Proxy, address string, port int) {
	listener := outboundListener(proxy, address, port)
	if listener == nil {
		w.end(cases.NotCovered, "the sidecar has no outbound listener")
		return
	}
	name, ok := w.askRouter(envoy.Wire{
		Door: envoy.Door{Pod: from.pod.Key, Listener: listener.Name}, Source: from.ip, Destination: address, Port: port,
	}, "the client's sidecar, "+listener.Name)
	switch {
	case !ok:
	case name == passthrough && to.pod == nil:
		w.end(cases.Allowed, "it leaves the mesh in plaintext")
	case name == passthrough:
		w.atPod(to.pod, arrival{by: byPlaintext, source: from.ip, port: to.direct()})
	default:
		w.followCluster(from, to, name)
	}
}

// outboundListener is the one that Envoy hands a connection to by its original destination.
func outboundListener(proxy *istiod.Proxy, address string, port int) *listenerv3.Listener {
	var anyAddress, virtual *listenerv3.Listener
	for _, listener := range proxy.Listeners {
		at := listener.GetAddress().GetSocketAddress()
		switch {
		case listener.Name == envoy.VirtualOutbound:
			virtual = listener
		case listener.Name == envoy.VirtualInbound || int(at.GetPortValue()) != port:
		case at.GetAddress() == address:
			return listener
		case at.GetAddress() == "0.0.0.0":
			anyAddress = listener
		}
	}
	if anyAddress != nil {
		return anyAddress
	}
	return virtual
}

// followCluster goes on from a cluster of the client's: to the pod that the request names where it is among the endpoints.
func (w *way) followCluster(from caller, to destination, name string) {
	proxy, err := w.istiod.Proxy(from.pod)
	if err != nil {
		w.end(cases.NotCovered, "%v", err)
		return
	}
	spoken := protocol.TCP
	if port := w.portOf(name); port != nil {
		spoken = protocolOf(port)
	}
	if found := proxy.Clusters[name]; to.pod != nil && originalDestination(found) {
		w.toOriginalDestination(from, to.pod, to.direct(), found, spoken)
		return
	}
	w.toEndpoint(from, to, name, w.protocols(spoken))
}

// portOf is the port of the Service that a cluster stands for, nil where there is none.
func (w *way) portOf(name string) *corev1.ServicePort {
	service, number, _ := w.named(name)
	if found := w.cluster.Services[service]; found != nil {
		for i := range found.Spec.Ports {
			if int(found.Spec.Ports[i].Port) == number {
				return &found.Spec.Ports[i]
			}
		}
	}
	return nil
}
