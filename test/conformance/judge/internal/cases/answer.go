package cases

import "encoding/json"

// Answer is what Istio and Envoy do with a case.
type Answer struct {
	Name     string         `json:"name"`
	Cluster  string         `json:"cluster"`
	Istio    Istio          `json:"istio"`
	Envoy    string         `json:"envoy"`
	Error    string         `json:"error,omitempty"`
	Notes    []string       `json:"notes,omitempty"`
	Refused  []string       `json:"refused,omitempty"`
	Warned   []string       `json:"warned,omitempty"`
	Analyzed []string       `json:"analyzed,omitempty"`
	Topology []string       `json:"topology,omitempty"`
	Dropped  map[string]int `json:"dropped,omitempty"`
	// Rules and Settings are the routes and clusters that ends name, as istiod configures them.
	Rules    map[string]json.RawMessage `json:"rules,omitempty"`
	Settings map[string]json.RawMessage `json:"settings,omitempty"`
	Requests []RequestAnswer            `json:"requests"`
}

// Istio names the code that judged.
type Istio struct {
	Module  string `json:"module"`
	Release string `json:"release"`
}

// RequestAnswer is what became of one request.
type RequestAnswer struct {
	ID     int      `json:"id"`
	Judge  Verdict  `json:"judge"`
	Asked  bool     `json:"asked,omitempty"`
	Detail []string `json:"detail"`
	// Ends are all the places where a request that is followed may end.
	Ends []End `json:"ends,omitempty"`
}

// Verdict is the word for what became of a request.
type Verdict string

const (
	Allowed         Verdict = "allowed"
	Forbidden       Verdict = "forbidden"
	Unauthenticated Verdict = "unauthenticated"
	BadRequest      Verdict = "bad-request"
	Unavailable     Verdict = "unavailable"
	Closed          Verdict = "closed"
	NoPath          Verdict = "no-path"
	NotCovered      Verdict = "not-covered"
)

// End is where a request ended, as the last proxy that routed it sent it on.
type End struct {
	Judge Verdict `json:"judge"`
	// By is the proxy that sent it on or answered.
	By string `json:"by"`
	// Location is that of a redirect.
	Location string `json:"location,omitempty"`
	// Cluster is Envoy's, empty where the proxy answered. Service, port and subset are what it stands for.
	Cluster string            `json:"cluster,omitempty"`
	Service string            `json:"service,omitempty"`
	Port    int               `json:"port,omitempty"`
	Subset  string            `json:"subset,omitempty"`
	Method  string            `json:"method,omitempty"`
	Path    string            `json:"path,omitempty"`
	Host    string            `json:"host,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	// Rule is the route that sent it on, and Settings the cluster, by their names in the answer.
	Rule     string `json:"rule,omitempty"`
	Settings string `json:"settings,omitempty"`
	// Pods are those among the endpoints of the cluster, and Pod the one that it was sent to.
	Pods []string `json:"pods,omitempty"`
	Pod  string   `json:"pod,omitempty"`
}
