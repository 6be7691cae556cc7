package istiod

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	"ambit.dev/conformance/judge/internal/cluster"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/kube/namespace"
)

// watchedConfigs are those that istiod's client for Istio's own kinds finds: it looks at namespaces that discovery selectors
// select, the root namespace not excepted. The configuration store of the test server looks at all.
func watchedConfigs(of *cluster.Cluster) ([]config.Config, error) {
	selected := []labels.Selector{}
	for _, selector := range of.Mesh.GetDiscoverySelectors() {
		read, err := namespace.LabelSelectorAsSelector(selector)
		if err != nil {
			return nil, err
		}
		selected = append(selected, read)
	}
	if len(selected) == 0 {
		return of.Configs, nil
	}
	var watched []config.Config
	for _, each := range of.Configs {
		home := labels.Set(of.Namespaces[each.Namespace])
		if slices.ContainsFunc(selected, func(selector labels.Selector) bool { return selector.Matches(home) }) {
			watched = append(watched, each)
		}
	}
	return watched, nil
}
