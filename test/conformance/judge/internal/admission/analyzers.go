package admission

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"ambit.dev/conformance/judge/internal/identity"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/config/resource"
)

// Analyze runs the analyzers of `istioctl analyze` over manifests as they are given.
func Analyze(objects []json.RawMessage, rootNamespace string) ([]string, error) {
	analyzer := local.NewIstiodAnalyzer(analyzers.AllCombined(), "", resource.Namespace(rootNamespace), nil)
	documents := make([]string, len(objects))
	for i, object := range objects {
		documents[i] = string(identity.WithKeys(object))
	}
	source := local.ReaderSource{Name: "case", Reader: strings.NewReader(strings.Join(documents, "\n---\n"))}
	var findings []string
	add := analyzer.AddReaderKubeSource
	if hasPods(objects) {
		add = analyzer.AddTestReaderKubeSource
	}
	if err := add([]local.ReaderSource{source}); err != nil {
		findings = append(findings, "parse: "+err.Error())
	}
	// Which kinds are looked at is settled by whatever is added first.
	if err := analyzer.AddDefaultResources(); err != nil {
		return nil, err
	}
	stop := make(chan struct{})
	defer close(stop)
	result, err := analyzer.Analyze(stop)
	if err != nil {
		return findings, err
	}
	for _, message := range result.Messages {
		findings = append(findings, finding(message.Type.Code(), message.Resource, message.Type.Level().String(), fmt.Sprintf(message.Type.Template(), message.Parameters...)))
	}
	sort.Strings(findings)
	return findings, nil
}

// hasPods says whether the manifests tell what runs. Without pods every selector would seem to select nothing.
func hasPods(objects []json.RawMessage) bool {
	return slices.ContainsFunc(objects, func(object json.RawMessage) bool {
		read := metav1.TypeMeta{}
		return json.Unmarshal(object, &read) == nil && read.Kind == "Pod" && read.APIVersion == "v1"
	})
}

func finding(code string, of *resource.Instance, level, text string) string {
	if of == nil {
		return fmt.Sprintf("%s %s: %s", code, level, text)
	}
	return fmt.Sprintf("%s %s (%s %s): %s", code, level, of.Metadata.Schema.Kind(), of.Metadata.FullName, text)
}
