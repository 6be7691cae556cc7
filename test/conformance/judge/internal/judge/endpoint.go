package judge

import (
	"fmt"
	"net"
	"slices"
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

// by is what is spoken to the place.
func (p place) by(transport string) string {
	if p.tunnel {
		return byHBONE
	}
	return transport
}

const metadataOfDestination = "envoy.filters.listener.original_dst"

// placeOf reads an endpoint: an address, or the inside of a tunnel with the address in its metadata.
func placeOf(endpoint *endpointv3.LbEndpoint) place {
	if address := endpoint.GetEndpoint().GetAddress().GetSocketAddress(); address != nil {
		return place{ip: address.GetAddress(), port: int(address.GetPortValue()), endpoint: endpoint}
	}
	fields := endpoint.GetMetadata().GetFilterMetadata()[metadataOfDestination].GetFields()
	text := fields["local"].GetStringValue()
	if text == "" {
		id := endpoint.GetEndpoint().GetAddress().GetEnvoyInternalAddress().GetEndpointId()
		text = id[strings.LastIndex(id, ";")+1:]
	}
	ip, port, _ := net.SplitHostPort(text)
	number, _ := strconv.Atoi(port)
	return place{ip: ip, port: number, tunnel: true, waypoint: fields["waypoint"].GetStringValue(), endpoint: endpoint}
}

// toEndpoint sends a request from an Envoy to an endpoint of one of its clusters.
func (w *way) toEndpoint(as caller, to destination, name string, protocols []string) {
	proxy, err := w.istiod.Proxy(as.pod)
	if err != nil {
		w.end(cases.NotCovered, "%v", err)
		return
	}
	if w.last != nil {
		w.last.Pods = w.podsAmong(proxy.Endpoints(name))
	}
	found, ok := w.choose(proxy, name, to)
	if !ok && originalDestination(proxy.Clusters[name]) {
		w.end(cases.NotCovered, "%s goes to an address that is chosen on the way", name)
		return
	}
	if !ok {
		w.end(w.unreachable(), "%s has no endpoint for it", name)
		return
	}
	how := transport(proxy.Clusters[name], found.endpoint.GetMetadata())
	w.say("%s leads to %s:%d, %s", name, found.ip, found.port, found.by(how))
	if found.waypoint != "" {
		w.enterWaypoint(as, to, found)
		return
	}
	a := arrival{by: found.by(how), source: as.ip, port: found.port}
	switch pod := w.cluster.PodAt(found.ip); {
	case found.tunnel && how == byMutualTLS:
		w.end(cases.NotCovered, "mutual TLS in a tunnel")
	case pod == nil && (found.tunnel || how == byMutualTLS):
		w.end(cases.NotCovered, "a proxy at %s, where no pod is", found.ip)
	case pod == nil:
		w.end(cases.Allowed, "it leaves the mesh")
	case a.by == byPlaintext:
		w.atPod(pod, a)
	case a.by == byMutualTLS, a.by == byHBONE:
		a.identity, a.protocols = as.identity, protocols
		w.atPod(pod, a)
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

// choose picks the endpoint at the pod that the request names. Where routes led elsewhere it is the one with the lowest
// address: of another Service, or, where the request follows them, of another subset.
func (w *way) choose(proxy *istiod.Proxy, name string, to destination) (found place, ok bool) {
	for _, endpoint := range proxy.Endpoints(name) {
		at := placeOf(endpoint)
		if at.waypoint != "" || to.pod != nil && at.ip == to.pod.IP() {
			return at, true
		}
		if found.endpoint == nil || at.ip < found.ip {
			found = at
		}
	}
	elsewhere := w.request.Follow || to.service == nil || !strings.HasSuffix(name, "|"+to.host())
	return found, found.endpoint != nil && elsewhere
}

// podsAmong are the pods of the case at some endpoints.
func (j *Judge) podsAmong(endpoints []*endpointv3.LbEndpoint) (keys []string) {
	for _, endpoint := range endpoints {
		if pod := j.cluster.PodAt(placeOf(endpoint).ip); pod != nil {
			keys = append(keys, pod.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
