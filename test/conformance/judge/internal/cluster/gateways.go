package cluster

import (
	"fmt"
	"maps"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"ambit.dev/conformance/judge/internal/install"
	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
)

const (
	gatewayNameLabel  = "gateway.networking.k8s.io/gateway-name"
	gatewayClassLabel = "gateway.networking.k8s.io/gateway-class-name"
	managedLabel      = "gateway.istio.io/managed"
	revisionLabel     = "istio.io/rev"
	dataplaneLabel    = "istio.io/dataplane-mode"

	nameAnnotation    = "gateway.istio.io/name-override"
	accountAnnotation = "gateway.istio.io/service-account"
)

// GatewayKey is the key of a managed gateway's pod.
func GatewayKey(name string) string { return "gateway:" + name }

// startGateways does what istiod's deployment controller does for managed Gateways: a Deployment with one pod, and a
// Service. A Gateway whose status is written keeps it.
func (c *Cluster) startGateways() error {
	charts, err := install.Of(c.Case.Settings.Revision)
	if err != nil {
		return err
	}
	for _, object := range c.Gateways {
		c.namespace(object.GetNamespace())
		gateway := &gatewayv1.Gateway{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, gateway); err != nil {
			return fmt.Errorf("Gateway %s: %w", name(object), err)
		}
		class, known := gatewaycommon.ClassInfos[c.controllerOf(gateway)]
		if !known || !gatewaycommon.IsManaged(&gateway.Spec) || !c.served(gateway) {
			continue
		}
		deployment := orElse(gateway.Annotations[nameAnnotation], gatewaycommon.GetDefaultName(gateway.Name, &gateway.Spec, class.DisableNameSuffix))
		if c.program(object, fmt.Sprintf("%s.%s.svc.%s", deployment, gateway.Namespace, Domain)) {
			c.startGateway(gateway, class, deployment, charts.Ambient.Matches)
		}
	}
	return nil
}

// controllerOf is the controller of the Gateway's class: of one that istiod makes, or one of the case.
func (c *Cluster) controllerOf(gateway *gatewayv1.Gateway) gatewayv1.GatewayController {
	for _, object := range c.Objects {
		if object.GetKind() == "GatewayClass" && object.GetName() == string(gateway.Spec.GatewayClassName) {
			controller, _, _ := unstructured.NestedString(object.Object, "spec", "controllerName")
			return gatewayv1.GatewayController(controller)
		}
	}
	return gatewaycommon.AllClasses[gateway.Spec.GatewayClassName]
}

// served says whether the case's istiod takes care of the Gateway: by its own label, or by that of its namespace.
func (c *Cluster) served(gateway *gatewayv1.Gateway) bool {
	revision := orElse(gateway.Labels[revisionLabel], c.namespace(gateway.Namespace)[revisionLabel])
	return revision == "" || revision == orElse(c.Case.Settings.Revision, "default")
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
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

func (c *Cluster) startGateway(gateway *gatewayv1.Gateway, class gatewaycommon.ClassInfo, deployment string, ambient func(labels, annotations, namespace map[string]string) bool) {
	labels, annotations := gatewayMetadata(gateway, class, deployment)
	pod := &Pod{
		Key: GatewayKey(gateway.Namespace + "/" + gateway.Name), Plane: Gateway, GatewayName: gateway.Name,
		Why: "a Gateway of class " + string(gateway.Spec.GatewayClassName),
		Pod: &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: deployment + "-gateway", Namespace: gateway.Namespace, Labels: labels, Annotations: annotations},
			Spec: corev1.PodSpec{
				ServiceAccountName: orElse(gateway.Annotations[accountAnnotation], deployment),
				Containers:         []corev1.Container{{Name: "istio-proxy"}},
			},
		},
	}
	if isWaypoint(class) {
		pod.Plane = Waypoint
	}
	if c.captures(pod, ambient) {
		pod.Annotations = with(annotations, redirectionAnnotation, "enabled")
	}
	running(pod.Pod, c.addresses.nextPod())
	c.Pods[pod.Key] = pod
	key := gateway.Namespace + "/" + deployment
	if c.Services[key] != nil {
		return
	}
	c.Services[key] = &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{
			Name: deployment, Namespace: gateway.Namespace,
			Labels: map[string]string{gatewayNameLabel: gateway.Name, managedLabel: class.ControllerLabel},
		},
		Spec: corev1.ServiceSpec{Ports: gatewayPorts(gateway), Selector: map[string]string{gatewayNameLabel: gateway.Name}},
	}
}

func isWaypoint(class gatewaycommon.ClassInfo) bool { return class.Templates == "waypoint" }

// gatewayMetadata is what istiod and its templates write on pods: a waypoint's are never in the ambient mesh, a gateway's where
// somebody says so.
func gatewayMetadata(gateway *gatewayv1.Gateway, class gatewaycommon.ClassInfo, deployment string) (labels, annotations map[string]string) {
	labels = map[string]string{
		"sidecar.istio.io/inject": "false", "service.istio.io/canonical-name": deployment, "service.istio.io/canonical-revision": "latest",
	}
	if isWaypoint(class) {
		labels[dataplaneLabel] = "none"
	}
	annotations = map[string]string{}
	ownLabels, ownAnnotations := gateway.Labels, gateway.Annotations
	if infrastructure := gateway.Spec.Infrastructure; infrastructure != nil {
		if infrastructure.Labels != nil {
			ownLabels = texts(infrastructure.Labels)
		}
		if infrastructure.Annotations != nil {
			ownAnnotations = texts(infrastructure.Annotations)
		}
	}
	maps.Copy(labels, ownLabels)
	maps.Copy(annotations, ownAnnotations)
	if !isWaypoint(class) && !isEastWest(gateway) && !saysDataplane(gateway, ownLabels) {
		labels[dataplaneLabel] = "none"
	}
	delete(annotations, nameAnnotation)
	delete(annotations, accountAnnotation)
	labels[gatewayNameLabel], labels[gatewayClassLabel] = gateway.Name, string(gateway.Spec.GatewayClassName)
	labels[managedLabel] = class.ControllerLabel
	return labels, annotations
}

// saysDataplane says whether somebody chose if ztunnel takes the gateway in; istiod has it left out where nobody did.
func saysDataplane(gateway *gatewayv1.Gateway, copied map[string]string) bool {
	_, own := gateway.Labels[dataplaneLabel]
	_, infrastructure := copied[dataplaneLabel]
	return own || infrastructure
}

func isEastWest(gateway *gatewayv1.Gateway) bool {
	return strings.Contains(string(gateway.Spec.GatewayClassName), "east-west")
}

func texts[K, V ~string](of map[K]V) map[string]string {
	out := map[string]string{}
	for key, value := range of {
		if !strings.HasPrefix(string(key), "gateway.networking.k8s.io/") {
			out[string(key)] = string(value)
		}
	}
	return out
}

func gatewayPorts(gateway *gatewayv1.Gateway) []corev1.ServicePort {
	ports := []corev1.ServicePort{servicePort("status-port", 15021, "tcp")}
	seen := map[int32]bool{}
	for i, listener := range gateway.Spec.Listeners {
		if seen[listener.Port] {
			continue
		}
		seen[listener.Port] = true
		ports = append(ports, servicePort(fmt.Sprintf("port-%d", i), listener.Port, strings.ToLower(string(listener.Protocol))))
	}
	return ports
}

func servicePort(name string, number int32, protocol string) corev1.ServicePort {
	return corev1.ServicePort{Name: name, Port: number, TargetPort: intstr.FromInt32(number), AppProtocol: &protocol}
}
