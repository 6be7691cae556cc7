package cluster

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Capture is what iptables takes into a sidecar. The injector writes it as arguments of the init container.
type Capture struct {
	Mode string
	// Ports and ranges as istio-iptables takes them: comma-separated, "*" for all.
	IncludeInbound, ExcludeInbound   string
	IncludeRanges, ExcludeRanges     string
	IncludeOutbound, ExcludeOutbound string
	ExcludeInterfaces                string
}

// neverInbound are the ports that the CNI and the injection template leave out of every sidecar.
var neverInbound = []string{"15020", "15021", "15090"}

func captureOf(pod *corev1.Pod) Capture {
	init := container(pod, "istio-init")
	if init == nil {
		return captureByAnnotations(pod.Annotations)
	}
	argument := func(flag string) string {
		for i, argument := range init.Args {
			if argument == flag && i+1 < len(init.Args) {
				return strings.TrimSpace(init.Args[i+1])
			}
		}
		return ""
	}
	return Capture{
		Mode:           argument("-m"),
		IncludeInbound: argument("-b"), ExcludeInbound: argument("-d"),
		IncludeRanges: argument("-i"), ExcludeRanges: argument("-x"),
		IncludeOutbound: argument("-q"), ExcludeOutbound: argument("-o"),
		ExcludeInterfaces: argument("-c"),
	}
}

// captureByAnnotations is for running pods, whose init container a manifest may leave out.
func captureByAnnotations(annotations map[string]string) Capture {
	get := func(name, fallback string) string {
		if value, ok := annotations["traffic.sidecar.istio.io/"+name]; ok {
			return value
		}
		return fallback
	}
	return Capture{
		Mode:              annotations["sidecar.istio.io/interceptionMode"],
		IncludeInbound:    get("includeInboundPorts", "*"),
		ExcludeInbound:    strings.Join(append(slices.Clone(neverInbound), get("excludeInboundPorts", "")), ","),
		IncludeRanges:     get("includeOutboundIPRanges", "*"),
		ExcludeRanges:     get("excludeOutboundIPRanges", ""),
		IncludeOutbound:   get("includeOutboundPorts", ""),
		ExcludeOutbound:   get("excludeOutboundPorts", ""),
		ExcludeInterfaces: get("excludeInterfaces", ""),
	}
}

// Inbound says whether a connection to a port of the pod meets the sidecar.
func (c Capture) Inbound(port int) bool {
	if c.IncludeInbound == "*" {
		return !lists(c.ExcludeInbound, port)
	}
	return lists(c.IncludeInbound, port)
}

// Outbound says whether a connection of the pod's application meets the sidecar.
func (c Capture) Outbound(ip string, port int) bool {
	switch {
	case lists(c.ExcludeOutbound, port) || within(c.ExcludeRanges, ip):
		return false
	case lists(c.IncludeOutbound, port) || c.IncludeOutbound == "*":
		return true
	}
	return c.IncludeRanges == "*" || within(c.IncludeRanges, ip)
}

func lists(ports string, port int) bool {
	for _, entry := range strings.Split(ports, ",") {
		if strings.TrimSpace(entry) == strconv.Itoa(port) {
			return true
		}
	}
	return false
}

func within(ranges, ip string) bool {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	for _, entry := range strings.Split(ranges, ",") {
		entry = strings.TrimSpace(entry)
		if prefix, err := netip.ParsePrefix(entry); err == nil && prefix.Contains(address) || entry == ip {
			return true
		}
	}
	return false
}
