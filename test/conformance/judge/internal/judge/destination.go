package judge

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
)

// destination is a pod, and the Service by which it is addressed.
type destination struct {
	pod *cluster.Pod
	// port is the pod's port where a connection to it arrives.
	port int
	// service is nil where the pod is addressed.
	service     *corev1.Service
	servicePort *corev1.ServicePort
}

func (d destination) headless() bool {
	return d.service != nil && d.service.Spec.ClusterIP == corev1.ClusterIPNone
}

// host is the name of the Service in the mesh.
func (d destination) host() string {
	return fmt.Sprintf("%s.%s.svc.%s", d.service.Name, d.service.Namespace, cluster.Domain)
}

func (w *way) destination() (to destination, ok bool) {
	asked := w.request.Destination
	if asked.Kind != "service" && asked.Kind != "pod" {
		return to, w.end(cases.NotCovered, "a destination of kind %s", asked.Kind)
	}
	to.pod, to.port = w.cluster.Pods[asked.Workload], asked.Port
	if to.pod == nil {
		return to, w.end(cases.NotCovered, "no pod of %s", asked.Workload)
	}
	if asked.Kind == "pod" {
		return to, true
	}
	if to.service = w.cluster.Services[asked.Service]; to.service == nil {
		return to, w.end(cases.NotCovered, "no Service %s", asked.Service)
	}
	for i := range to.service.Spec.Ports {
		port := &to.service.Spec.Ports[i]
		if int(port.Port) == asked.Port && port.Protocol == corev1.ProtocolTCP {
			to.servicePort = port
		}
	}
	if to.servicePort == nil {
		return to, w.end(cases.NoPath, "the Service has no port %d", asked.Port)
	}
	target, ok := cluster.TargetPort(*to.servicePort, to.pod)
	if !ok {
		return to, w.end(cases.NoPath, "the pod has no port %s", to.servicePort.TargetPort.StrVal)
	}
	to.port = int(target)
	return to, true
}

// address is where a client connects to: a pod by itself or by the name of a headless Service, or the Service's own address.
func (d destination) address() (ip string, port int) {
	if d.service == nil {
		return d.pod.IP(), d.port
	}
	if d.headless() {
		return d.pod.IP(), int(d.servicePort.Port)
	}
	return d.service.Spec.ClusterIP, int(d.servicePort.Port)
}

// direct is the port where a connection arrives that no proxy sends: kube-proxy maps the ports of a Service with an
// address, and nobody those of a headless one.
func (d destination) direct() int {
	if d.headless() {
		return int(d.servicePort.Port)
	}
	return d.port
}
