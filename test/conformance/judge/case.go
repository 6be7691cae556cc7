package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"ambit.dev/conformance/judge/internal/admission"
	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/cluster"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/istiod"
	"ambit.dev/conformance/judge/internal/judge"
)

// answerCase starts the cluster of a case, its istiod and its Envoy, and asks.
func answerCase(world *envoy.World, asked *cases.Case, answer *cases.Answer, o options) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("%v\n%s", caught, debug.Stack())
		}
	}()
	folder, err := caseFolder(asked, o)
	if err != nil {
		return err
	}
	if !o.keep {
		defer os.RemoveAll(folder)
	}
	started, err := cluster.Load(asked)
	if err != nil {
		return err
	}
	answer.Notes, answer.Refused, answer.Warned = started.Notes, started.Refused, started.Warned
	if o.analyze {
		if answer.Analyzed, err = admission.Analyze(asked.Objects, asked.Settings.RootNamespace); err != nil {
			return err
		}
	}
	control, err := istiod.Start(started, folder)
	defer control.Stop()
	if err != nil {
		return err
	}
	answer.Topology = judge.Topology(control)
	world.Folder = folder
	return ask(world, control, asked, answer)
}

func ask(world *envoy.World, control *istiod.Istiod, asked *cases.Case, answer *cases.Answer) error {
	pods, followed := judge.Needed(control.Cluster, asked.Requests)
	proxies := make([]*istiod.Proxy, 0, len(pods))
	for _, pod := range pods {
		proxy, err := control.Proxy(pod)
		if err != nil {
			return err
		}
		proxies = append(proxies, proxy)
	}
	running, err := world.Start(proxies, followed)
	if err != nil {
		return err
	}
	defer running.Stop()
	answer.Dropped = running.Dropped
	judges := judge.New(control.Cluster, control, running, proxies)
	for i := range asked.Requests {
		answer.Requests = append(answer.Requests, judges.Answer(&asked.Requests[i]))
	}
	answer.Rules, answer.Settings = judges.Rules, judges.Settings
	return nil
}

func caseFolder(asked *cases.Case, o options) (string, error) {
	if !o.keep {
		return os.MkdirTemp("", "judge")
	}
	folder := filepath.Join(o.out, "kept", filepath.Base(asked.Name)+"@"+asked.Cluster)
	return folder, os.MkdirAll(folder, 0o755)
}
