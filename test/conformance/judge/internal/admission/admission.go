// Package admission is what stands between a manifest and istiod: the API server's schema with its rules in CEL, istiod's
// validating webhook, and, for advice, the analyzers of istioctl.
package admission

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	crdvalidation "istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	"istio.io/istio/pkg/test/env"
)

// The definitions of the Gateway API's kinds are not embedded in Istio's packages: they are read from its module, which
// Istio's helpers for tests find.
var definitions = sync.OnceValues(func() (*crdvalidation.Validator, error) {
	validator, err := crdvalidation.NewValidatorFromFiles(
		filepath.Join(env.IstioSrc, "manifests/charts/base/files/crd-all.gen.yaml"),
		filepath.Join(env.IstioSrc, "tests/integration/pilot/testdata/gateway-api-crd.yaml"),
	)
	if err == nil {
		validator.SkipMissing = true
	}
	return validator, err
})

// Check says why an object is not admitted, and what the webhook warns about. The API server writes defaults into its spec.
func Check(object *unstructured.Unstructured) (warnings []string, err error) {
	validator, err := definitions()
	if err != nil {
		return nil, err
	}
	stored := object.DeepCopy()
	if err := validator.ValidateCustomResource(stored); err != nil {
		return nil, fmt.Errorf("API server: %w", err)
	}
	if spec, ok := stored.Object["spec"]; ok {
		object.Object["spec"] = spec
	}
	found, err := Convert(object, "cluster.local")
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	if found == nil {
		return nil, nil
	}
	kind, _ := schemaOf(object.GroupVersionKind())
	warning, err := kind.ValidateConfig(*found)
	if warning != nil {
		warnings = lines(warning)
	}
	if err != nil {
		return warnings, fmt.Errorf("webhook: %s", strings.Join(lines(err), "; "))
	}
	return warnings, nil
}

// Convert reads an object as istiod does, with short hosts in the domain; nil where the kind is not Istio's.
func Convert(object *unstructured.Unstructured, domain string) (*config.Config, error) {
	kind, ok := schemaOf(object.GroupVersionKind())
	if !ok {
		if strings.HasSuffix(object.GroupVersionKind().Group, ".istio.io") {
			return nil, fmt.Errorf("unrecognized type %v", object.GroupVersionKind())
		}
		return nil, nil
	}
	text, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	read := crd.IstioKind{}
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	return crd.ConvertObject(kind, &read, domain)
}

// Served is the version in which istiod reads a kind, empty for a kind that is not Istio's.
func Served(of schema.GroupVersionKind) string {
	kind, ok := collections.PilotGatewayAPI().FindByGroupKind(resource.FromKubernetesGVK(&of))
	if !ok {
		return ""
	}
	return kind.Version()
}

func schemaOf(of schema.GroupVersionKind) (resource.Schema, bool) {
	return collections.Istio.FindByGroupKind(resource.FromKubernetesGVK(&of))
}

// lines are the errors that one holds. Several are listed below a headline.
func lines(of error) (out []string) {
	for _, line := range strings.Split(of.Error(), "\n") {
		line = strings.TrimPrefix(strings.TrimSpace(line), "* ")
		if line != "" && !strings.HasSuffix(line, "errors occurred:") && !strings.HasSuffix(line, "error occurred:") {
			out = append(out, line)
		}
	}
	return out
}
