package envoy

import (
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	statev3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/common/set_filter_state/v3"
	httpauthz "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_authz/v3"
	httpstate "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/set_filter_state/v3"
	networkauthz "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/ext_authz/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	networkstate "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/set_filter_state/v3"
	tcpproxy "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	"google.golang.org/protobuf/proto"
)

// networkFilter changes the configuration of a network filter in place.
func (a *adapter) networkFilter(config proto.Message) error {
	switch config := config.(type) {
	case *hcm.HttpConnectionManager:
		return a.connectionManager(config)
	case *tcpproxy.TcpProxy:
		a.tcpProxy(config)
	case *networkstate.Config:
		plainStrings(config.OnNewConnection)
	case *networkauthz.ExtAuthz:
		a.askOverGRPC(config.GrpcService)
	}
	return nil
}

func (a *adapter) connectionManager(manager *hcm.HttpConnectionManager) error {
	manager.AccessLog, manager.Tracing = nil, nil
	var kept []*hcm.HttpFilter
	for _, filter := range manager.HttpFilters {
		config, err := filter.GetTypedConfig().UnmarshalNew()
		if err != nil || onlyIstios(filter.Name, filter.GetTypedConfig()) {
			a.drop(filter.Name)
			continue
		}
		a.httpFilter(config)
		filter.ConfigType = &hcm.HttpFilter_TypedConfig{TypedConfig: packed(config)}
		kept = append(kept, filter)
	}
	manager.HttpFilters = kept
	a.routes(manager)
	return nil
}

func (a *adapter) httpFilter(config proto.Message) {
	switch config := config.(type) {
	case *httpauthz.ExtAuthz:
		if service := config.GetHttpService(); service != nil {
			service.ServerUri.HttpUpstreamType = &corev3.HttpUri_Cluster{Cluster: httpAuthorizer}
		}
		a.askOverGRPC(config.GetGrpcService())
	case *httpstate.Config:
		plainStrings(config.OnRequestHeaders)
	}
}

// askOverGRPC leads to the judge's authorizer. A provider that istiod could not resolve names no service and stays broken.
func (a *adapter) askOverGRPC(service *corev3.GrpcService) {
	if envoy := service.GetEnvoyGrpc(); envoy != nil && a.proxy.Clusters[envoy.ClusterName] != nil {
		envoy.ClusterName = grpcAuthorizer
	}
}

func (a *adapter) tcpProxy(config *tcpproxy.TcpProxy) {
	config.AccessLog = nil
	if cluster := config.GetCluster(); cluster != "" {
		config.ClusterSpecifier = &tcpproxy.TcpProxy_Cluster{Cluster: a.rename(cluster)}
	}
	if weighted := config.GetWeightedClusters(); weighted != nil {
		// Nothing chooses among them but chance: the first that has a weight stands for all.
		a.drop("weights of a TCP route")
		for _, cluster := range weighted.Clusters {
			if cluster.Weight > 0 {
				config.ClusterSpecifier = &tcpproxy.TcpProxy_Cluster{Cluster: a.rename(cluster.Name)}
				break
			}
		}
	}
}

// plainStrings replaces the factory that only Istio's build of Envoy has: it makes a string that counts for the key of the
// upstream connection pool. Here a pool is each client connection's own (see internalCluster).
func plainStrings(values []*statev3.FilterStateValue) {
	for _, value := range values {
		if value.FactoryKey == "istio.hashable_string" || value.FactoryKey == "" && strings.HasPrefix(value.GetObjectKey(), "io.istio.") {
			value.FactoryKey = "envoy.string"
		}
	}
}
