package envoy

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http2"
)

// tunnel opens an HBONE tunnel to an authority over a connection with mutual TLS, as ztunnel does.
func tunnel(over net.Conn, authority string) (*connection, string) {
	_ = over.SetDeadline(time.Time{})
	client, err := (&http2.Transport{AllowHTTP: true}).NewClientConn(over)
	if err != nil {
		_ = over.Close()
		return nil, "the tunnel was refused"
	}
	reader, writer := io.Pipe()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	request := (&http.Request{
		Method: http.MethodConnect, URL: &url.URL{Host: authority}, Host: authority,
		Header: http.Header{}, Body: reader, ContentLength: -1,
	}).WithContext(ctx)
	response, err := client.RoundTrip(request)
	if err != nil || response.StatusCode != http.StatusOK {
		cancel()
		_ = over.Close()
		if err != nil {
			return nil, "the tunnel was refused"
		}
		return nil, fmt.Sprintf("the tunnel was answered %d", response.StatusCode)
	}
	inside := &stream{Conn: over, reader: response.Body, writer: writer}
	return &connection{Conn: inside, reader: bufio.NewReader(inside), closer: func() { cancel(); _ = over.Close() }}, ""
}

// stream is what is inside a tunnel as a connection. Only reads have a deadline.
type stream struct {
	net.Conn
	reader   io.ReadCloser
	writer   *io.PipeWriter
	deadline time.Time
}

func (s *stream) Read(bytes []byte) (int, error) {
	if s.deadline.IsZero() {
		return s.reader.Read(bytes)
	}
	timer := time.AfterFunc(time.Until(s.deadline), func() { _ = s.reader.Close() })
	defer timer.Stop()
	return s.reader.Read(bytes)
}

func (s *stream) Write(bytes []byte) (int, error)      { return s.writer.Write(bytes) }
func (s *stream) SetDeadline(deadline time.Time) error { s.deadline = deadline; return nil }

func (s *stream) Close() error {
	_ = s.writer.Close()
	return s.reader.Close()
}
