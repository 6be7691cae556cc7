// Package cluster is what the API server, the scheduler and Istio's controllers make of a case's manifests: namespaces,
// Services with addresses, pods as they run, endpoints, and the objects that istiod reads.
package cluster

import (
	"fmt"
	"sort"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"ambit.dev/conformance/judge/internal/cases"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config"
)

// Domain is the only cluster domain that the discovery server of Istio's tests knows.
const Domain = "cluster.local"

// Cluster is one cluster after everything was applied and has started.
type Cluster struct {
	Case       *cases.Case
	Mesh       *meshconfig.MeshConfig
	Namespaces map[string]map[string]string
	Services   map[string]*corev1.Service
	// Pods are by the keys of the case's workloads; those of managed gateways by GatewayKey.
	Pods     map[string]*Pod
	Gateways []*unstructured.Unstructured
	// Objects are the admitted objects of Istio and of the Gateway API, without Gateways.
	Objects []*unstructured.Unstructured
	// Configs are those of Istio as istiod stores them.
	Configs []config.Config
	Slices  []*discoveryv1.EndpointSlice
	Secrets map[string]*corev1.Secret
	Notes   []string
	Refused []string
	Warned  []string

	addresses addresses
	pending   []*template
	strays    []*corev1.Pod
}

// Load applies the manifests of a case.
func Load(of *cases.Case) (*Cluster, error) {
	c := &Cluster{
		Case:       of,
		Namespaces: map[string]map[string]string{},
		Services:   map[string]*corev1.Service{},
		Pods:       map[string]*Pod{},
		Secrets:    map[string]*corev1.Secret{},
	}
	if domain := of.Settings.ClusterDomain; domain != "" && domain != Domain {
		return nil, fmt.Errorf("the discovery server of Istio's tests serves %s alone, not %s", Domain, domain)
	}
	for _, raw := range of.Objects {
		object, err := decode(raw)
		if err != nil {
			return nil, err
		}
		c.take(object)
	}
	if err := c.startMesh(); err != nil {
		return nil, err
	}
	if err := c.startPods(); err != nil {
		return nil, err
	}
	if err := c.startGateways(); err != nil {
		return nil, err
	}
	c.addressServices()
	c.selectEndpoints()
	return c, c.addCertificates()
}

// SortedPods gives the pods in the order of their keys.
func (c *Cluster) SortedPods() []*Pod {
	out := make([]*Pod, 0, len(c.Pods))
	for _, key := range sortedKeys(c.Pods) {
		out = append(out, c.Pods[key])
	}
	return out
}

// PodAt finds the pod with an address.
func (c *Cluster) PodAt(ip string) *Pod {
	for _, pod := range c.Pods {
		if pod.IP() == ip {
			return pod
		}
	}
	return nil
}

func (c *Cluster) namespace(name string) map[string]string {
	labels, ok := c.Namespaces[name]
	if !ok {
		labels = map[string]string{corev1.LabelMetadataName: name}
		c.Namespaces[name] = labels
	}
	return labels
}

func (c *Cluster) note(format string, args ...any) {
	c.Notes = append(c.Notes, fmt.Sprintf(format, args...))
}

func sortedKeys[T any](of map[string]T) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
