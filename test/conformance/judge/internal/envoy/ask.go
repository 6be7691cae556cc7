package envoy

import (
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"
	"time"

	"ambit.dev/conformance/judge/internal/application"
)

// Request is an HTTP request as a client writes it.
type Request struct {
	Method, Path, Host string
	Headers            map[string]string
}

// Response is what came back over a wire.
type Response struct {
	// Status is that of an HTTP response, 0 where the connection ended without one.
	Status int
	Body   string
	// Location is that of a redirect.
	Location string
	// Arrived is the request at the application, nil where a proxy answered.
	Arrived *application.Arrived
	// Why says what ended the connection.
	Why string
}

// HTTP sends a request. A wire that is open from an earlier request is used again, as clients do.
func (e *Envoy) HTTP(w Wire, request Request) Response {
	for {
		wire, reused := e.wires[w.key()]
		delete(e.wires, w.key())
		if !reused {
			var why string
			if wire, why = e.dial(w); wire == nil {
				return Response{Why: why}
			}
		}
		response, keep := e.exchange(wire, request)
		if keep {
			e.wires[w.key()] = wire
		} else {
			wire.close()
		}
		// A kept wire may have been closed since.
		if response.Status != 0 || !reused {
			return response
		}
	}
}

func (e *Envoy) exchange(wire *connection, request Request) (out Response, keep bool) {
	_ = wire.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(wire, request.text()); err != nil {
		return Response{Why: "the connection was closed"}, false
	}
	response, err := http.ReadResponse(wire.reader, &http.Request{Method: request.Method})
	if err != nil {
		return Response{Why: "the connection was closed"}, false
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	_ = response.Body.Close()
	out = Response{Status: response.StatusCode, Body: strings.TrimSpace(string(body)), Location: response.Header.Get("Location")}
	if arrived, ok := e.Application.Arrived(response.Header.Get(application.Header)); ok {
		out.Arrived = &arrived
	}
	return out, err == nil && !response.Close && request.Method != http.MethodConnect
}

func (r Request) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nhost: %s\r\n", r.Method, r.Path, r.Host)
	names := make([]string, 0, len(r.Headers))
	for name := range r.Headers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&b, "%s: %s\r\n", name, r.Headers[name])
	}
	if _, has := r.Headers["content-length"]; !has && (r.Method == "POST" || r.Method == "PUT" || r.Method == "PATCH") {
		b.WriteString("content-length: 0\r\n")
	}
	return b.String() + "\r\n"
}

const bytesThatAreNoRequest = "\x01\x02these bytes are no request\n"

// TCP sends bytes that are no HTTP and waits for their echo.
func (e *Envoy) TCP(w Wire) Response {
	wire, why := e.dial(w)
	if wire == nil {
		return Response{Why: why}
	}
	defer wire.close()
	_ = wire.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(wire, bytesThatAreNoRequest); err != nil {
		return Response{Why: "the connection was closed"}
	}
	line, err := wire.reader.ReadString('\n')
	if err != nil {
		return Response{Why: "the connection was closed"}
	}
	if id, ok := application.EchoedID(line); ok {
		if arrived, ok := e.Application.Arrived(id); ok {
			return Response{Arrived: &arrived}
		}
	}
	return Response{Why: "the bytes were answered as a request"}
}
