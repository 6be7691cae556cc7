package envoy

import (
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// ShareHeader chooses among weighted clusters: its value is a number below the sum of the weights.
const ShareHeader = "x-judge-share"

// routes puts the routes of the proxy where a route discovery service would send them.
func (a *adapter) routes(manager *hcm.HttpConnectionManager) {
	if discovery := manager.GetRds(); discovery != nil {
		routes := a.proxy.Routes[discovery.RouteConfigName]
		if routes == nil {
			routes = &routev3.RouteConfiguration{Name: discovery.RouteConfigName}
		}
		manager.RouteSpecifier = &hcm.HttpConnectionManager_RouteConfig{RouteConfig: proto.Clone(routes).(*routev3.RouteConfiguration)}
	}
	routes := manager.GetRouteConfig()
	if routes == nil {
		return
	}
	// A route to a cluster that istiod did not send is answered 503, as in a mesh, and does not stop the listener.
	routes.ValidateClusters = wrapperspb.Bool(false)
	for _, host := range routes.VirtualHosts {
		host.TypedPerFilterConfig = a.keptFilters(host.TypedPerFilterConfig)
		for _, route := range host.Routes {
			route.TypedPerFilterConfig = a.keptFilters(route.TypedPerFilterConfig)
			a.route(route.GetRoute())
		}
	}
}

func (a *adapter) keptFilters(configs map[string]*anypb.Any) map[string]*anypb.Any {
	for name, config := range configs {
		if onlyIstios(name, config) {
			delete(configs, name)
		}
	}
	return configs
}

func (a *adapter) route(action *routev3.RouteAction) {
	if action == nil {
		return
	}
	if cluster := action.GetCluster(); cluster != "" {
		action.ClusterSpecifier = &routev3.RouteAction_Cluster{Cluster: a.rename(cluster)}
	}
	if weighted := action.GetWeightedClusters(); weighted != nil {
		weighted.RandomValueSpecifier = &routev3.WeightedCluster_HeaderName{HeaderName: ShareHeader}
		for _, cluster := range weighted.Clusters {
			cluster.Name = a.rename(cluster.Name)
			cluster.TypedPerFilterConfig = a.keptFilters(cluster.TypedPerFilterConfig)
		}
	}
	for _, mirror := range action.RequestMirrorPolicies {
		mirror.Cluster = a.rename(mirror.Cluster)
	}
}
