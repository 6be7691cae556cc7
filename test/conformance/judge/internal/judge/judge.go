// Package judge follows one request after the other through the mesh: what a client's proxy does with it, a waypoint, and
// what stands at the pod. Everything an Envoy decides, a real Envoy decides.
package judge

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/istiod"
)

// Judge answers the requests of a case.
type Judge struct {
	cluster *cluster.Cluster
	istiod  *istiod.Istiod
	envoy   *envoy.Envoy
	// shares stand for the ways in which weights may fall.
	shares []share
	// Rules and Settings are the routes and clusters of which answers tell, as JSON.
	Rules    map[string]json.RawMessage
	Settings map[string]json.RawMessage
}

// New is a judge of a cluster whose istiod and Envoy run.
func New(of *cluster.Cluster, control *istiod.Istiod, running *envoy.Envoy, proxies []*istiod.Proxy) *Judge {
	return &Judge{
		cluster: of, istiod: control, envoy: running, shares: sharesOf(proxies),
		Rules: map[string]json.RawMessage{}, Settings: map[string]json.RawMessage{},
	}
}

// Answer says what becomes of a request. One that is followed may end in several places: it is sent for each share of
// weighted routes, and the first end gives the verdict.
func (j *Judge) Answer(request *cases.Request) cases.RequestAnswer {
	first := j.answerShare(request, j.shares[0])
	if !request.Follow {
		first.Ends = nil
		return first
	}
	for _, share := range j.shares[1:] {
		for _, end := range j.answerShare(request, share).Ends {
			if !slices.ContainsFunc(first.Ends, func(known cases.End) bool { return reflect.DeepEqual(known, end) }) {
				first.Ends = append(first.Ends, end)
			}
		}
	}
	return first
}

func (j *Judge) answerShare(request *cases.Request, share share) cases.RequestAnswer {
	way := &way{Judge: j, request: request, share: share, answer: cases.RequestAnswer{ID: request.ID, Detail: []string{}}}
	before := j.envoy.Authorizer.Asked()
	way.start()
	way.answer.Asked = j.envoy.Authorizer.Asked() > before
	if way.last != nil {
		way.last.Judge = way.answer.Judge
		way.answer.Ends = []cases.End{*way.last}
	}
	return way.answer
}

// way is one request on its way.
type way struct {
	*Judge
	request *cases.Request
	answer  cases.RequestAnswer
	// carried is the request as the last proxy sent it on.
	carried envoy.Request
	share   share
	// last is what the last proxy did that routes.
	last *cases.End
	// behindHTTP says that it read HTTP: the client does not see a connection that is closed behind it, but 503.
	behindHTTP bool
}

func (w *way) say(format string, args ...any) {
	w.answer.Detail = append(w.answer.Detail, fmt.Sprintf(format, args...))
}

// end answers. It gives false, so that a step can say at once that it went no further.
func (w *way) end(verdict cases.Verdict, format string, args ...any) bool {
	if verdict == cases.Closed && w.behindHTTP {
		verdict = cases.Unavailable
	}
	w.answer.Judge = verdict
	w.say(format, args...)
	return false
}

func (w *way) start() {
	carried, err := firstRequest(&w.request.Payload)
	if err != nil {
		w.end(cases.NotCovered, "%v", err)
		return
	}
	w.carried = carried
	from, ok := w.caller()
	if !ok {
		return
	}
	switch w.request.Destination.Kind {
	case "gateway":
		w.toGateway(from)
		return
	case "external":
		w.toOutside(from)
		return
	}
	to, ok := w.destination()
	if !ok {
		return
	}
	w.send(from, to)
}

func (w *way) send(from caller, to destination) {
	switch from.speaks {
	case speaksPlaintext:
		w.say("plaintext straight to the pod")
		w.atPod(to.pod, arrival{by: byPlaintext, source: from.ip, port: to.direct()})
	case speaksAmbient:
		w.fromAmbient(from, to)
	case speaksSidecar:
		w.fromSidecar(from, to)
	case speaksGateway:
		w.fromGateway(from, to)
	}
}
