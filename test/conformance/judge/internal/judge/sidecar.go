package judge

import (
	"fmt"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev1 "k8s.io/api/core/v1"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/istiod"
	"istio.io/istio/pkg/config/kube"
	"istio.io/istio/pkg/config/protocol"
)

// fromSidecar is a client with a sidecar. It goes to the destination it names whatever its routes say, unless it is to
// follow them.
func (w *way) fromSidecar(from caller, to destination) {
	address, port := to.address()
	capture := from.pod.Capture
	if capture.Mode == "NONE" || capture.ExcludeInterfaces != "" {
		w.end(cases.NotCovered, "interceptionMode NONE and excludeInterfaces")
		return
	}
	if !capture.Outbound(address, port) {
		w.say("the sidecar does not capture %s:%d", address, port)
		w.atPod(to.pod, arrival{by: byPlaintext, source: from.ip, port: to.direct()})
		return
	}
	isOwn := address == from.pod.IP()
	if isOwn && to.service == nil {
		isOwn, from.pod = false, otherPodOf(from.pod)
		from.ip = orElse(w.request.Source.IP, from.pod.IP())
	}
	proxy, err := w.istiod.Proxy(from.pod)
	switch {
	case err != nil:
		w.end(cases.NotCovered, "%v", err)
	case isOwn && w.request.Follow:
		w.end(cases.NotCovered, "a pod that follows routes to its own address")
	case w.request.Follow:
		w.followSidecar(from, to, proxy, address, port)
	case to.service == nil:
		w.sidecarToPod(from, to, proxy)
	default:
		w.sidecarToService(from, to, proxy)
	}
}

// sidecarToPod: no listener knows the address of a pod, unless a headless Service put it there.
func (w *way) sidecarToPod(from caller, to destination, proxy *istiod.Proxy) {
	for _, listener := range proxy.Listeners {
		address := listener.GetAddress().GetSocketAddress()
		if address.GetAddress() != to.pod.IP() || int(address.GetPortValue()) != to.port {
			continue
		}
		name := onlyLeadsTo(listener)
		if found := proxy.Clusters[name]; originalDestination(found) {
			w.say("listener %s of a headless Service leads to %s", listener.Name, name)
			w.toOriginalDestination(from, to.pod, to.port, found, protocol.TCP)
			return
		}
		w.end(cases.NotCovered, "listener %s is for the address of the pod", listener.Name)
		return
	}
	w.passThrough(from, to, proxy)
}

func (w *way) passThrough(from caller, to destination, proxy *istiod.Proxy) {
	if blocks(proxy) {
		w.end(cases.NoPath, "outboundTrafficPolicy is REGISTRY_ONLY")
		return
	}
	w.say("the sidecar passes it through in plaintext")
	w.atPod(to.pod, arrival{by: byPlaintext, source: from.ip, port: to.direct()})
}

func (w *way) sidecarToService(from caller, to destination, proxy *istiod.Proxy) {
	name := fmt.Sprintf("outbound|%d||%s", to.servicePort.Port, to.host())
	found := proxy.Clusters[name]
	if found == nil {
		w.say("the sidecar has no cluster %s", name)
		w.passThrough(from, to, proxy)
		return
	}
	spoken := protocolOf(to.servicePort)
	if w.request.Payload.Kind == "tcp" && spoken.IsHTTP() {
		w.bytesOnHTTP(from, to, proxy)
		return
	}
	if to.headless() && originalDestination(found) {
		w.toOriginalDestination(from, to.pod, int(to.servicePort.Port), found, spoken)
		return
	}
	w.toEndpoint(from, to, name, w.protocols(spoken))
}

// bytesOnHTTP is what a listener for HTTP does with bytes that are none: mostly it has a chain that passes them through.
func (w *way) bytesOnHTTP(from caller, to destination, proxy *istiod.Proxy) {
	address, port := to.address()
	if leadsTo(catchAll(outboundListener(proxy, address, port))) == passthrough {
		w.passThrough(from, to, proxy)
		return
	}
	w.end(cases.BadRequest, "the sidecar's own listener reads HTTP, and these bytes are none")
}

func originalDestination(of *clusterv3.Cluster) bool {
	return of.GetType() == clusterv3.Cluster_ORIGINAL_DST
}

// toOriginalDestination is a sidecar's way to a headless Service: the address that the client chose, with a transport
// that is the same for all pods.
func (w *way) toOriginalDestination(from caller, pod *cluster.Pod, port int, found *clusterv3.Cluster, of protocol.Instance) {
	a := arrival{by: transport(found, nil), source: from.ip, port: port}
	if override := found.GetOriginalDstLbConfig().GetUpstreamPortOverride(); override != nil {
		a.port = int(override.GetValue())
	}
	switch a.by {
	case byPlaintext:
	case byMutualTLS:
		a.identity, a.protocols = from.identity, w.protocols(of)
	default:
		w.end(cases.NotCovered, "transport %s", a.by)
		return
	}
	w.say("the sidecar goes to the pod's own address by %s", a.by)
	w.atPod(pod, a)
}

// protocols are what a sidecar offers in the handshake: the filter that sets them is Istio's alone.
func (w *way) protocols(of protocol.Instance) []string {
	if w.request.Payload.Kind == "http" && !of.IsTCP() {
		return []string{"istio-http/1.1", "istio", "http/1.1"}
	}
	return []string{"istio-peer-exchange", "istio"}
}

func protocolOf(port *corev1.ServicePort) protocol.Instance {
	return kube.ConvertProtocol(port.Port, port.Name, port.Protocol, port.AppProtocol)
}
