// Package envoy runs one real Envoy with the listeners that istiod makes for the proxies of a case, and sends requests in.
package envoy

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/proto"

	"ambit.dev/conformance/judge/internal/application"
	"ambit.dev/conformance/judge/internal/identity"
	"ambit.dev/conformance/judge/internal/istiod"
)

// World is what outlives a case.
type World struct {
	Binary      string
	Version     string
	Folder      string
	Authority   *identity.Authority
	Application *application.Application
	Authorizer  *application.Authorizer
}

// Envoy is a running Envoy.
type Envoy struct {
	*World
	Dropped map[string]int
	// Rules are the routes of all proxies as istiod has them, by what RuleHeader says of a request that one took.
	Rules   map[string]*routev3.Route
	doors   map[Door]int
	wires   map[wireKey]*connection
	process *exec.Cmd
	exited  chan struct{}
}

// The judge has a network of its own, so ports can be chosen freely.
const (
	adminPort = 10000
	firstPort = 10001
)

// Start runs Envoy for proxies; of those in followed the outbound listeners too.
func (w *World) Start(proxies []*istiod.Proxy, followed map[string]bool) (*Envoy, error) {
	b := &bootstrap{
		clusters: map[string]*clusterv3.Cluster{
			httpAuthorizer: staticCluster(httpAuthorizer, w.Authorizer.HTTPPort),
			grpcAuthorizer: grpcCluster(grpcAuthorizer, w.Authorizer.GRPCPort),
		},
		doors: map[Door]int{}, dropped: map[string]int{}, rules: map[string]*routev3.Route{}, nextPort: firstPort,
	}
	sort.Slice(proxies, func(i, j int) bool { return proxies[i].Pod.Key < proxies[j].Pod.Key })
	w.Application.Reset()
	for number, proxy := range proxies {
		if err := b.add(proxy, number, followed[proxy.Pod.Key], w.Application.Serve); err != nil {
			return nil, fmt.Errorf("%s: %w", proxy.Pod.Key, err)
		}
	}
	e := &Envoy{World: w, Dropped: b.dropped, Rules: b.rules, doors: b.doors, wires: map[wireKey]*connection{}}
	if len(b.listeners) == 0 {
		return e, nil
	}
	return e, e.run(b)
}

func (e *Envoy) run(b *bootstrap) error {
	message, err := b.message(e.Authority, adminPort)
	if err != nil {
		return err
	}
	bytes, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	path := filepath.Join(e.Folder, "bootstrap.pb")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		return err
	}
	output, err := os.Create(filepath.Join(e.Folder, "envoy.log"))
	if err != nil {
		return err
	}
	defer output.Close()
	e.process = exec.Command(e.Binary, "-c", path, "--concurrency", "1", "--disable-hot-restart", "-l", logLevel())
	e.process.Stdout, e.process.Stderr = output, output
	if err := e.process.Start(); err != nil {
		return err
	}
	e.exited = make(chan struct{})
	go func() { _ = e.process.Wait(); close(e.exited) }()
	return e.ready(output.Name())
}

func logLevel() string {
	if level := os.Getenv("AMBIT_ENVOY_LOG"); level != "" {
		return level
	}
	return "warning"
}

func (e *Envoy) ready(log string) error {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		select {
		case <-e.exited:
			return fmt.Errorf("envoy refused the configuration: %s", complaint(log))
		default:
		}
		response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/ready", adminPort))
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
	}
	e.Stop()
	return fmt.Errorf("envoy was not ready after 30 seconds: %s", complaint(log))
}

// complaint is the part of Envoy's log that says what is wrong, without its times.
func complaint(log string) string {
	bytes, _ := os.ReadFile(log)
	for _, line := range strings.Split(string(bytes), "\n") {
		if _, text, found := strings.Cut(line, "[critical]"); found {
			return strings.TrimSpace(text)
		}
	}
	return strings.TrimSpace(string(bytes))
}

// Stop ends Envoy and waits for it, as the next one listens on the same ports.
func (e *Envoy) Stop() {
	for _, wire := range e.wires {
		wire.close()
	}
	if e.process != nil && e.process.Process != nil {
		_ = e.process.Process.Kill()
		<-e.exited
	}
}

// Runs says whether a pod's listeners are among those of this Envoy.
func (e *Envoy) Runs(pod string) bool {
	for door := range e.doors {
		if door.Pod == pod {
			return true
		}
	}
	return false
}

// Has says whether a proxy has a listener.
func (e *Envoy) Has(door Door) bool { return e.doors[door] != 0 }
