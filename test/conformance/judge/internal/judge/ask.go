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
	carryToken(&request, token, payload.Token.In)
	return request, err
}

func carryToken(request *envoy.Request, token string, place *cases.TokenPlace) {
	if place == nil {
		place = &cases.TokenPlace{Kind: "header", Name: "authorization", Prefix: "Bearer "}
	}
	switch place.Kind {
	case "header":
		request.Headers[place.Name] = place.Prefix + token
	case "cookie":
		request.Headers["cookie"] = place.Name + "=" + token
	case "parameter":
		separator := "?"
		if strings.Contains(request.Path, "?") {
			separator = "&"
		}
		request.Path += separator + place.Name + "=" + token
	}
}

// ask sends the request to an Envoy. Where it went on, it is carried as Envoy sent it.
func (w *way) ask(wire envoy.Wire, at string) (response envoy.Response, ok bool) {
	response = w.exchange(wire)
	if arrived := response.Arrived; arrived != nil {
		arrived.Cluster = withoutSuffix(arrived.Cluster)
		w.say("%s: on to %s", at, arrived.Cluster)
		w.carry(arrived)
		return response, true
	}
	if response.Status == 0 {
		return response, w.end(cases.Closed, "%s: %s", at, response.Why)
	}
	return response, w.end(verdictOf(response.Status), "%s: %d %s%s", at, response.Status, response.Location, response.Body)
}

func (w *way) exchange(wire envoy.Wire) envoy.Response {
	if w.request.Payload.Kind == "tcp" {
		return w.envoy.TCP(wire)
	}
	if w.share.weight != "" {
		w.carried.Headers[envoy.ShareHeader] = w.share.weight
	}
	if w.share.aborted {
		w.carried.Headers[envoy.AbortHeader] = "true"
	}
	return w.envoy.HTTP(wire, w.carried)
}

// askRouter asks an Envoy that routes, and remembers what it did. It gives the cluster that it sent the request to.
func (w *way) askRouter(wire envoy.Wire, at string) (cluster string, ok bool) {
	response, ok := w.ask(wire, at)
	w.last = &cases.End{By: at, Location: response.Location}
	if !ok {
		return "", false
	}
	// Whatever Envoy reads as HTTP it gives an identifier.
	w.behindHTTP = response.Arrived.Headers["x-request-id"] != ""
	w.last.Cluster = response.Arrived.Cluster
	w.last.Service, w.last.Port, w.last.Subset = w.named(w.last.Cluster)
	w.last.Method, w.last.Path, w.last.Host = w.carried.Method, w.carried.Path, w.carried.Host
	w.last.Headers = shown(w.carried.Headers)
	w.last.Rule = w.rule(response.Arrived.Headers[envoy.RuleHeader])
	w.last.Settings = w.settings(wire.Door.Pod, w.last.Cluster)
	return w.last.Cluster, true
}

// askLast asks the Envoy before the application.
func (w *way) askLast(wire envoy.Wire, at string) {
	if _, ok := w.ask(wire, at); ok {
		w.answer.Judge = cases.Allowed
	}
}

// hopByHop are headers of one connection, and those that the judge itself sends.
var hopByHop = map[string]bool{
	"connection": true, "keep-alive": true, "transfer-encoding": true, "te": true, "upgrade": true, "proxy-connection": true, envoy.ShareHeader: true, envoy.AbortHeader: true, envoy.RuleHeader: true,
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
