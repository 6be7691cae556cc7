package judge

import (
	"fmt"
	"strings"

	"ambit.dev/conformance/judge/internal/application"
	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/identity"
)

func firstRequest(payload *cases.Payload) (envoy.Request, error) {
	request := envoy.Request{Method: payload.Method, Path: payload.Path, Host: payload.Host, Headers: map[string]string{}}
	for name, value := range payload.Headers {
		request.Headers[strings.ToLower(name)] = value
	}
	if payload.Token == nil {
		return request, nil
	}
	token, err := identity.Sign(payload.Token)
	request.Headers["authorization"] = "Bearer " + token
	return request, err
}

// ask sends the request to an Envoy. Where it went on, it is carried as Envoy sent it, and the cluster is told.
func (w *way) ask(wire envoy.Wire, at string) (reached *application.Arrived, ok bool) {
	var response envoy.Response
	if w.request.Payload.Kind == "tcp" {
		response = w.envoy.TCP(wire)
	} else {
		response = w.envoy.HTTP(wire, w.carried)
	}
	if arrived := response.Arrived; arrived != nil {
		arrived.Cluster = withoutSuffix(arrived.Cluster)
		w.say("%s: on to %s", at, arrived.Cluster)
		w.carry(arrived)
		return arrived, true
	}
	if response.Status == 0 {
		return nil, w.end(cases.Closed, "%s: %s", at, response.Why)
	}
	return nil, w.end(verdictOf(response.Status), "%s: %d %s", at, response.Status, response.Body)
}

// askLast asks the Envoy before the application.
func (w *way) askLast(wire envoy.Wire, at string) {
	if _, ok := w.ask(wire, at); ok {
		w.answer.Judge = cases.Allowed
	}
}

// hopByHop are headers of one connection, and those that the judge itself sends.
var hopByHop = map[string]bool{
	"connection": true, "keep-alive": true, "transfer-encoding": true, "te": true, "upgrade": true, "proxy-connection": true, envoy.ShareHeader: true,
}

func (w *way) carry(arrived *application.Arrived) {
	if w.request.Payload.Kind == "tcp" {
		return
	}
	w.carried = envoy.Request{Method: arrived.Method, Path: arrived.Path, Host: arrived.Host, Headers: map[string]string{}}
	for name, value := range arrived.Headers {
		if !hopByHop[name] {
			w.carried.Headers[name] = value
		}
	}
}

// withoutSuffix gives a cluster the name that istiod gave it.
func withoutSuffix(cluster string) string {
	if i := strings.LastIndex(cluster, "~"); i > 0 {
		return cluster[:i]
	}
	return cluster
}

func verdictOf(status int) cases.Verdict {
	switch status {
	case 400:
		return cases.BadRequest
	case 401:
		return cases.Unauthenticated
	case 403:
		return cases.Forbidden
	case 503:
		return cases.Unavailable
	}
	return cases.Verdict(fmt.Sprintf("status-%d", status))
}
