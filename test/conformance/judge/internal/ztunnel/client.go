package ztunnel

import (
	"fmt"

	"ambit.dev/conformance/judge/internal/istiod"
	"istio.io/istio/pkg/workloadapi"
)

// Target is what a client behind ztunnel addresses: a service by its address, or a pod.
type Target struct {
	// Service is the virtual IP, empty for a pod.
	Service string
	// Pod is the address of the pod: the one addressed, or the one that load balancing picks.
	Pod string
	// Port is the one addressed, and PodPort what kube-proxy makes of it.
	Port    int
	PodPort int
}

// Way is how ztunnel sends a connection on.
type Way struct {
	// Waypoint is the address of a waypoint's pod, where the connection goes through one.
	Waypoint string
	// Authority is what the tunnel to the waypoint or the pod is opened for.
	Authority string
	// Port is the port of the pod.
	Port int
	// Tunnelled says that it goes to the pod over HBONE, not in plaintext.
	Tunnelled bool
	// Refused says why it goes nowhere.
	Refused string
}

// Send decides about a connection as the ztunnel of a client does.
func Send(index *istiod.Index, target Target) Way {
	if target.Service != "" {
		return toService(index, target)
	}
	workload := index.Workloads[target.Pod]
	if workload != nil && workload.Waypoint != nil {
		return toWaypoint(index, workload.Waypoint, fmt.Sprintf("%s:%d", target.Pod, target.Port))
	}
	return toPod(workload, target.Pod, target.Port)
}

func toService(index *istiod.Index, target Target) Way {
	service := index.Services[target.Service]
	if service == nil {
		// What ztunnel does not know it passes through, and kube-proxy picks the pod.
		return Way{Port: target.PodPort}
	}
	if service.Waypoint != nil {
		return toWaypoint(index, service.Waypoint, fmt.Sprintf("%s:%d", target.Service, target.Port))
	}
	port, ok := portOf(service.Ports, target.Port)
	if !ok {
		return Way{Refused: fmt.Sprintf("the service has no port %d", target.Port)}
	}
	workload := index.Workloads[target.Pod]
	if workload == nil {
		return Way{Refused: "ztunnel knows no workload at " + target.Pod}
	}
	member := workload.Services[service.Namespace+"/"+service.Hostname]
	if member == nil {
		return Way{Refused: fmt.Sprintf("%s is no endpoint of %s", target.Pod, service.Hostname)}
	}
	if own, ok := portOf(member.Ports, target.Port); ok && own != 0 {
		port = own
	}
	return toPod(workload, target.Pod, port)
}

func portOf(ports []*workloadapi.Port, number int) (target int, ok bool) {
	for _, port := range ports {
		if int(port.ServicePort) == number {
			return int(port.TargetPort), true
		}
	}
	return 0, false
}

func toPod(workload *workloadapi.Workload, ip string, port int) Way {
	way := Way{Port: port, Authority: fmt.Sprintf("%s:%d", ip, port)}
	way.Tunnelled = workload != nil && workload.TunnelProtocol == workloadapi.TunnelProtocol_HBONE
	return way
}

func toWaypoint(index *istiod.Index, address *workloadapi.GatewayAddress, authority string) Way {
	service := Gateway(index, address)
	if service == nil {
		return Way{Refused: fmt.Sprintf("ztunnel knows no waypoint %v", address)}
	}
	for _, ip := range sorted(index.Workloads) {
		if index.Workloads[ip].Services[service.Namespace+"/"+service.Hostname] != nil {
			return Way{Waypoint: ip, Authority: authority}
		}
	}
	return Way{Refused: fmt.Sprintf("waypoint %s has no endpoint", service.Hostname)}
}

// Gateway is the service behind the address of a waypoint.
func Gateway(index *istiod.Index, address *workloadapi.GatewayAddress) *workloadapi.Service {
	if host := address.GetHostname(); host != nil {
		return index.Hosts[host.Namespace+"/"+host.Hostname]
	}
	return index.Services[istiod.Address(address.GetAddress().GetAddress())]
}
