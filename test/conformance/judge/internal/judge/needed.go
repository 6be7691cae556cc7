package judge

import (
	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
)

// Needed are the pods whose Envoy takes requests of a case: destinations, waypoints, gateways, and clients whose own
// routes are followed.
func Needed(in *cluster.Cluster, requests []cases.Request) (pods []*cluster.Pod, followed map[string]bool) {
	asked := map[string]bool{}
	followed = map[string]bool{}
	mark := func(pod *cluster.Pod) {
		if pod != nil {
			asked[pod.Key] = true
		}
	}
	for i := range requests {
		request := &requests[i]
		mark(in.Pods[request.Destination.Workload])
		mark(GatewayPod(in, request.Destination.Gateway))
		if request.Follow && request.Source.Kind == "workload" {
			mark(in.Pods[request.Source.Workload])
			followed[request.Source.Workload] = true
		}
	}
	for _, pod := range in.SortedPods() {
		if pod.Plane == cluster.Waypoint || asked[pod.Key] && pod.HasEnvoy() {
			pods = append(pods, pod)
		}
	}
	return pods, followed
}
