// Package cases holds what the judge is asked and what it answers. ../../../README.md describes both.
package cases

import "encoding/json"

// Case is one cluster with its manifests as they are applied.
type Case struct {
	Name     string            `json:"name"`
	Cluster  string            `json:"cluster"`
	Objects  []json.RawMessage `json:"objects"`
	Settings Settings          `json:"settings"`
	Topology Topology          `json:"topology"`
	Requests []Request         `json:"requests"`
}

// Settings is what manifests do not say about an installation.
type Settings struct {
	TrustDomain         string          `json:"trustDomain"`
	TrustDomainAliases  []string        `json:"trustDomainAliases"`
	RootNamespace       string          `json:"rootNamespace"`
	ClusterDomain       string          `json:"clusterDomain"`
	Revision            string          `json:"revision"`
	SidecarsListenHbone bool            `json:"sidecarsListenHbone"`
	ExcludeNamespaces   []string        `json:"excludeNamespaces"`
	Providers           []string        `json:"providers"`
	MeshConfig          json.RawMessage `json:"meshConfig"`
}

// Topology is what the model makes of the cluster. Empty fields are not compared.
type Topology struct {
	Workloads []Workload `json:"workloads"`
	Services  []Service  `json:"services"`
	Gateways  []Gateway  `json:"gateways"`
}

// Workload names an object with pods, and says how the model takes them to run.
type Workload struct {
	Key       string `json:"key"`
	Kind      string `json:"kind"`
	Namespace string `json:"ns"`
	Name      string `json:"name"`
	Plane     string `json:"plane"`
	Hbone     *bool  `json:"hbone"`
	Because   string `json:"because"`
	Binding   string `json:"binding"`
}

// Service is what the model says of a Service.
type Service struct {
	Key     string `json:"key"`
	Binding string `json:"binding"`
	Ports   []Port `json:"ports"`
}

// Port is a Service's port with the layer that proxies take it for.
type Port struct {
	Number   int    `json:"number"`
	Protocol string `json:"protocol"`
	Layer    string `json:"layer"`
}

// Gateway names a gateway and the labels of its pods.
type Gateway struct {
	Key       string            `json:"key"`
	Kind      string            `json:"kind"`
	Namespace string            `json:"ns"`
	PodLabels map[string]string `json:"podLabels"`
}
