package envoy

import (
	"strings"
	"time"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	internalv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/internal_upstream/v3"
	rawv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/raw_buffer/v3"
	httpv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	mainInternal   = "main_internal"
	blackHole      = "BlackHoleCluster"
	httpAuthorizer = "judge-authorizer-http"
	grpcAuthorizer = "judge-authorizer-grpc"
)

func local(port int) *corev3.Address {
	return &corev3.Address{Address: &corev3.Address_SocketAddress{SocketAddress: &corev3.SocketAddress{
		Address: "127.0.0.1", PortSpecifier: &corev3.SocketAddress_PortValue{PortValue: uint32(port)},
	}}}
}

// staticCluster leads to a port of the judge's, or nowhere where there is none.
func staticCluster(name string, port int) *clusterv3.Cluster {
	cluster := &clusterv3.Cluster{
		Name: name, ConnectTimeout: durationpb.New(2 * time.Second),
		ClusterDiscoveryType: &clusterv3.Cluster_Type{Type: clusterv3.Cluster_STATIC},
		LoadAssignment:       &endpointv3.ClusterLoadAssignment{ClusterName: name},
	}
	if port > 0 {
		cluster.LoadAssignment.Endpoints = oneEndpoint(local(port))
	}
	return cluster
}

func oneEndpoint(address *corev3.Address) []*endpointv3.LocalityLbEndpoints {
	return []*endpointv3.LocalityLbEndpoints{{LbEndpoints: []*endpointv3.LbEndpoint{{
		HostIdentifier: &endpointv3.LbEndpoint_Endpoint{Endpoint: &endpointv3.Endpoint{Address: address}},
	}}}}
}

// grpcCluster speaks HTTP/2.
func grpcCluster(name string, port int) *clusterv3.Cluster {
	cluster := staticCluster(name, port)
	cluster.TypedExtensionProtocolOptions = map[string]*anypb.Any{
		"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": packed(&httpv3.HttpProtocolOptions{
			UpstreamProtocolOptions: &httpv3.HttpProtocolOptions_ExplicitHttpConfig_{ExplicitHttpConfig: &httpv3.HttpProtocolOptions_ExplicitHttpConfig{
				ProtocolConfig: &httpv3.HttpProtocolOptions_ExplicitHttpConfig_Http2ProtocolOptions{Http2ProtocolOptions: &corev3.Http2ProtocolOptions{}},
			}},
		}),
	}
	return cluster
}

// internalCluster leads from the end of an HBONE tunnel to the listener behind it. Istio's Envoy keeps the connections of
// one peer apart from those of another by the peer's name; here each client connection has a pool of its own.
func internalCluster(name string) *clusterv3.Cluster {
	listener := &corev3.Address{Address: &corev3.Address_EnvoyInternalAddress{EnvoyInternalAddress: &corev3.EnvoyInternalAddress{
		AddressNameSpecifier: &corev3.EnvoyInternalAddress_ServerListenerName{ServerListenerName: name},
	}}}
	raw := &corev3.TransportSocket{Name: "raw", ConfigType: &corev3.TransportSocket_TypedConfig{TypedConfig: packed(&rawv3.RawBuffer{})}}
	cluster := staticCluster(name, 0)
	cluster.ConnectionPoolPerDownstreamConnection = true
	cluster.TransportSocket = &corev3.TransportSocket{
		Name:       "internal_upstream",
		ConfigType: &corev3.TransportSocket_TypedConfig{TypedConfig: packed(&internalv3.InternalUpstreamTransport{TransportSocket: raw})},
	}
	cluster.LoadAssignment.Endpoints = oneEndpoint(listener)
	return cluster
}

// leadsInside says whether a cluster of a proxy is the listener behind its HBONE terminator.
func leadsInside(original string) bool { return strings.HasPrefix(original, mainInternal) }
