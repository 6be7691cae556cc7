package istiod

import (
	"fmt"
	"net/netip"
	"sort"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"ambit.dev/conformance/judge/internal/cluster"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/workloadapi"
	"istio.io/istio/pkg/workloadapi/security"
)

// Index is what ztunnel gets from istiod: workloads, services and policies.
type Index struct {
	// Workloads are by address.
	Workloads map[string]*workloadapi.Workload
	// Services are by address, and Hosts by namespace/host.
	Services map[string]*workloadapi.Service
	Hosts    map[string]*workloadapi.Service
	Policies map[string]*security.Authorization
}

func indexOf(of model.AmbientIndexes, from *cluster.Cluster) *Index {
	index := &Index{
		Workloads: map[string]*workloadapi.Workload{},
		Services:  map[string]*workloadapi.Service{},
		Hosts:     map[string]*workloadapi.Service{},
		Policies:  map[string]*security.Authorization{},
	}
	infos, _ := of.AddressInformation(nil)
	for _, info := range infos {
		if workload := info.Address.GetWorkload(); workload != nil {
			for _, address := range workload.Addresses {
				index.Workloads[Address(address)] = workload
			}
		}
		if service := info.Address.GetService(); service != nil {
			index.Hosts[service.Namespace+"/"+service.Hostname] = service
			for _, address := range service.Addresses {
				index.Services[Address(address.Address)] = service
			}
		}
	}
	for _, policy := range of.Policies(nil) {
		index.Policies[policy.Authorization.Namespace+"/"+policy.Authorization.Name] = policy.Authorization
	}
	index.attachEmptySelectors(from)
	return index
}

// Address writes an address of the index as text.
func Address(bytes []byte) string {
	address, ok := netip.AddrFromSlice(bytes)
	if !ok {
		return fmt.Sprintf("%x", bytes)
	}
	return address.String()
}

// attachEmptySelectors attaches policies with `selector: {matchLabels: {}}`. istiod selects every workload with them. The
// client of Istio's tests copies what it is given, which turns the empty map into none, and none selects nobody.
func (index *Index) attachEmptySelectors(from *cluster.Cluster) {
	for _, object := range from.Objects {
		labels, written, _ := unstructured.NestedMap(object.Object, "spec", "selector", "matchLabels")
		key := object.GetNamespace() + "/" + object.GetName()
		policy := index.Policies[key]
		if object.GetKind() != "AuthorizationPolicy" || !written || len(labels) > 0 || policy == nil || policy.Scope != security.Scope_WORKLOAD_SELECTOR {
			continue
		}
		for _, workload := range index.Workloads {
			if object.GetNamespace() == workload.Namespace || object.GetNamespace() == from.Mesh.RootNamespace {
				attach(workload, key)
			}
		}
	}
}

func attach(workload *workloadapi.Workload, policy string) {
	for _, attached := range workload.AuthorizationPolicies {
		if attached == policy {
			return
		}
	}
	workload.AuthorizationPolicies = append(workload.AuthorizationPolicies, policy)
	sort.Strings(workload.AuthorizationPolicies)
}
