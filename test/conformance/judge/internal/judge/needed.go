package judge

import (
	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
)

// Needed are the pods whose Envoy takes requests of a case: destinations, waypoints, gateways, and clients whose own
// routes are followed, as well as others of their workloads. Where any are, they may lead to every pod.
func Needed(in *cluster.Cluster, requests []cases.Request) (pods []*cluster.Pod, followed map[string]bool) {
	asked := map[string]bool{}
	followed = map[string]bool{}
	mark := func(pod *cluster.Pod) {
		if pod != nil {
			asked[pod.Key] = true
		}
	}
	anyFollowed := false
	for i := range requests {
		request := &requests[i]
		anyFollowed = anyFollowed || request.Follow
		mark(in.Pods[request.Destination.Workload])
		mark(GatewayPod(in, request.Destination.Gateway))
		if client := clientOf(in, request.Source); request.Follow && client != nil && client.Plane == cluster.Sidecar {
			if request.Source.Kind == "future" && !followed[client.Key] {
				pods = append(pods, client)
			}
			mark(client)
			followed[client.Key] = true
			if other := otherPodOf(client); callsOwnPod(request) && !followed[other.Key] {
				pods = append(pods, other)
				followed[other.Key] = true
			}
		}
	}
	for _, pod := range in.SortedPods() {
		if pod.HasEnvoy() && (asked[pod.Key] || pod.Plane == cluster.Waypoint || anyFollowed) {
			pods = append(pods, pod)
		}
	}
	return pods, followed
}

// callsOwnPod says whether a pod of a workload calls another of it by its address.
func callsOwnPod(request *cases.Request) bool {
	return request.Destination.Kind == "pod" && request.Source.Workload == request.Destination.Workload
}

func clientOf(in *cluster.Cluster, source cases.Source) *cluster.Pod {
	if source.Kind == "future" {
		return FuturePod(source)
	}
	return in.Pods[source.Workload]
}
