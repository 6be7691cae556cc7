package judge

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	faultv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/fault/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"

	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/istiod"
)

// named reads the name of a cluster, `direction|port|subset|host`: the Service of the case or the host, its port and the
// subset. Waypoints write the protocol before the subset.
func (j *Judge) named(name string) (service string, port int, subset string) {
	parts := strings.SplitN(name, "|", 4)
	if len(parts) != 4 {
		return "", 0, ""
	}
	port, _ = strconv.Atoi(parts[1])
	subset = parts[2]
	if parts[0] == "inbound-vip" {
		_, subset, _ = strings.Cut(subset, "/")
	}
	own, found := strings.CutSuffix(parts[3], ".svc."+cluster.Domain)
	if name, namespace, ok := strings.Cut(own, "."); found && ok && j.cluster.Services[namespace+"/"+name] != nil {
		return namespace + "/" + name, port, subset
	}
	return parts[3], port, subset
}

// shown leaves out headers that proxies add for themselves, and what is another in every run.
func shown(headers map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range headers {
		switch {
		case strings.HasPrefix(name, "x-envoy-"), strings.HasPrefix(name, "x-b3-"):
		case name == "x-request-id", name == "x-forwarded-client-cert", name == "traceparent", name == "content-length":
		case name == "authorization":
			out[name], _, _ = strings.Cut(value, " ")
		default:
			out[name] = value
		}
	}
	return out
}

// share is one of the ways in which chance may fall: a number for weighted clusters, empty where nothing is weighted, and
// whether the request is one of those that a fault aborts.
type share struct {
	weight  string
	aborted bool
}

// sharesOf are shares of which each falls to another cluster of some weighted route, and those of faults.
func sharesOf(proxies []*istiod.Proxy) (out []share) {
	starts, aborts := map[uint32]bool{}, false
	for _, proxy := range proxies {
		for _, routes := range routesOf(proxy) {
			for _, host := range routes.GetVirtualHosts() {
				for _, route := range host.GetRoutes() {
					startsOf(route.GetRoute().GetWeightedClusters(), starts)
					aborts = aborts || abortsSome(route)
				}
			}
		}
	}
	for _, start := range slices.Sorted(maps.Keys(starts)) {
		out = append(out, share{weight: strconv.FormatUint(uint64(start), 10)})
	}
	if len(out) == 0 {
		out = append(out, share{})
	}
	if aborts {
		out = append(out, share{weight: out[0].weight, aborted: true})
	}
	return out
}

func abortsSome(route *routev3.Route) bool {
	for _, config := range route.GetTypedPerFilterConfig() {
		injected := &faultv3.HTTPFault{}
		if config.UnmarshalTo(injected) == nil && envoy.SomeAborted(injected) {
			return true
		}
	}
	return false
}

func startsOf(weighted *routev3.WeightedCluster, into map[uint32]bool) {
	start := uint32(0)
	for _, cluster := range weighted.GetClusters() {
		if weight := cluster.GetWeight().GetValue(); weight > 0 {
			into[start] = true
			start += weight
		}
	}
}

// routesOf are those of the route discovery service and those that stand in listeners.
func routesOf(proxy *istiod.Proxy) []*routev3.RouteConfiguration {
	out := slices.Collect(maps.Values(proxy.Routes))
	for _, listener := range proxy.Listeners {
		for _, chain := range listener.GetFilterChains() {
			for _, filter := range chain.GetFilters() {
				manager := &hcm.HttpConnectionManager{}
				if filter.GetTypedConfig().UnmarshalTo(manager) == nil && manager.GetRouteConfig() != nil {
					out = append(out, manager.GetRouteConfig())
				}
			}
		}
	}
	return out
}
