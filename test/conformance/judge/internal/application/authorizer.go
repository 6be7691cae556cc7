package application

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
)

// Authorizer is the external authorizer behind every provider: it allows everything and counts.
type Authorizer struct {
	authv3.UnimplementedAuthorizationServer
	asked    atomic.Int64
	HTTPPort int
	GRPCPort int
}

// NewAuthorizer starts an authorizer for both protocols.
func NewAuthorizer() (*Authorizer, error) {
	a := &Authorizer{}
	overHTTP, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	overGRPC, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a.HTTPPort, a.GRPCPort = overHTTP.Addr().(*net.TCPAddr).Port, overGRPC.Addr().(*net.TCPAddr).Port
	server := grpc.NewServer()
	authv3.RegisterAuthorizationServer(server, a)
	go func() { _ = server.Serve(overGRPC) }()
	go func() {
		_ = http.Serve(overHTTP, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { a.asked.Add(1) }))
	}()
	return a, nil
}

// Asked is how often it was asked.
func (a *Authorizer) Asked() int64 { return a.asked.Load() }

// Check answers over gRPC.
func (a *Authorizer) Check(context.Context, *authv3.CheckRequest) (*authv3.CheckResponse, error) {
	a.asked.Add(1)
	return &authv3.CheckResponse{HttpResponse: &authv3.CheckResponse_OkResponse{OkResponse: &authv3.OkHttpResponse{}}}, nil
}
