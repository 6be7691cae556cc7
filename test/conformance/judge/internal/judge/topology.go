package judge

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/istiod"
	"ambit.dev/conformance/judge/internal/ztunnel"
	"istio.io/istio/pkg/config/protocol"
	"istio.io/istio/pkg/workloadapi"
)

// Topology says where Istio sees a mesh otherwise than the case.
func Topology(control *istiod.Istiod) (differences []string) {
	said := control.Cluster.Case.Topology
	for _, workload := range said.Workloads {
		if pod := control.Cluster.Pods[workload.Key]; pod != nil && pod.Plane != cluster.Unclear {
			differences = append(differences, workloadDifferences(control.Index, workload, pod)...)
		}
	}
	for _, service := range said.Services {
		if found := control.Cluster.Services[service.Key]; found != nil {
			differences = append(differences, serviceDifferences(control.Index, service, found)...)
		}
	}
	return differences
}

func workloadDifferences(index *istiod.Index, said cases.Workload, pod *cluster.Pod) (out []string) {
	if said.Plane != "" && said.Plane != string(pod.Plane) {
		out = append(out, fmt.Sprintf("plane of %s: said %s (%s), is %s (%s)", said.Key, said.Plane, said.Because, pod.Plane, pod.Why))
	}
	workload := index.Workloads[pod.IP()]
	if workload == nil {
		if pod.Spec.HostNetwork {
			return out
		}
		return append(out, fmt.Sprintf("workload %s is not in istiod's ambient index", said.Key))
	}
	if bound := binding(index, workload.Waypoint); said.Binding != "" && said.Binding != bound {
		out = append(out, fmt.Sprintf("waypoint of workload %s: said %s, is %s", said.Key, said.Binding, bound))
	}
	hbone := workload.TunnelProtocol == workloadapi.TunnelProtocol_HBONE
	if said.Hbone != nil && *said.Hbone != hbone && pod.Plane != cluster.Gateway {
		out = append(out, fmt.Sprintf("HBONE of workload %s: said %v, is %v", said.Key, *said.Hbone, hbone))
	}
	return out
}

func serviceDifferences(index *istiod.Index, said cases.Service, service *corev1.Service) (out []string) {
	if service.Spec.Type == corev1.ServiceTypeExternalName {
		return nil
	}
	found := index.Hosts[fmt.Sprintf("%s/%s.%s.svc.%s", service.Namespace, service.Name, service.Namespace, cluster.Domain)]
	if found == nil {
		return []string{fmt.Sprintf("Service %s is not in istiod's ambient index", said.Key)}
	}
	// A waypoint before a Service without an address is written down and meets nobody: ztunnel looks for addresses.
	if bound := binding(index, found.Waypoint); len(found.Addresses) > 0 && said.Binding != "" && said.Binding != bound {
		out = append(out, fmt.Sprintf("waypoint of Service %s: said %s, is %s", said.Key, said.Binding, bound))
	}
	for _, port := range said.Ports {
		for i := range service.Spec.Ports {
			own := &service.Spec.Ports[i]
			if int(own.Port) != port.Number || own.Protocol != corev1.ProtocolTCP {
				continue
			}
			if layer := layerOf(protocolOf(own)); port.Layer != "" && port.Layer != layer {
				out = append(out, fmt.Sprintf("protocol of %s:%d: said %s, is %s (%s)", said.Key, port.Number, port.Layer, layer, protocolOf(own)))
			}
		}
	}
	return out
}

func layerOf(of protocol.Instance) string {
	switch {
	case of.IsHTTP():
		return "http"
	case of.IsUnsupported():
		return "detected"
	}
	return "tcp"
}

// binding names the Gateway behind the address of a waypoint, as the case does.
func binding(index *istiod.Index, address *workloadapi.GatewayAddress) string {
	if address == nil {
		return "-"
	}
	service := ztunnel.Gateway(index, address)
	if service == nil {
		return fmt.Sprint(address)
	}
	return service.Namespace + "/" + service.Name
}
