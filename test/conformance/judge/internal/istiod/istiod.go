// Package istiod runs istiod's discovery in this process and asks it for what each proxy gets.
package istiod

import (
	"fmt"
	"time"

	"ambit.dev/conformance/judge/internal/cluster"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	clusterid "istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/test/util/retry"
)

// Version is what proxies say of themselves, and Release the release whose behaviour the module has.
const (
	Version = "1.31.0"
	Release = "1.31"
)

const clusterName = "Kubernetes"

// Istiod is a discovery server with everything of a cluster applied.
type Istiod struct {
	Cluster *cluster.Cluster
	Index   *Index
	server  *xds.FakeDiscoveryServer
	failer  *failer
	proxies map[string]*Proxy
}

// Start applies a cluster to a new istiod and waits until it has read everything.
func Start(of *cluster.Cluster, folder string) (*Istiod, error) {
	i := &Istiod{Cluster: of, failer: &failer{folder: folder}, proxies: map[string]*Proxy{}}
	objects, err := kubernetesObjects(of)
	if err != nil {
		return i, err
	}
	configs, err := watchedConfigs(of)
	if err != nil {
		return i, err
	}
	err = attempt(func() {
		i.server = xds.NewFakeDiscoveryServer(i.failer, xds.FakeOptions{
			KubernetesObjects:  objects,
			Configs:            configs,
			MeshConfig:         of.Mesh,
			DefaultClusterName: clusterid.ID(clusterName),
			KubeClientModifier: i.defineKinds,
		})
		i.settle()
	})
	if err != nil {
		return i, err
	}
	i.Index = indexOf(i.server.Env().AmbientIndexes, of)
	return i, nil
}

// settle waits for the ambient index, which the test server starts but does not wait for, and has everything pushed
// again: waypoints are configured from the index.
func (i *Istiod) settle() {
	retry.UntilOrFail(i.failer, i.server.AmbientIndex.HasSynced, retry.Delay(time.Millisecond), retry.Timeout(10*time.Second))
	i.server.Discovery.ConfigUpdate(&model.PushRequest{Full: true, Forced: true})
	i.server.EnsureSynced(i.failer)
}

// Stop ends the discovery server.
func (i *Istiod) Stop() { i.failer.cleanUp() }

// Proxy is the configuration of a pod's Envoy.
func (i *Istiod) Proxy(pod *cluster.Pod) (*Proxy, error) {
	if found := i.proxies[pod.Key]; found != nil {
		return found, nil
	}
	made, err := i.configure(pod)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pod.Key, err)
	}
	i.proxies[pod.Key] = made
	return made, nil
}
