package istiod

import (
	"encoding/json"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"ambit.dev/conformance/judge/internal/cluster"
	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
	"istio.io/istio/pkg/kube"
)

// kubernetesObjects is what istiod's informers find.
func kubernetesObjects(of *cluster.Cluster) ([]runtime.Object, error) {
	objects := []runtime.Object{&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: cluster.Node}}}
	for name, labels := range of.Namespaces {
		objects = append(objects, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}})
	}
	accounts := map[string]bool{}
	for _, pod := range of.SortedPods() {
		objects = append(objects, pod.Pod)
		if account := pod.Namespace + "/" + pod.ServiceAccount(); !accounts[account] {
			accounts[account] = true
			objects = append(objects, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: pod.ServiceAccount(), Namespace: pod.Namespace}})
		}
	}
	for _, service := range of.Services {
		objects = append(objects, service)
	}
	for _, secret := range of.Secrets {
		objects = append(objects, secret)
	}
	for _, slice := range of.Slices {
		objects = append(objects, slice)
	}
	given := append(append([]*unstructured.Unstructured{}, of.Gateways...), of.Objects...)
	for name, controller := range gatewaycommon.AllClasses {
		if !slices.ContainsFunc(given, func(object *unstructured.Unstructured) bool {
			return object.GetKind() == "GatewayClass" && object.GetName() == string(name)
		}) {
			given = append(given, gatewayClass(string(name), string(controller)))
		}
	}
	for _, object := range given {
		typed, err := decode(object)
		if err != nil {
			return nil, fmt.Errorf("%s %s/%s: %w", object.GetKind(), object.GetNamespace(), object.GetName(), err)
		}
		if typed != nil {
			objects = append(objects, typed)
		}
	}
	return objects, nil
}

func gatewayClass(name, controller string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass",
		"metadata": map[string]any{"name": name}, "spec": map[string]any{"controllerName": controller},
	}}
}

// decode reads an object as istiod's clients do; nil for a kind that they do not know, which istiod cannot read either.
func decode(object *unstructured.Unstructured) (runtime.Object, error) {
	text, err := json.Marshal(object.Object)
	if err != nil {
		return nil, err
	}
	typed, _, err := kube.IstioCodec.UniversalDeserializer().Decode(text, nil, nil)
	if runtime.IsNotRegisteredError(err) {
		return nil, nil
	}
	return typed, err
}
