package judge

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/identity"
)

// What a caller's side of the mesh makes of its requests.
const (
	speaksPlaintext = "plaintext"
	speaksAmbient   = "ambient"
	speaksSidecar   = "sidecar"
	speaksGateway   = "gateway"
)

// outsider is the address of callers that a case gives none.
const outsider = "10.245.0.9"

type caller struct {
	// pod is nil for callers from outside.
	pod      *cluster.Pod
	speaks   string
	identity string
	ip       string
}

func (w *way) caller() (caller, bool) {
	source := w.request.Source
	from := caller{speaks: speaksPlaintext, ip: outsider}
	switch source.Kind {
	case "workload":
		from.pod = w.cluster.Pods[source.Workload]
	case "gateway":
		from.pod = w.gatewayPod(source.Gateway)
	case "future":
		from.pod = FuturePod(source)
	case "outside":
		from.ip = orElse(source.IP, outsider)
		return from, true
	default:
		return from, w.end(cases.NotCovered, "a source of kind %s", source.Kind)
	}
	if from.pod == nil {
		return from, w.end(cases.NotCovered, "no pod of %s%s", source.Workload, source.Gateway)
	}
	from.ip = orElse(source.IP, from.pod.IP())
	if from.pod.HasEnvoy() && from.pod.InAmbient() {
		return from, w.end(cases.NotCovered, "%s is in the ambient mesh as well", from.pod.Key)
	}
	switch from.pod.Plane {
	case cluster.Ambient, cluster.Sidecar, cluster.Gateway:
		from.speaks = string(from.pod.Plane)
		from.identity = w.identityOf(from.pod)
	case cluster.Waypoint, cluster.Unclear:
		return from, w.end(cases.NotCovered, "requests of %s: %s", from.pod.Key, from.pod.Why)
	}
	return from, true
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (j *Judge) identityOf(pod *cluster.Pod) string {
	return identity.SPIFFE(j.cluster.Mesh.TrustDomain, pod.Namespace, pod.ServiceAccount())
}

// FuturePod is a pod that no manifest shows, enrolled as it says.
func FuturePod(source cases.Source) *cluster.Pod {
	return &cluster.Pod{
		Key: "future " + source.Speaks + " " + source.Namespace + "/" + source.ServiceAccount, Plane: cluster.Plane(source.Speaks), Why: "it is said to be",
		Capture: cluster.Capture{IncludeInbound: "*", IncludeRanges: "*"},
		Pod: &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: "future", Namespace: source.Namespace},
			Spec:       corev1.PodSpec{ServiceAccountName: source.ServiceAccount},
			Status:     corev1.PodStatus{PodIP: outsider},
		},
	}
}

// otherPodOf is one more pod of a workload, which no manifest shows. What a pod sends to its own address stays within it, so
// that whoever calls a pod of the own workload is another one; it has listeners for addresses that the called one has not.
func otherPodOf(pod *cluster.Pod) *cluster.Pod {
	other := *pod
	other.Pod = pod.Pod.DeepCopy()
	other.Key, other.Name = "another pod of "+pod.Key, pod.Name+"-other"
	other.Status.PodIP = outsider
	other.Status.PodIPs = []corev1.PodIP{{IP: outsider}}
	return &other
}

// gatewayPod is a managed gateway's pod, or one that has the labels of a manual gateway.
func (j *Judge) gatewayPod(key string) *cluster.Pod { return GatewayPod(j.cluster, key) }

// GatewayPod finds the pod of a gateway of the case.
func GatewayPod(in *cluster.Cluster, key string) *cluster.Pod {
	if pod := in.Pods[cluster.GatewayKey(key)]; pod != nil {
		return pod
	}
	for _, gateway := range in.Case.Topology.Gateways {
		if gateway.Key != key || len(gateway.PodLabels) == 0 {
			continue
		}
		selector := labels.SelectorFromSet(gateway.PodLabels)
		for _, pod := range in.SortedPods() {
			if pod.Namespace == gateway.Namespace && selector.Matches(labels.Set(pod.Labels)) {
				return pod
			}
		}
	}
	return nil
}
