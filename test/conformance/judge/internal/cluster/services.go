package cluster

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// addressServices fills in what the API server would: addresses, protocols and target ports.
func (c *Cluster) addressServices() {
	used := map[string]string{}
	for _, key := range sortedKeys(c.Services) {
		service := c.Services[key]
		service.TypeMeta = metav1.TypeMeta{Kind: "Service", APIVersion: "v1"}
		spec := &service.Spec
		if other, taken := used[spec.ClusterIP]; taken {
			c.note("Service %s: its address %s is that of Service %s, and is replaced", key, spec.ClusterIP, other)
			spec.ClusterIP, spec.ClusterIPs = "", nil
		}
		if spec.Type != corev1.ServiceTypeExternalName && spec.ClusterIP == "" {
			spec.ClusterIP = c.addresses.nextService()
		}
		if spec.ClusterIP != "" && spec.ClusterIP != corev1.ClusterIPNone {
			used[spec.ClusterIP] = key
			if len(spec.ClusterIPs) == 0 {
				spec.ClusterIPs = []string{spec.ClusterIP}
			}
		}
		for i := range spec.Ports {
			port := &spec.Ports[i]
			if port.Protocol == "" {
				port.Protocol = corev1.ProtocolTCP
			}
			if port.TargetPort.IntVal == 0 && port.TargetPort.StrVal == "" {
				port.TargetPort = intstr.FromInt32(port.Port)
			}
		}
	}
}

// TargetPort is the port of a pod that a Service's port leads to.
func TargetPort(port corev1.ServicePort, pod *Pod) (int32, bool) {
	if port.TargetPort.Type == intstr.Int {
		return port.TargetPort.IntVal, true
	}
	for _, list := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for _, container := range list {
			for _, declared := range container.Ports {
				if declared.Name == port.TargetPort.StrVal && protocolOf(declared.Protocol) == port.Protocol {
					return declared.ContainerPort, true
				}
			}
		}
	}
	return 0, false
}

func protocolOf(protocol corev1.Protocol) corev1.Protocol {
	if protocol == "" {
		return corev1.ProtocolTCP
	}
	return protocol
}

// selectEndpoints does the work of the endpoint slice controller, beside the slices that the case brings.
func (c *Cluster) selectEndpoints() {
	for _, slice := range c.Slices {
		c.completeSlice(slice)
	}
	for _, key := range sortedKeys(c.Services) {
		service := c.Services[key]
		if len(service.Spec.Selector) == 0 {
			continue
		}
		c.Slices = append(c.Slices, c.slicesOf(service)...)
	}
}

// slicesOf makes a slice for each set of ports that the selected pods resolve to.
func (c *Cluster) slicesOf(service *corev1.Service) []*discoveryv1.EndpointSlice {
	var slices []*discoveryv1.EndpointSlice
	byPorts := map[string]*discoveryv1.EndpointSlice{}
	selector := labels.SelectorFromSet(service.Spec.Selector)
	for _, pod := range c.SortedPods() {
		if pod.Namespace != service.Namespace || !selector.Matches(labels.Set(pod.Labels)) {
			continue
		}
		ports, signature := endpointPorts(service, pod)
		slice := byPorts[signature]
		if slice == nil {
			slice = &discoveryv1.EndpointSlice{
				ObjectMeta: metav1.ObjectMeta{
					Name: fmt.Sprintf("%s-%d", service.Name, len(slices)), Namespace: service.Namespace,
					Labels: map[string]string{discoveryv1.LabelServiceName: service.Name},
				},
				AddressType: discoveryv1.AddressTypeIPv4, Ports: ports,
			}
			byPorts[signature] = slice
			slices = append(slices, slice)
		}
		ready := true
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses:  []string{pod.IP()},
			Conditions: discoveryv1.EndpointConditions{Ready: &ready, Serving: &ready},
			TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace},
		})
	}
	return slices
}

func endpointPorts(service *corev1.Service, pod *Pod) (ports []discoveryv1.EndpointPort, signature string) {
	for _, port := range service.Spec.Ports {
		number, ok := TargetPort(port, pod)
		if !ok {
			continue
		}
		name, protocol := port.Name, port.Protocol
		ports = append(ports, discoveryv1.EndpointPort{Name: &name, Protocol: &protocol, Port: &number, AppProtocol: port.AppProtocol})
		signature += fmt.Sprintf("%s:%d,", name, number)
	}
	return ports, signature
}

// completeSlice fills in what manifests of slices leave out.
func (c *Cluster) completeSlice(slice *discoveryv1.EndpointSlice) {
	ready := true
	for i := range slice.Endpoints {
		endpoint := &slice.Endpoints[i]
		if endpoint.TargetRef != nil && endpoint.TargetRef.Namespace == "" {
			endpoint.TargetRef.Namespace = slice.Namespace
		}
		if endpoint.Conditions.Ready == nil {
			endpoint.Conditions.Ready = &ready
		}
	}
	service := c.Services[slice.Namespace+"/"+slice.Labels[discoveryv1.LabelServiceName]]
	if service == nil || len(slice.Ports) > 0 {
		return
	}
	for _, port := range service.Spec.Ports {
		name, protocol, number := port.Name, port.Protocol, port.TargetPort.IntVal
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: &name, Protocol: &protocol, Port: &number})
	}
}
