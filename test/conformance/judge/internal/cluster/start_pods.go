package cluster

import (
	"fmt"

	"k8s.io/apimachinery/pkg/labels"

	"ambit.dev/conformance/judge/internal/install"
	"istio.io/istio/pilot/pkg/config/memory"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/gvk"
)

// startPods lets every pod through admission and starts it. A running Pod is as its manifest says.
func (c *Cluster) startPods() error {
	injector, err := c.injector()
	if err != nil {
		return err
	}
	charts, err := install.Of(c.Case.Settings.Revision)
	if err != nil {
		return err
	}
	keys := map[string]string{}
	for _, workload := range c.Case.Topology.Workloads {
		keys[workload.Kind+"|"+workload.Namespace+"|"+workload.Name] = workload.Key
	}
	for _, made := range c.pending {
		key, ok := keys[made.kind+"|"+made.namespace+"|"+made.name]
		if !ok {
			c.leaveOut(made)
			continue
		}
		pod := &Pod{Pod: made.pod, Key: key}
		if !isRunning(made) {
			if pod.Pod, err = injector.Inject(made.pod, c.namespace(made.namespace)); err != nil {
				c.note("%s %s/%s: the injector refuses its pod: %v", made.kind, made.namespace, made.name, err)
				pod = &Pod{Pod: made.pod, Key: key, Plane: Unclear, Why: "the injector refuses it"}
			}
		}
		pod.Spec.ServiceAccountName = serviceAccount(pod.Pod)
		if pod.Plane == "" {
			c.run(pod, charts.Ambient.Matches)
		}
		ip := made.pod.Status.PodIP
		if ip == "" {
			ip = c.addresses.nextPod()
		}
		running(pod.Pod, ip)
		c.Pods[key] = pod
	}
	c.markStrays()
	return nil
}

// isRunning tells a Pod of a cluster from one that is about to be made: only the former has passed admission.
func isRunning(made *template) bool {
	marked := made.pod.Annotations[statusAnnotation] != "" || made.pod.Annotations[redirectionAnnotation] != ""
	return made.kind == "Pod" && (made.pod.Status.Phase != "" || marked)
}

func (c *Cluster) injector() (*install.Injector, error) {
	charts, err := install.Of(c.Case.Settings.Revision)
	if err != nil {
		return nil, err
	}
	store := memory.Make(collections.Istio)
	for _, object := range c.Configs {
		if object.GroupVersionKind == gvk.ProxyConfig {
			if _, err := store.Create(object); err != nil {
				return nil, fmt.Errorf("ProxyConfig: %w", err)
			}
		}
	}
	return charts.InjectorFor(c.Mesh, c.Case.Settings.Revision, store)
}

// leaveOut keeps a pod that is no workload of the case's own: a ReplicaSet's, or a Pod of another workload.
func (c *Cluster) leaveOut(made *template) {
	if made.kind == "Pod" {
		c.strays = append(c.strays, made.pod)
		return
	}
	if !made.owned {
		c.note("%s %s/%s is no workload of the case", made.kind, made.namespace, made.name)
	}
}

// markStrays gives up a workload that has Pods beside its template: its pods may run differently from each other.
func (c *Cluster) markStrays() {
	for _, stray := range c.strays {
		for _, pod := range c.SortedPods() {
			own := labels.Set(pod.Labels)
			if pod.Namespace == stray.Namespace && len(own) > 0 && labels.SelectorFromSet(own).Matches(labels.Set(stray.Labels)) {
				pod.Plane, pod.Why = Unclear, "there is a Pod "+stray.Name+" beside its template"
			}
		}
	}
}
