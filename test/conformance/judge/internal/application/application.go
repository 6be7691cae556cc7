// Package application is whatever stands behind the proxies: it answers every request with 200, echoes other bytes, and
// remembers by which cluster each came and what it looked like.
package application

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Arrived is a request as the application sees it. The names of headers are in lower case.
type Arrived struct {
	Cluster string
	Method  string
	Path    string
	Host    string
	Headers map[string]string
}

// Header of the answer that tells which of the arrived requests is answered: there may be copies of it.
const Header = "x-judge-arrived"

// Application listens on a port for each cluster.
type Application struct {
	mutex    sync.Mutex
	ports    []int
	clusters map[int]string
	arrived  map[string]Arrived
	counter  int
}

// New is an application that nobody has a port for yet.
func New() *Application {
	return &Application{clusters: map[int]string{}, arrived: map[string]Arrived{}}
}

// Reset forgets the clusters of the case before. Their ports serve the next ones.
func (a *Application) Reset() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.clusters, a.arrived = map[int]string{}, map[string]Arrived{}
}

// Serve gives each cluster a port of its own.
func (a *Application) Serve(clusters []string) (map[string]int, error) {
	byCluster := map[string]int{}
	for _, cluster := range clusters {
		port, err := a.freePort()
		if err != nil {
			return nil, err
		}
		byCluster[cluster] = port
		a.mutex.Lock()
		a.clusters[port] = cluster
		a.mutex.Unlock()
	}
	return byCluster, nil
}

func (a *Application) freePort() (int, error) {
	if len(a.clusters) < len(a.ports) {
		return a.ports[len(a.clusters)], nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	a.ports = append(a.ports, port)
	go a.accept(listener, port)
	return port, nil
}

// Arrived is the request that was answered with an identifier.
func (a *Application) Arrived(id string) (Arrived, bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found, ok := a.arrived[id]
	delete(a.arrived, id)
	return found, ok
}

func (a *Application) record(port int, arrived Arrived) string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.counter++
	id := strconv.Itoa(a.counter)
	arrived.Cluster = a.clusters[port]
	a.arrived[id] = arrived
	return id
}

func (a *Application) accept(listener net.Listener, port int) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			a.serve(connection, bufio.NewReader(connection), port)
		}()
	}
}

var requestLine = regexp.MustCompile(`^(\S+) (\S+) HTTP/1\.[01]\r?\n$`)

// Echo is what the application makes of a line that is no request.
func Echo(id, line string) string { return "arrived " + id + " " + line }

// EchoedID reads the identifier back.
func EchoedID(line string) (string, bool) {
	fields := strings.SplitN(line, " ", 3)
	if len(fields) == 3 && fields[0] == "arrived" {
		return fields[1], true
	}
	return "", false
}

func (a *Application) serve(to io.Writer, from *bufio.Reader, port int) {
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return
		}
		request := requestLine.FindStringSubmatch(line)
		if request == nil {
			if _, err := io.WriteString(to, Echo(a.record(port, Arrived{}), line)); err != nil {
				return
			}
			continue
		}
		headers, err := readHeaders(from)
		if err != nil {
			return
		}
		host := headers["host"]
		delete(headers, "host")
		id := a.record(port, Arrived{Method: request[1], Path: request[2], Host: host, Headers: headers})
		if _, err := io.WriteString(to, response(request[1], id)); err != nil {
			return
		}
	}
}

// readHeaders reads the headers of a request, and its body away.
func readHeaders(from *bufio.Reader) (map[string]string, error) {
	headers := map[string]string{}
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return nil, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		name, value = strings.ToLower(name), strings.TrimSpace(value)
		if before, repeated := headers[name]; repeated {
			value = before + "," + value
		}
		headers[name] = value
	}
	length, _ := strconv.ParseInt(headers["content-length"], 10, 64)
	_, err := io.CopyN(io.Discard, from, length)
	return headers, err
}

func response(method, id string) string {
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\n%s: %s\r\n", Header, id)
	switch method {
	case "CONNECT":
		return head + "\r\n"
	case "HEAD":
		return head + "content-length: 2\r\n\r\n"
	}
	return head + "content-length: 2\r\n\r\nok"
}
