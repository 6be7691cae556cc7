package judge

import (
	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/ztunnel"
)

// fromAmbient is a client behind ztunnel. The name of a headless Service is the address of a pod, with the Service's port.
func (w *way) fromAmbient(from caller, to destination) {
	if w.request.Source.Kind == "workload" && w.istiod.Index.Workloads[from.pod.IP()] == nil {
		w.end(cases.NotCovered, "istiod does not tell ztunnel of %s", from.pod.Key)
		return
	}
	target := ztunnel.Target{Pod: to.pod.IP(), PodPort: to.port}
	address, port := to.address()
	target.Port = port
	if address != to.pod.IP() {
		target.Service = address
	}
	way := ztunnel.Send(w.istiod.Index, target)
	switch {
	case way.Refused != "":
		w.end(cases.NoPath, "%s", way.Refused)
	case way.Waypoint != "":
		waypoint := w.cluster.PodAt(way.Waypoint)
		if waypoint == nil || waypoint.Plane != cluster.Waypoint {
			w.end(cases.NotCovered, "no Envoy of a waypoint at %s", way.Waypoint)
			return
		}
		w.throughWaypoint(waypoint, from, to, way.Authority)
	case way.Tunnelled:
		w.atPod(to.pod, arrival{by: byHBONE, identity: from.identity, source: from.ip, port: way.Port})
	default:
		w.atPod(to.pod, arrival{by: byPlaintext, source: from.ip, port: way.Port})
	}
}
