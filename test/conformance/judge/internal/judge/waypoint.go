package judge

import (
	"net"
	"strconv"
	"strings"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/envoy"
)

// throughWaypoint sends a request into a waypoint by HBONE, and on as the waypoint's own clusters and endpoints have it.
func (w *way) throughWaypoint(waypoint *cluster.Pod, from caller, to destination, authority string) {
	door := envoy.Door{Pod: waypoint.Key, Listener: envoy.ConnectTerminate}
	if !w.envoy.Has(door) {
		w.end(cases.NotCovered, "%s does not end HBONE", waypoint.Key)
		return
	}
	name, ok := w.askRouter(envoy.Wire{
		Door: door, Source: from.ip, Destination: waypoint.IP(), Port: hbonePort, Identity: from.identity,
		Protocols: []string{"h2"}, Tunnel: authority,
	}, "waypoint "+waypoint.Namespace+"/"+waypoint.GatewayName)
	if !ok {
		return
	}
	as := caller{pod: waypoint, identity: w.identityOf(waypoint), ip: waypoint.IP()}
	if strings.HasPrefix(name, "encap") {
		w.encapsulate(as, to, authority)
		return
	}
	w.toEndpoint(as, to, name, []string{"istio"})
}

// encapsulate is a waypoint's way to a pod that was addressed itself: on to the same address, by HBONE.
func (w *way) encapsulate(as caller, to destination, authority string) {
	_, text, err := net.SplitHostPort(authority)
	port, _ := strconv.Atoi(text)
	if err != nil || to.pod == nil {
		w.end(cases.NotCovered, "a waypoint that goes on to %s", authority)
		return
	}
	if !w.listensOnHBONE(to.pod) {
		w.end(w.unreachable(), "the waypoint sends HBONE, and the pod does not listen on it")
		return
	}
	w.atPod(to.pod, arrival{by: byHBONE, identity: as.identity, source: as.ip, port: port})
}

func (w *way) listensOnHBONE(pod *cluster.Pod) bool {
	workload := w.istiod.Index.Workloads[pod.IP()]
	return workload != nil && workload.TunnelProtocol.String() == "HBONE"
}

// unreachable is what the client of an Envoy sees where the upstream does not answer.
func (w *way) unreachable() cases.Verdict {
	if w.request.Payload.Kind == "tcp" {
		return cases.Closed
	}
	return cases.Unavailable
}
