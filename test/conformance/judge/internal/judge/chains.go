package judge

import (
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	tcpproxy "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
)

const blackHole = "BlackHoleCluster"

// leadsTo is the cluster of a filter chain that proxies bytes, empty where it does not.
func leadsTo(chain *listenerv3.FilterChain) string {
	for _, filter := range chain.GetFilters() {
		config := &tcpproxy.TcpProxy{}
		if filter.GetTypedConfig().UnmarshalTo(config) == nil {
			return config.GetCluster()
		}
	}
	return ""
}

// catchAll is the chain for what no other chain matches.
func catchAll(listener *listenerv3.Listener) *listenerv3.FilterChain {
	if chain := listener.GetDefaultFilterChain(); chain != nil {
		return chain
	}
	for _, chain := range listener.GetFilterChains() {
		if chain.GetFilterChainMatch() == nil {
			return chain
		}
	}
	return nil
}

// onlyLeadsTo is the cluster of a listener that does nothing but proxy bytes to one.
func onlyLeadsTo(listener *listenerv3.Listener) string {
	chains := listener.GetFilterChains()
	if chain := listener.GetDefaultFilterChain(); chain != nil {
		chains = append(chains[:len(chains):len(chains)], chain)
	}
	cluster := ""
	for _, chain := range chains {
		found := leadsTo(chain)
		if found == "" || cluster != "" && cluster != found {
			return ""
		}
		cluster = found
	}
	return cluster
}
