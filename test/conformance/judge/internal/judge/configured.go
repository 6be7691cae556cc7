package judge

import (
	"bytes"
	"encoding/json"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// rule notes a route as istiod configures it. What it does to a request is seen where the request arrives.
func (j *Judge) rule(number string) string {
	found := j.envoy.Rules[number]
	if found == nil {
		return ""
	}
	if j.Rules[number] == nil {
		kept := proto.Clone(found).(*routev3.Route)
		kept.Match, kept.Metadata, kept.Decorator, kept.RequestHeadersToAdd = nil, nil, nil, nil
		j.Rules[number] = textOf(kept)
	}
	return number
}

// settings notes a cluster of a proxy without its endpoints.
func (j *Judge) settings(pod, cluster string) string {
	router := j.cluster.Pods[pod]
	if router == nil {
		return ""
	}
	proxy, err := j.istiod.Proxy(router)
	if err != nil || proxy.Clusters[cluster] == nil {
		return ""
	}
	key := pod + " " + cluster
	if j.Settings[key] == nil {
		kept := proto.Clone(proxy.Clusters[cluster]).(*clusterv3.Cluster)
		kept.LoadAssignment, kept.Metadata, kept.Filters = nil, nil, nil
		kept.TransportSocketMatches = withNames(kept.TransportSocketMatches)
		kept.TransportSocket = withName(kept.TransportSocket)
		j.Settings[key] = textOf(kept)
	}
	return key
}

func withNames(matches []*clusterv3.Cluster_TransportSocketMatch) []*clusterv3.Cluster_TransportSocketMatch {
	for _, match := range matches {
		match.TransportSocket = withName(match.TransportSocket)
	}
	return matches
}

// withName says of a socket what is spoken and for which server name, and leaves certificates out.
func withName(socket *corev3.TransportSocket) *corev3.TransportSocket {
	if socket == nil {
		return nil
	}
	return &corev3.TransportSocket{Name: socketOf(socket) + " " + serverNameOf(socket)}
}

// textOf is JSON with the same spaces each time, which protojson does not promise.
func textOf(message proto.Message) json.RawMessage {
	text, err := protojson.Marshal(message)
	if err != nil {
		panic(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		panic(err)
	}
	return compact.Bytes()
}
