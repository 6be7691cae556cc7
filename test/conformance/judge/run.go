package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"time"

	"ambit.dev/conformance/judge/internal/application"
	"ambit.dev/conformance/judge/internal/cases"
	"ambit.dev/conformance/judge/internal/envoy"
	"ambit.dev/conformance/judge/internal/identity"
	"ambit.dev/conformance/judge/internal/istiod"
)

type options struct {
	out, envoy    string
	analyze, keep bool
	cases         []string
}

func (o options) check() error {
	switch {
	case o.out == "":
		return errors.New("--out is missing: the folder of the answers")
	case o.envoy == "":
		return errors.New("--envoy is missing: Envoy's binary")
	case len(o.cases) == 0:
		return errors.New("no case is given")
	}
	return nil
}

func run(o options) error {
	world, err := newWorld(o)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	for _, path := range o.cases {
		started := time.Now()
		answer := answerFile(world, path, o)
		text, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(o.out, filepath.Base(path)), append(text, '\n'), 0o644); err != nil {
			return err
		}
		fmt.Println(summary(answer, time.Since(started)))
	}
	return nil
}

func newWorld(o options) (*envoy.World, error) {
	version, err := envoyVersion(o.envoy)
	if err != nil {
		return nil, err
	}
	authority, err := identity.NewAuthority()
	if err != nil {
		return nil, err
	}
	authorizer, err := application.NewAuthorizer()
	if err != nil {
		return nil, err
	}
	return &envoy.World{
		Binary: o.envoy, Version: version, Authority: authority, Authorizer: authorizer, Application: application.New(),
	}, nil
}

var versionInOutput = regexp.MustCompile(`/(\d+\.\d+\.\d+)[^/]*/`)

func envoyVersion(binary string) (string, error) {
	output, err := exec.Command(binary, "--version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", binary, err)
	}
	found := versionInOutput.FindSubmatch(output)
	if found == nil {
		return "", fmt.Errorf("%s does not tell its version", binary)
	}
	return string(found[1]), nil
}

func answerFile(world *envoy.World, path string, o options) *cases.Answer {
	answer := &cases.Answer{Istio: cases.Istio{Module: moduleVersion(), Release: istiod.Release}, Envoy: world.Version, Requests: []cases.RequestAnswer{}}
	text, err := os.ReadFile(path)
	asked := &cases.Case{}
	if err == nil {
		err = json.Unmarshal(text, asked)
	}
	answer.Name, answer.Cluster = asked.Name, asked.Cluster
	if err == nil {
		err = answerCase(world, asked, answer, o)
	}
	if err != nil {
		answer.Error, answer.Requests = err.Error(), []cases.RequestAnswer{}
	}
	return answer
}

func moduleVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "istio.io/istio" {
			return module.Version
		}
	}
	return ""
}

func summary(answer *cases.Answer, took time.Duration) string {
	counts := map[cases.Verdict]int{}
	for _, request := range answer.Requests {
		counts[request.Judge]++
	}
	text := fmt.Sprintf("%s@%s: %d requests %v, %d refused, %.1fs", answer.Name, answer.Cluster, len(answer.Requests), counts, len(answer.Refused), took.Seconds())
	if answer.Error != "" {
		text += ": " + answer.Error
	}
	return text
}
