package cluster

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestCaptureOfWhatTheInjectorWrites(t *testing.T) {
	pod := &corev1.Pod{Spec: corev1.PodSpec{InitContainers: []corev1.Container{{
		Name: "istio-init",
		Args: []string{"istio-iptables", "-m", "REDIRECT", "-i", "*", "-x", "10.1.0.0/16", "-b", "*", "-d", "15090,15021,15020,9090", "-o", "5432", "-q", "8080"},
	}}}}
	capture := captureOf(pod)
	for port, captured := range map[int]bool{8080: true, 9090: false, 15020: false, 80: true} {
		if capture.Inbound(port) != captured {
			t.Errorf("inbound %d: want %v", port, captured)
		}
	}
	outbound := []struct {
		ip       string
		port     int
		captured bool
	}{
		{"10.2.0.1", 80, true},
		{"10.2.0.1", 5432, false},
		{"10.1.0.1", 80, false},
		// A range that is excluded comes before a port that is included.
		{"10.1.0.1", 8080, false},
	}
	for _, try := range outbound {
		if capture.Outbound(try.ip, try.port) != try.captured {
			t.Errorf("outbound %s:%d: want %v", try.ip, try.port, try.captured)
		}
	}
}

func TestCaptureByAnnotations(t *testing.T) {
	capture := captureByAnnotations(map[string]string{
		"traffic.sidecar.istio.io/includeInboundPorts":     "8080, 9090",
		"traffic.sidecar.istio.io/includeOutboundIPRanges": "",
	})
	if !capture.Inbound(9090) || capture.Inbound(80) {
		t.Error("only the ports that are included come in by the sidecar")
	}
	if capture.Outbound("10.2.0.1", 80) {
		t.Error("without a range nothing goes out by the sidecar")
	}
	if running := captureByAnnotations(nil); running.Inbound(15021) || !running.Inbound(80) {
		t.Error("the ports of the sidecar itself are never captured, all others are")
	}
}
