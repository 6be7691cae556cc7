package judge

import (
	"fmt"
	"maps"
	"slices"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/ztunnel"
)

// externalAddress stands for the address of a host outside the cluster, where a ServiceEntry gives none.
const externalAddress = "198.51.100.200"

// toOutside is a request for a host that is no Service. Where no proxy stops it, it leaves the mesh.
func (w *way) toOutside(from caller) {
	address, port := w.addressOf(w.request.Destination.Host), w.request.Destination.Port
	switch {
	case from.speaks == speaksPlaintext:
		w.end(cases.Allowed, "it leaves the mesh")
	case from.speaks == speaksAmbient:
		w.ambientToOutside(from, address, port)
	case from.speaks == speaksSidecar && w.request.Follow:
		w.sidecarToOutside(from, address, port)
	default:
		w.end(cases.NotCovered, "a host outside the mesh, called by a %s and not followed", from.speaks)
	}
}

// addressOf is what a client finds for a host: the address that a ServiceEntry gives it.
func (w *way) addressOf(host string) string {
	for _, ip := range slices.Sorted(maps.Keys(w.istiod.Index.Services)) {
		if w.istiod.Index.Services[ip].Hostname == host {
			return ip
		}
	}
	return externalAddress
}

func (w *way) ambientToOutside(from caller, address string, port int) {
	service := w.istiod.Index.Services[address]
	if service == nil || service.Waypoint == nil {
		w.end(cases.Allowed, "ztunnel lets it leave the mesh")
		return
	}
	way := ztunnel.Send(w.istiod.Index, ztunnel.Target{Service: address, Port: port})
	waypoint := w.cluster.PodAt(way.Waypoint)
	if waypoint == nil || waypoint.Plane != cluster.Waypoint {
		w.end(cases.NotCovered, "no Envoy of the waypoint of %s%s", service.Hostname, way.Refused)
		return
	}
	w.throughWaypoint(waypoint, from, destination{}, fmt.Sprintf("%s:%d", address, port))
}

func (w *way) sidecarToOutside(from caller, address string, port int) {
	proxy, err := w.istiod.Proxy(from.pod)
	if err != nil {
		w.end(cases.NotCovered, "%v", err)
		return
	}
	if !from.pod.Capture.Outbound(address, port) {
		w.end(cases.Allowed, "the sidecar does not capture it, and it leaves the mesh")
		return
	}
	w.followSidecar(from, destination{}, proxy, address, port)
}
