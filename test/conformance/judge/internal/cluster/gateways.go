package cluster

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// managed is what istiod's deployment controller makes of a Gateway of a class.
type managed struct {
	plane      Plane
	controller string
	suffix     string
}

var classes = map[string]managed{
	"istio":          {plane: Gateway, controller: "istio.io-gateway-controller", suffix: "-istio"},
	"istio-waypoint": {plane: Waypoint, controller: "istio.io-mesh-controller"},
}

const (
	gatewayNameLabel  = "gateway.networking.k8s.io/gateway-name"
	gatewayClassLabel = "gateway.networking.k8s.io/gateway-class-name"
	managedLabel      = "gateway.istio.io/managed"
	revisionLabel     = "istio.io/rev"
)

// GatewayKey is the key of a managed gateway's pod.
func GatewayKey(name string) string { return "gateway:" + name }

// startGateways does what istiod's deployment controller does for managed Gateways: a Deployment with one pod, and a
// Service. A Gateway whose status is written keeps it.
func (c *Cluster) startGateways() {
	for _, gateway := range c.Gateways {
		c.namespace(gateway.GetNamespace())
		class, _, _ := unstructured.NestedString(gateway.Object, "spec", "gatewayClassName")
		kind, known := classes[class]
		addresses, _, _ := unstructured.NestedSlice(gateway.Object, "spec", "addresses")
		if !known || len(addresses) > 0 || !c.served(gateway) {
			continue
		}
		deployment := gateway.GetName() + kind.suffix
		host := fmt.Sprintf("%s.%s.svc.%s", deployment, gateway.GetNamespace(), Domain)
		if ready := c.program(gateway, host); !ready {
			continue
		}
		c.startGateway(gateway, class, deployment, kind)
	}
}

// served says whether the case's istiod takes care of the Gateway: by its own label, or by that of its namespace.
func (c *Cluster) served(gateway *unstructured.Unstructured) bool {
	own := c.Case.Settings.Revision
	if own == "" {
		own = "default"
	}
	revision := gateway.GetLabels()[revisionLabel]
	if revision == "" {
		revision = c.namespace(gateway.GetNamespace())[revisionLabel]
	}
	return revision == "" || revision == own
}

// program writes the address into the status where nobody has, and says whether the gateway has one.
func (c *Cluster) program(gateway *unstructured.Unstructured, host string) bool {
	if _, written := gateway.Object["status"]; !written {
		gateway.Object["status"] = map[string]any{
			"addresses": []any{map[string]any{"type": "Hostname", "value": host}},
		}
	}
	given, _, _ := unstructured.NestedSlice(gateway.Object, "status", "addresses")
	return len(given) > 0
}

func (c *Cluster) startGateway(gateway *unstructured.Unstructured, class, deployment string, kind managed) {
	namespace, name := gateway.GetNamespace(), gateway.GetName()
	labels := map[string]string{
		gatewayNameLabel: name, gatewayClassLabel: class, managedLabel: kind.controller,
		"sidecar.istio.io/inject": "false", "istio.io/dataplane-mode": "none",
		"service.istio.io/canonical-name": deployment, "service.istio.io/canonical-revision": "latest",
	}
	infrastructure, _, _ := unstructured.NestedStringMap(gateway.Object, "spec", "infrastructure", "labels")
	for key, value := range infrastructure {
		labels[key] = value
	}
	pod := &Pod{
		Key: GatewayKey(namespace + "/" + name), Plane: kind.plane, Why: "a Gateway of class " + class, GatewayName: name,
		Pod: &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: deployment + "-gateway", Namespace: namespace, Labels: labels},
			Spec:       corev1.PodSpec{ServiceAccountName: deployment, Containers: []corev1.Container{{Name: "istio-proxy"}}},
		},
	}
	running(pod.Pod, c.addresses.nextPod())
	c.Pods[pod.Key] = pod
	key := namespace + "/" + deployment
	if c.Services[key] != nil {
		return
	}
	c.Services[key] = &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: deployment, Namespace: namespace, Labels: map[string]string{gatewayNameLabel: name, managedLabel: kind.controller}},
		Spec:       corev1.ServiceSpec{Ports: gatewayPorts(gateway, kind), Selector: map[string]string{gatewayNameLabel: name}},
	}
}

func gatewayPorts(gateway *unstructured.Unstructured, kind managed) []corev1.ServicePort {
	ports := []corev1.ServicePort{servicePort("status-port", 15021, "tcp")}
	if kind.plane == Waypoint {
		return append(ports, servicePort("mesh", 15008, "hbone"))
	}
	listeners, _, _ := unstructured.NestedSlice(gateway.Object, "spec", "listeners")
	seen := map[int64]bool{}
	for i, listener := range listeners {
		fields, _ := listener.(map[string]any)
		number, _, _ := unstructured.NestedInt64(fields, "port")
		if number == 0 || seen[number] {
			continue
		}
		seen[number] = true
		protocol, _, _ := unstructured.NestedString(fields, "protocol")
		ports = append(ports, servicePort(fmt.Sprintf("port-%d", i), number, strings.ToLower(protocol)))
	}
	return ports
}

func servicePort(name string, number int64, protocol string) corev1.ServicePort {
	return corev1.ServicePort{Name: name, Port: int32(number), TargetPort: intstr.FromInt32(int32(number)), AppProtocol: &protocol}
}
