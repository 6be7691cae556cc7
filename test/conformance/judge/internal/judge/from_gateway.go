package judge

import (
	"fmt"

	"ambit.dev/conformance/judge/internal/cases"
)

// fromGateway is a gateway that has a route to the destination.
func (w *way) fromGateway(from caller, to destination) {
	if to.service == nil {
		w.end(cases.NoPath, "a gateway has no route to the address of a pod")
		return
	}
	proxy, err := w.istiod.Proxy(from.pod)
	if err != nil {
		w.end(cases.NotCovered, "%v", err)
		return
	}
	name := fmt.Sprintf("outbound|%d||%s", to.servicePort.Port, to.host())
	if proxy.Clusters[name] == nil {
		w.end(cases.NoPath, "the gateway has no cluster %s", name)
		return
	}
	w.toEndpoint(from, to, name, w.protocols(protocolOf(to.servicePort)))
}
