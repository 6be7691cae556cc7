package envoy

import (
	"fmt"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	proxyprotocolv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/listener/proxy_protocol/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"ambit.dev/conformance/judge/internal/istiod"
)

// adapter rewrites what istiod generates for one proxy so that many proxies fit into one Envoy that has no control plane:
// secrets are static, the original destination comes by PROXY protocol instead of iptables, every cluster is the judge's
// application, and filters that only Istio's build of Envoy has are taken out. What decides about a request stays as it is.
type adapter struct {
	proxy   *istiod.Proxy
	suffix  string
	dropped map[string]int
	// clusters are those that listeners and routes name, by their new names.
	clusters map[string]string
	// rules are the routes as istiod has them, by the number that requests carry.
	rules map[string]*routev3.Route
}

func (a *adapter) rename(cluster string) string {
	name := cluster + a.suffix
	a.clusters[name] = cluster
	return name
}

// listener gives a copy that listens on a port of the judge's, or inside Envoy.
func (a *adapter) listener(original *listenerv3.Listener, port int) (*listenerv3.Listener, error) {
	l := proto.Clone(original).(*listenerv3.Listener)
	l.Name += a.suffix
	l.AccessLog, l.UseOriginalDst, l.Transparent, l.ConnectionBalanceConfig = nil, nil, nil, nil
	l.AdditionalAddresses, l.StatPrefix, l.EnableReusePort, l.BindToPort = nil, "", nil, nil
	l.TrafficDirection = corev3.TrafficDirection_UNSPECIFIED
	chains := l.FilterChains
	if l.DefaultFilterChain != nil {
		chains = append(chains[:len(chains):len(chains)], l.DefaultFilterChain)
	}
	for _, chain := range chains {
		if err := a.chain(chain); err != nil {
			return nil, fmt.Errorf("%s: %w", original.Name, err)
		}
	}
	if port == 0 {
		return l, nil
	}
	l.Address = local(port)
	filters := []*listenerv3.ListenerFilter{{
		Name:       "proxy_protocol",
		ConfigType: &listenerv3.ListenerFilter_TypedConfig{TypedConfig: packed(&proxyprotocolv3.ProxyProtocol{})},
	}}
	for _, filter := range l.ListenerFilters {
		if !strings.Contains(filter.GetTypedConfig().GetTypeUrl(), "original_dst") {
			filters = append(filters, filter)
		}
	}
	l.ListenerFilters = filters
	return l, nil
}

func (a *adapter) chain(chain *listenerv3.FilterChain) error {
	if err := staticSecrets(chain.TransportSocket); err != nil {
		return err
	}
	var kept []*listenerv3.Filter
	for _, filter := range chain.Filters {
		config, err := filter.GetTypedConfig().UnmarshalNew()
		if err != nil || onlyIstios(filter.Name, filter.GetTypedConfig()) {
			a.drop(filter.Name)
			continue
		}
		if err := a.networkFilter(config); err != nil {
			return err
		}
		filter.ConfigType = &listenerv3.Filter_TypedConfig{TypedConfig: packed(config)}
		kept = append(kept, filter)
	}
	chain.Filters = kept
	return nil
}

func (a *adapter) drop(filter string) { a.dropped[filter]++ }

// onlyIstios says whether a filter is compiled into Istio's Envoy alone. They report and exchange metadata; none of them
// lets a request through or stops it.
func onlyIstios(name string, config *anypb.Any) bool {
	for _, part := range []string{"io.istio.http.", "istio.envoy", "stats.PluginConfig", "udpa.type.v1.TypedStruct", "istio.http.alpn", "metadata_exchange", "MetadataExchange"} {
		if strings.Contains(config.GetTypeUrl(), part) {
			return true
		}
	}
	return strings.HasPrefix(name, "istio.") || strings.Contains(name, "peer_metadata")
}

// staticSecrets names the secrets of the bootstrap in place of those that a control plane would send.
func staticSecrets(socket *corev3.TransportSocket) error {
	if socket.GetTypedConfig() == nil {
		return nil
	}
	message, err := socket.GetTypedConfig().UnmarshalNew()
	if err != nil {
		return err
	}
	downstream, ok := message.(*tlsv3.DownstreamTlsContext)
	if !ok {
		return nil
	}
	common := downstream.GetCommonTlsContext()
	for _, secret := range common.GetTlsCertificateSdsSecretConfigs() {
		secret.Name, secret.SdsConfig = certificateSecret, nil
	}
	for _, secret := range []*tlsv3.SdsSecretConfig{
		common.GetCombinedValidationContext().GetValidationContextSdsSecretConfig(), common.GetValidationContextSdsSecretConfig(),
	} {
		if secret != nil {
			secret.Name, secret.SdsConfig = rootSecret, nil
		}
	}
	socket.ConfigType = &corev3.TransportSocket_TypedConfig{TypedConfig: packed(downstream)}
	return nil
}

// packed packs a message that came out of a package or was built here, which cannot fail.
func packed(message proto.Message) *anypb.Any {
	out, err := anypb.New(message)
	if err != nil {
		panic(err)
	}
	return out
}
