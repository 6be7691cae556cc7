package judge

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/istiod"
)

// place is where an endpoint of an Envoy's cluster leads.
type place struct {
	ip       string
	port     int
	tunnel   bool
	waypoint string
	endpoint *endpointv3.LbEndpoint
}

const originalDestination = "envoy.filters.listener.original_dst"

// placeOf reads an endpoint: an address, or the inside of a tunnel with the address in its metadata.
func placeOf(endpoint *endpointv3.LbEndpoint) place {
	if address := endpoint.GetEndpoint().GetAddress().GetSocketAddress(); address != nil {
		return place{ip: address.GetAddress(), port: int(address.GetPortValue()), endpoint: endpoint}
	}
	fields := endpoint.GetMetadata().GetFilterMetadata()[originalDestination].GetFields()
	text := fields["local"].GetStringValue()
	if text == "" {
		id := endpoint.GetEndpoint().GetAddress().GetEnvoyInternalAddress().GetEndpointId()
		text = id[strings.LastIndex(id, ";")+1:]
	}
	ip, port, _ := net.SplitHostPort(text)
	number, _ := strconv.Atoi(port)
	return place{ip: ip, port: number, tunnel: true, waypoint: fields["waypoint"].GetStringValue(), endpoint: endpoint}
}

// toEndpoint sends a request from an Envoy to an endpoint of one of its clusters: to the pod that the request names, or to
// the first where routes led elsewhere.
func (w *way) toEndpoint(as caller, to destination, name string, protocols []string) {
	proxy, err := w.istiod.Proxy(as.pod)
	if err != nil {
		w.end(cases.NotCovered, "%v", err)
		return
	}
	found, ok := choose(proxy, name, to)
	if !ok {
		w.end(w.unreachable(), "%s has no endpoint at %s", name, to.pod.Key)
		return
	}
	pod := to.pod
	if found.waypoint == "" && found.ip != pod.IP() {
		if pod = w.cluster.PodAt(found.ip); pod == nil {
			w.end(cases.NotCovered, "an endpoint that is no pod: %s", found.ip)
			return
		}
	}
	how := transport(proxy.Clusters[name], found.endpoint.GetMetadata())
	w.say("%s leads to %s:%d: tunnel %v, %s", name, pod.Key, found.port, found.tunnel, how)
	switch {
	case found.tunnel && how == byMutualTLS:
		w.end(cases.NotCovered, "mutual TLS in a tunnel")
	case found.waypoint != "":
		w.enterWaypoint(as, to, found)
	case found.tunnel:
		w.atPod(pod, arrival{by: byHBONE, identity: as.identity, source: as.ip, port: found.port})
	case how == byMutualTLS:
		w.atPod(pod, arrival{by: byMutualTLS, identity: as.identity, source: as.ip, port: found.port, protocols: protocols})
	case how == byPlaintext:
		w.atPod(pod, arrival{by: byPlaintext, source: as.ip, port: found.port})
	default:
		w.end(cases.NotCovered, "transport %s", how)
	}
}

// enterWaypoint is a gateway's way to a Service by its waypoint.
func (w *way) enterWaypoint(as caller, to destination, found place) {
	host, _, _ := net.SplitHostPort(found.waypoint)
	waypoint := w.cluster.PodAt(host)
	if waypoint == nil || waypoint.Plane != cluster.Waypoint {
		w.end(cases.NotCovered, "no Envoy of a waypoint at %s", found.waypoint)
		return
	}
	w.throughWaypoint(waypoint, as, to, fmt.Sprintf("%s:%d", found.ip, found.port))
}

// choose picks the endpoint at the pod that the request names; of a Service that it does not name, the first.
func choose(proxy *istiod.Proxy, name string, to destination) (place, bool) {
	var first *place
	for _, endpoint := range proxy.Endpoints(name) {
		found := placeOf(endpoint)
		if found.waypoint != "" || found.ip == to.pod.IP() {
			return found, true
		}
		if first == nil {
			first = &found
		}
	}
	if first == nil || to.service == nil || strings.HasSuffix(name, "|"+to.host()) {
		return place{}, false
	}
	return *first, true
}
