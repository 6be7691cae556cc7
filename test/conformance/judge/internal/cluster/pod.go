package cluster

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Plane is what stands between a pod and the network.
type Plane string

const (
	None     Plane = "none"
	Ambient  Plane = "ambient"
	Sidecar  Plane = "sidecar"
	Gateway  Plane = "gateway"
	Waypoint Plane = "waypoint"
	// Unclear is a workload whose pods run differently from each other, or that the injector does not let in.
	Unclear Plane = "unclear"
)

// Pod is a pod as it runs.
type Pod struct {
	*corev1.Pod
	Key   string
	Plane Plane
	// Why is what decided about the plane.
	Why     string
	Capture Capture
	// GatewayName is the Gateway that a managed gateway or waypoint serves.
	GatewayName string
}

// IP is the pod's address.
func (p *Pod) IP() string { return p.Status.PodIP }

// ServiceAccount is what the pod's certificate names.
func (p *Pod) ServiceAccount() string { return serviceAccount(p.Pod) }

// InAmbient says whether ztunnel stands before the pod, which may be before a gateway.
func (p *Pod) InAmbient() bool { return p.Annotations[redirectionAnnotation] == "enabled" }

// HasEnvoy says whether istiod configures an Envoy for the pod.
func (p *Pod) HasEnvoy() bool { return p.Plane == Sidecar || p.Plane == Gateway || p.Plane == Waypoint }

const metadataPrefix = "ISTIO_META_"

// NodeMetadata is what the proxy tells istiod of itself by its environment.
func (p *Pod) NodeMetadata() map[string]string {
	out := map[string]string{}
	proxy := p.proxy()
	if proxy == nil {
		return out
	}
	for _, variable := range proxy.Env {
		name, ok := strings.CutPrefix(variable.Name, metadataPrefix)
		if ok && variable.Value != "" {
			out[name] = variable.Value
		}
	}
	return out
}

// proxy is the container of Envoy, which may be an init container that stays.
func (p *Pod) proxy() *corev1.Container { return container(p.Pod, "istio-proxy") }

func container(pod *corev1.Pod, name string) *corev1.Container {
	for _, list := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	return nil
}

// What the injector and the CNI write on pods that they have taken in.
const (
	statusAnnotation      = "sidecar.istio.io/status"
	redirectionAnnotation = "ambient.istio.io/redirection"
)

// run says on which plane a pod is that has passed admission.
func (c *Cluster) run(pod *Pod, ambient func(labels, annotations, namespace map[string]string) bool) {
	proxy := pod.proxy()
	switch {
	case proxy != nil && slices.Contains(proxy.Args, "router"):
		pod.Plane, pod.Why = Gateway, "its istio-proxy is a router"
		if pod.Annotations[statusAnnotation] == "" && c.captures(pod, ambient) {
			pod.Annotations = with(pod.Annotations, redirectionAnnotation, "enabled")
		}
	case proxy != nil && pod.NodeMetadata()["GENERATOR"] == "grpc":
		pod.Plane, pod.Why = None, "its istio-proxy is the agent of a gRPC application"
	case proxy != nil:
		pod.Plane, pod.Why = Sidecar, "it has an istio-proxy"
		pod.Capture = captureOf(pod.Pod)
	case pod.Annotations[statusAnnotation] != "":
		pod.Plane, pod.Why = Sidecar, "its annotation sidecar.istio.io/status"
		pod.Capture = captureByAnnotations(pod.Annotations)
	case pod.Annotations[redirectionAnnotation] == "enabled":
		pod.Plane, pod.Why = Ambient, "its annotation ambient.istio.io/redirection"
	case pod.Spec.HostNetwork:
		pod.Plane, pod.Why = None, "it is in the network of its host"
	case c.leavesOut(pod.Namespace):
		pod.Plane, pod.Why = None, "the CNI leaves its namespace out"
	case c.captures(pod, ambient):
		pod.Plane, pod.Why = Ambient, "the CNI's selectors"
		pod.Annotations = with(pod.Annotations, redirectionAnnotation, "enabled")
	default:
		pod.Plane, pod.Why = None, "nothing takes it in"
	}
}

func (c *Cluster) leavesOut(namespace string) bool {
	return slices.Contains(c.Case.Settings.ExcludeNamespaces, namespace)
}

// captures says whether the CNI takes a pod in.
func (c *Cluster) captures(pod *Pod, ambient func(labels, annotations, namespace map[string]string) bool) bool {
	return !c.leavesOut(pod.Namespace) && ambient(pod.Labels, pod.Annotations, c.namespace(pod.Namespace))
}

func with(of map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range of {
		if k != key {
			out[k] = v
		}
	}
	return out
}
