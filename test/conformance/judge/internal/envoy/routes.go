package envoy

import (
	"fmt"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	faultv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/fault/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// ShareHeader chooses among weighted clusters: its value is a number below the sum of the weights.
const ShareHeader = "x-judge-share"

// AbortHeader chooses that a request is one of those that an injected fault aborts.
const AbortHeader = "x-judge-abort"

// RuleHeader tells by which route a request was sent on.
const RuleHeader = "x-judge-rule"

// mark has the requests that a route sends on carry its number.
func (a *adapter) mark(route *routev3.Route) {
	number := fmt.Sprintf("%d%s", len(a.rules), a.suffix)
	a.rules[number] = proto.Clone(route).(*routev3.Route)
	route.RequestHeadersToAdd = append(route.RequestHeadersToAdd, &corev3.HeaderValueOption{
		Header:       &corev3.HeaderValue{Key: RuleHeader, Value: number},
		AppendAction: corev3.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD,
	})
}

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
			a.mark(route)
			route.TypedPerFilterConfig = a.keptFilters(route.TypedPerFilterConfig)
			a.route(route.GetRoute())
		}
	}
}

func (a *adapter) keptFilters(configs map[string]*anypb.Any) map[string]*anypb.Any {
	for name, config := range configs {
		if onlyIstios(name, config) {
			delete(configs, name)
			continue
		}
		if message, err := config.UnmarshalNew(); err == nil {
			if injected, ok := message.(*faultv3.HTTPFault); ok {
				configs[name] = packed(a.certain(injected))
			}
		}
	}
	return configs
}

func (a *adapter) route(action *routev3.RouteAction) {
	if action == nil {
		return
	}
	// Every answer is immediate here.
	action.Timeout, action.MaxStreamDuration = nil, nil
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

// certain makes of injected faults what a request can choose: delays decide nothing, and of those that happen to some requests
// a header says whether this is one.
func (a *adapter) certain(injected *faultv3.HTTPFault) *faultv3.HTTPFault {
	injected.Delay = nil
	if SomeAborted(injected) {
		injected.Abort.Percentage = &typev3.FractionalPercent{Numerator: 100}
		injected.Headers = []*routev3.HeaderMatcher{{
			Name: AbortHeader, HeaderMatchSpecifier: &routev3.HeaderMatcher_PresentMatch{PresentMatch: true},
		}}
	}
	return injected
}

// SomeAborted says whether a fault aborts some requests and not all.
func SomeAborted(injected *faultv3.HTTPFault) bool {
	share := injected.GetAbort().GetPercentage()
	whole := map[typev3.FractionalPercent_DenominatorType]uint32{
		typev3.FractionalPercent_HUNDRED: 100, typev3.FractionalPercent_TEN_THOUSAND: 10_000, typev3.FractionalPercent_MILLION: 1_000_000,
	}
	return share.GetNumerator() > 0 && share.GetNumerator() < whole[share.GetDenominator()]
}
