package judge

import (
	"fmt"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/ztunnel"
)

// How a connection comes to a pod.
const (
	byPlaintext = "plaintext"
	byMutualTLS = "mutual TLS"
	byHBONE     = "HBONE"
)

type arrival struct {
	by        string
	identity  string
	source    string
	port      int
	protocols []string
}

const hbonePort = 15008

// atPod is what stands at the pod.
func (w *way) atPod(pod *cluster.Pod, a arrival) {
	w.say("at %s:%d (%s) by %s as %q", pod.Key, a.port, pod.Plane, a.by, a.identity)
	if w.last != nil {
		w.last.Pod = pod.Key
	}
	switch pod.Plane {
	case cluster.None:
		w.atApplication(a, "nobody there speaks "+a.by)
	case cluster.Ambient:
		w.atZtunnel(pod, a)
	case cluster.Sidecar:
		w.atSidecar(pod, a)
	default:
		w.end(cases.NotCovered, "%s: %s", pod.Plane, pod.Why)
	}
}

// atApplication is a connection that no proxy takes.
func (w *way) atApplication(a arrival, otherwise string) {
	if a.by == byPlaintext {
		w.end(cases.Allowed, "the application is reached")
		return
	}
	w.end(cases.Closed, "%s", otherwise)
}

func (w *way) atSidecar(pod *cluster.Pod, a arrival) {
	if pod.Capture.Mode == "NONE" || pod.Capture.ExcludeInterfaces != "" {
		w.end(cases.NotCovered, "interceptionMode NONE and excludeInterfaces")
		return
	}
	if !w.envoy.Runs(pod.Key) {
		w.end(cases.NotCovered, "no request of the case names %s, and its Envoy does not run", pod.Key)
		return
	}
	if a.by == byHBONE {
		door := envoy.Door{Pod: pod.Key, Listener: envoy.ConnectTerminate}
		if !w.envoy.Has(door) {
			w.end(cases.Closed, "the sidecar does not listen on HBONE")
			return
		}
		w.askLast(envoy.Wire{
			Door: door, Source: a.source, Destination: pod.IP(), Port: hbonePort, Identity: a.identity,
			Protocols: []string{"h2"}, Tunnel: fmt.Sprintf("%s:%d", pod.IP(), a.port),
		}, "sidecar by HBONE")
		return
	}
	if !pod.Capture.Inbound(a.port) {
		w.atApplication(a, "the sidecar does not capture the port, and the application does not speak "+a.by)
		return
	}
	w.askLast(envoy.Wire{
		Door: envoy.Door{Pod: pod.Key, Listener: envoy.VirtualInbound}, Source: a.source, Destination: pod.IP(), Port: a.port,
		Identity: a.identity, Protocols: a.protocols,
	}, "sidecar by "+a.by)
}

func (w *way) atZtunnel(pod *cluster.Pod, a arrival) {
	switch workload := w.istiod.Index.Workloads[pod.IP()]; {
	case a.by == byMutualTLS:
		w.end(cases.Closed, "ztunnel hands mutual TLS of sidecars to an application that does not speak it")
	case a.by == byPlaintext && pod.Annotations["ambient.istio.io/bypass-inbound-capture"] == "true":
		w.end(cases.Allowed, "ztunnel does not capture what comes in")
	case workload == nil:
		w.end(cases.NotCovered, "istiod does not tell ztunnel of %s", pod.Key)
	default:
		connection := ztunnel.Connection{Identity: a.identity, Source: a.source, Destination: pod.IP(), Port: a.port}
		verdict := cases.Closed
		admitted, why := ztunnel.Admits(w.istiod.Index, workload, connection)
		if admitted {
			verdict = cases.Allowed
		}
		w.end(verdict, "ztunnel: %s", why)
	}
}
