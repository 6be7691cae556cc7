package istiod

import (
	"encoding/json"
	"fmt"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"

	"ambit.dev/conformance/judge/internal/cluster"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/spiffe"
)

// Proxy is one Envoy as istiod configures it.
type Proxy struct {
	Pod       *cluster.Pod
	Listeners []*listenerv3.Listener
	Clusters  map[string]*clusterv3.Cluster
	Routes    map[string]*routev3.RouteConfiguration
	endpoints map[string]*endpointv3.ClusterLoadAssignment
}

// Endpoints are those of a cluster, wherever istiod writes them.
func (p *Proxy) Endpoints(name string) []*endpointv3.LbEndpoint {
	assignment := p.endpoints[name]
	if assignment == nil {
		assignment = p.Clusters[name].GetLoadAssignment()
	}
	var out []*endpointv3.LbEndpoint
	for _, locality := range assignment.GetEndpoints() {
		out = append(out, locality.LbEndpoints...)
	}
	return out
}

func (i *Istiod) configure(pod *cluster.Pod) (out *Proxy, err error) {
	node, err := i.node(pod)
	if err != nil {
		return nil, err
	}
	out = &Proxy{
		Pod:       pod,
		Clusters:  map[string]*clusterv3.Cluster{},
		Routes:    map[string]*routev3.RouteConfiguration{},
		endpoints: map[string]*endpointv3.ClusterLoadAssignment{},
	}
	err = attempt(func() {
		node = i.server.SetupProxy(node)
		out.Listeners = i.server.Listeners(node)
		for _, found := range i.server.Clusters(node) {
			out.Clusters[found.Name] = found
		}
		for _, found := range i.server.RoutesFromListeners(node, out.Listeners) {
			out.Routes[found.Name] = found
		}
		for _, found := range i.server.Endpoints(node) {
			out.endpoints[found.ClusterName] = found
		}
	})
	return out, err
}

var nodeTypes = map[cluster.Plane]model.NodeType{
	cluster.Sidecar: model.SidecarProxy, cluster.Gateway: model.Router, cluster.Waypoint: model.Waypoint,
}

// node is what the proxy says of itself when it connects.
func (i *Istiod) node(pod *cluster.Pod) (*model.Proxy, error) {
	metadata, err := i.metadata(pod)
	if err != nil {
		return nil, err
	}
	return &model.Proxy{
		Type: nodeTypes[pod.Plane], ID: pod.Name + "." + pod.Namespace, ConfigNamespace: pod.Namespace,
		IPAddresses: []string{pod.IP()}, Labels: pod.Labels, DNSDomain: pod.Namespace + ".svc." + cluster.Domain,
		Metadata: metadata,
		VerifiedIdentity: &spiffe.Identity{
			TrustDomain: i.Cluster.Mesh.TrustDomain, Namespace: pod.Namespace, ServiceAccount: pod.ServiceAccount(),
		},
	}, nil
}

func (i *Istiod) metadata(pod *cluster.Pod) (*model.NodeMetadata, error) {
	told := pod.NodeMetadata()
	if pod.GatewayName != "" {
		// The template of managed gateways: a waypoint always listens on HBONE, a gateway speaks it where the mesh does.
		told["ENABLE_HBONE"] = "true"
		if pod.Plane == cluster.Gateway {
			told["ENABLE_HBONE"] = i.Cluster.Mesh.DefaultConfig.ProxyMetadata["ISTIO_META_ENABLE_HBONE"]
		}
	}
	text, err := json.Marshal(told)
	if err != nil {
		return nil, err
	}
	read := &model.BootstrapNodeMetadata{}
	if err := json.Unmarshal(text, read); err != nil {
		return nil, fmt.Errorf("node metadata %s: %w", text, err)
	}
	metadata := &read.NodeMetadata
	metadata.Namespace, metadata.ClusterID, metadata.IstioVersion = pod.Namespace, clusterName, Version
	metadata.ServiceAccount, metadata.Labels, metadata.Annotations = pod.ServiceAccount(), pod.Labels, pod.Annotations
	proxyConfig := i.server.Env().GetProxyConfigOrDefault(pod.Namespace, pod.Labels, pod.Annotations, i.Cluster.Mesh)
	metadata.ProxyConfig = (*model.NodeMetaProxyConfig)(proxyConfig)
	return metadata, nil
}
