package cluster

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// template is a pod before admission, with the object that makes it.
type template struct {
	kind, namespace, name string
	owned                 bool
	pod                   *corev1.Pod
}

// takePods reads the pod of any object that has one: a Pod, a CronJob, or whatever has a template with containers.
func (c *Cluster) takePods(object *unstructured.Unstructured) {
	var metadata, spec map[string]any
	switch {
	case object.GetKind() == "Pod" && object.GetAPIVersion() == "v1":
		metadata, spec = nested(object.Object, "metadata"), nested(object.Object, "spec")
	case object.GetKind() == "CronJob":
		metadata = nested(object.Object, "spec", "jobTemplate", "spec", "template", "metadata")
		spec = nested(object.Object, "spec", "jobTemplate", "spec", "template", "spec")
	default:
		metadata, spec = nested(object.Object, "spec", "template", "metadata"), nested(object.Object, "spec", "template", "spec")
	}
	if spec["containers"] == nil {
		return
	}
	content := map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
	if object.GetKind() == "Pod" {
		content["status"] = nested(object.Object, "status")
	}
	pod := as[corev1.Pod](c, &unstructured.Unstructured{Object: content})
	if pod == nil {
		return
	}
	pod.Namespace = object.GetNamespace()
	if object.GetKind() != "Pod" {
		pod.Name = strings.ToLower(object.GetName() + "-" + object.GetKind())
	}
	for i := range pod.Spec.Containers {
		defaultProtocols(pod.Spec.Containers[i].Ports)
	}
	for i := range pod.Spec.InitContainers {
		defaultProtocols(pod.Spec.InitContainers[i].Ports)
	}
	c.namespace(pod.Namespace)
	c.pending = append(c.pending, &template{
		kind: object.GetKind(), namespace: object.GetNamespace(), name: object.GetName(), pod: pod,
		owned: len(object.GetOwnerReferences()) > 0,
	})
}

func defaultProtocols(ports []corev1.ContainerPort) {
	for i := range ports {
		if ports[i].Protocol == "" {
			ports[i].Protocol = corev1.ProtocolTCP
		}
	}
}

func serviceAccount(pod *corev1.Pod) string {
	for _, name := range []string{pod.Spec.ServiceAccountName, pod.Spec.DeprecatedServiceAccount} {
		if name != "" {
			return name
		}
	}
	return "default"
}

func running(pod *corev1.Pod, ip string) {
	pod.TypeMeta = metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"}
	pod.Spec.NodeName = Node
	pod.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, PodIP: ip, PodIPs: []corev1.PodIP{{IP: ip}},
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
	}
}

// Node is where every pod runs.
const Node = "node"
