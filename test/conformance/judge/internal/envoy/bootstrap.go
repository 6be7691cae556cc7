package envoy

import (
	"fmt"
	"sort"

	bootstrapv3 "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	internalv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/bootstrap/internal_listener/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/types/known/structpb"

	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/identity"
	"ambit.dev/conformance/judge/internal/istiod"
)

const (
	certificateSecret = "judge-certificate"
	rootSecret        = "judge-root"
	serverIdentity    = "spiffe://cluster.local/ns/judge/sa/server"
)

// Door is a listener of a proxy, by the name that istiod gives it.
type Door struct{ Pod, Listener string }

// Inbound listeners of sidecars and waypoints, and the one behind the HBONE terminator.
const (
	VirtualInbound   = "virtualInbound"
	VirtualOutbound  = "virtualOutbound"
	ConnectTerminate = "connect_terminate"
)

// bootstrap is one Envoy's configuration for many proxies.
type bootstrap struct {
	listeners []*listenerv3.Listener
	clusters  map[string]*clusterv3.Cluster
	doors     map[Door]int
	dropped   map[string]int
	rules     map[string]*routev3.Route
	nextPort  int
}

// outboundOf are the pods whose own requests are followed.
func (b *bootstrap) add(proxy *istiod.Proxy, number int, followed bool, ports func([]string) (map[string]int, error)) error {
	adapter := &adapter{proxy: proxy, suffix: fmt.Sprintf("~%d", number), dropped: b.dropped, clusters: map[string]string{}, rules: b.rules}
	for _, original := range proxy.Listeners {
		if !wanted(proxy.Pod.Plane, original, followed) {
			continue
		}
		port := 0
		if original.Name != mainInternal {
			port = b.nextPort
			b.nextPort++
			b.doors[Door{proxy.Pod.Key, original.Name}] = port
		}
		adapted, err := adapter.listener(original, port)
		if err != nil {
			return err
		}
		b.listeners = append(b.listeners, adapted)
	}
	return b.addClusters(adapter, ports)
}

// wanted leaves out the listeners that no request of the case enters by.
func wanted(plane cluster.Plane, listener *listenerv3.Listener, followed bool) bool {
	switch listener.Name {
	case VirtualInbound, ConnectTerminate, mainInternal:
		return true
	}
	if listener.GetAddress().GetSocketAddress() == nil {
		return false
	}
	return plane == cluster.Gateway || plane == cluster.Sidecar && followed
}

func (b *bootstrap) addClusters(of *adapter, ports func([]string) (map[string]int, error)) error {
	var served []string
	for name, original := range of.clusters {
		switch {
		case leadsInside(original):
			b.clusters[name] = internalCluster(name)
		case original == blackHole:
			b.clusters[name] = staticCluster(name, 0)
		case of.proxy.Clusters[original] != nil:
			served = append(served, name)
		}
	}
	sort.Strings(served)
	byName, err := ports(served)
	for _, name := range served {
		b.clusters[name] = staticCluster(name, byName[name])
	}
	return err
}

func (b *bootstrap) message(authority *identity.Authority, admin int) (*bootstrapv3.Bootstrap, error) {
	chain, key, err := authority.PEM(serverIdentity)
	if err != nil {
		return nil, err
	}
	inline := func(bytes []byte) *corev3.DataSource {
		return &corev3.DataSource{Specifier: &corev3.DataSource_InlineBytes{InlineBytes: bytes}}
	}
	resources := &bootstrapv3.Bootstrap_StaticResources{
		Listeners: b.listeners,
		Secrets: []*tlsv3.Secret{
			{Name: certificateSecret, Type: &tlsv3.Secret_TlsCertificate{TlsCertificate: &tlsv3.TlsCertificate{CertificateChain: inline(chain), PrivateKey: inline(key)}}},
			{Name: rootSecret, Type: &tlsv3.Secret_ValidationContext{ValidationContext: &tlsv3.CertificateValidationContext{TrustedCa: inline(authority.Root())}}},
		},
	}
	names := make([]string, 0, len(b.clusters))
	for name := range b.clusters {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		resources.Clusters = append(resources.Clusters, b.clusters[name])
	}
	flags, err := runtimeFlags()
	if err != nil {
		return nil, err
	}
	return &bootstrapv3.Bootstrap{
		Node:            &corev3.Node{Id: "judge", Cluster: "judge"},
		Admin:           &bootstrapv3.Admin{Address: local(admin)},
		StaticResources: resources,
		LayeredRuntime:  flags,
		BootstrapExtensions: []*corev3.TypedExtensionConfig{{
			Name: "envoy.bootstrap.internal_listener", TypedConfig: packed(&internalv3.InternalListener{}),
		}},
	}, nil
}

// runtimeFlags are those with which Istio starts its proxies (extractRuntimeFlags in pkg/bootstrap/config.go). Without them
// Envoy takes no service account of a long name: what istiod makes of it is a longer expression than Envoy allows by itself.
func runtimeFlags() (*bootstrapv3.LayeredRuntime, error) {
	flags, err := structpb.NewStruct(map[string]any{
		"re2.max_program_size.error_level":                         "32768",
		"envoy.reloadable_features.http_reject_path_with_fragment": false,
	})
	if err != nil {
		return nil, err
	}
	return &bootstrapv3.LayeredRuntime{Layers: []*bootstrapv3.RuntimeLayer{{
		Name: "global config", LayerSpecifier: &bootstrapv3.RuntimeLayer_StaticLayer{StaticLayer: flags},
	}}}, nil
}
