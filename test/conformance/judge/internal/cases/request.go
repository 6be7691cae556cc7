package cases

// Request is one request or connection.
type Request struct {
	ID          int         `json:"id"`
	Source      Source      `json:"source"`
	Destination Destination `json:"destination"`
	Payload     Payload     `json:"payload"`
	// Follow sends it through the client's own routes, wherever they lead.
	Follow bool `json:"follow"`
}

// Source is who sends it; Kind says which of the fields count.
type Source struct {
	Kind           string `json:"kind"`
	Workload       string `json:"workload"`
	Gateway        string `json:"gateway"`
	Speaks         string `json:"speaks"`
	Namespace      string `json:"namespace"`
	ServiceAccount string `json:"serviceAccount"`
	IP             string `json:"ip"`
}

// Destination is what it is addressed to; Kind says which of the fields count.
type Destination struct {
	Kind     string `json:"kind"`
	Service  string `json:"service"`
	Workload string `json:"workload"`
	Gateway  string `json:"gateway"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
}

// Payload is an HTTP request, or bytes that are none.
type Payload struct {
	Kind    string            `json:"kind"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Host    string            `json:"host"`
	Headers map[string]string `json:"headers"`
	Token   *Token            `json:"token"`
}

// Token is a JSON web token.
type Token struct {
	Issuer    string           `json:"issuer"`
	Subject   string           `json:"subject"`
	Audiences []string         `json:"audiences"`
	Presenter string           `json:"presenter"`
	Claims    map[string][]any `json:"claims"`
	Valid     bool             `json:"valid"`
	// In is where the token is; absent in the Authorization header, behind "Bearer ".
	In *TokenPlace `json:"in"`
}

// TokenPlace is a header behind a prefix, a cookie, or a parameter of the query.
type TokenPlace struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Prefix string `json:"prefix"`
}
