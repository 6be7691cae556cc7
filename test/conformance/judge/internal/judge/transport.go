package judge

import (
	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	internalv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/internal_upstream/v3"
	rawv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/raw_buffer/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/types/known/structpb"
)

// transport is what an Envoy speaks to an endpoint of a cluster: the first socket that matches the endpoint's metadata.
func transport(cluster *clusterv3.Cluster, metadata *corev3.Metadata) string {
	labels := metadata.GetFilterMetadata()["envoy.transport_socket_match"].GetFields()
	for _, match := range cluster.GetTransportSocketMatches() {
		if includes(labels, match.GetMatch().GetFields()) {
			return socketOf(match.TransportSocket)
		}
	}
	return socketOf(cluster.GetTransportSocket())
}

func includes(labels, match map[string]*structpb.Value) bool {
	for key, value := range match {
		if labels[key].GetStringValue() != value.GetStringValue() {
			return false
		}
	}
	return true
}

func socketOf(socket *corev3.TransportSocket) string {
	if socket.GetTypedConfig() == nil {
		return byPlaintext
	}
	config, err := socket.GetTypedConfig().UnmarshalNew()
	if err != nil {
		return socket.Name
	}
	switch config := config.(type) {
	case *internalv3.InternalUpstreamTransport:
		// To an address outside Envoy it is what it wraps.
		return socketOf(config.TransportSocket)
	case *rawv3.RawBuffer:
		return byPlaintext
	case *tlsv3.UpstreamTlsContext:
		return upstreamTLS(config)
	}
	return socket.Name
}

// serverNameOf is the server name of TLS that a socket asks for.
func serverNameOf(socket *corev3.TransportSocket) string {
	config, err := socket.GetTypedConfig().UnmarshalNew()
	if err != nil {
		return ""
	}
	switch config := config.(type) {
	case *internalv3.InternalUpstreamTransport:
		return serverNameOf(config.TransportSocket)
	case *tlsv3.UpstreamTlsContext:
		return config.Sni
	}
	return ""
}

// upstreamTLS tells the mesh's mutual TLS from TLS that a DestinationRule originates with other certificates.
func upstreamTLS(config *tlsv3.UpstreamTlsContext) string {
	for _, secret := range config.GetCommonTlsContext().GetTlsCertificateSdsSecretConfigs() {
		if secret.Name == "default" {
			return byMutualTLS
		}
	}
	return "TLS"
}
