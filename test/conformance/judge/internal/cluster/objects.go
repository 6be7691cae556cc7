package cluster

import (
	"encoding/json"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"ambit.dev/conformance/judge/internal/admission"
	"ambit.dev/conformance/judge/internal/identity"
)

var clusterScoped = map[string]bool{"Namespace": true, "GatewayClass": true, "Node": true, "CustomResourceDefinition": true}

// decode reads an object as the API server stores it: in a namespace, and without nulls. The judge's own keys take the
// place of those that a RequestAuthentication would fetch.
func decode(raw json.RawMessage) (*unstructured.Unstructured, error) {
	content := map[string]any{}
	// Whole numbers stay whole: rules in CEL tell them from others.
	if err := utiljson.Unmarshal(identity.WithKeys(raw), &content); err != nil {
		return nil, fmt.Errorf("object of the case: %w", err)
	}
	withoutNulls(content)
	object := &unstructured.Unstructured{Object: content}
	if object.GetNamespace() == "" && !clusterScoped[object.GetKind()] {
		object.SetNamespace(corev1.NamespaceDefault)
	}
	return object, nil
}

func withoutNulls(value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if inner == nil {
				delete(value, key)
				continue
			}
			withoutNulls(inner)
		}
	case []any:
		for _, inner := range value {
			withoutNulls(inner)
		}
	}
}

// take sorts an object to those who read it.
func (c *Cluster) take(object *unstructured.Unstructured) {
	group := object.GroupVersionKind().Group
	switch kind := object.GetKind(); {
	case group == "" && kind == "Namespace":
		labels := c.namespace(object.GetName())
		for key, value := range object.GetLabels() {
			labels[key] = value
		}
	case group == "" && kind == "Service":
		if service := as[corev1.Service](c, object); service != nil {
			c.namespace(service.Namespace)
			c.Services[name(object)] = service
		}
	case group == "" && kind == "Secret":
		if secret := as[corev1.Secret](c, object); secret != nil {
			c.Secrets[name(object)] = secret
		}
	case kind == "EndpointSlice":
		if slice := as[discoveryv1.EndpointSlice](c, object); slice != nil {
			c.Slices = append(c.Slices, slice)
		}
	case group == "gateway.networking.k8s.io" || strings.HasSuffix(group, ".istio.io") && !strings.HasPrefix(group, "install."):
		c.admit(object)
	default:
		c.takePods(object)
	}
}

// admit asks the API server's schema and istiod's webhook, and converts to the version that istiod reads.
func (c *Cluster) admit(object *unstructured.Unstructured) {
	what := fmt.Sprintf("%s %s", object.GetKind(), name(object))
	warnings, err := admission.Check(object)
	for _, warning := range warnings {
		c.Warned = append(c.Warned, what+": "+warning)
	}
	if err != nil {
		c.Refused = append(c.Refused, fmt.Sprintf("%s: %v", what, err))
		return
	}
	if served := admission.Served(object.GroupVersionKind()); served != "" {
		object.SetAPIVersion(object.GroupVersionKind().Group + "/" + served)
	}
	if object.GetKind() == "Gateway" && object.GroupVersionKind().Group == "gateway.networking.k8s.io" {
		c.Gateways = append(c.Gateways, object)
		return
	}
	if converted, err := admission.Convert(object, Domain); err == nil && converted != nil {
		c.Configs = append(c.Configs, *converted)
	}
	c.Objects = append(c.Objects, object)
}

func as[T any](c *Cluster, object *unstructured.Unstructured) *T {
	out := new(T)
	// Manifests hold numbers where a text belongs, which the API server refuses and encoding/json does too.
	text, err := json.Marshal(object.Object)
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		c.Refused = append(c.Refused, fmt.Sprintf("%s %s: API server: %v", object.GetKind(), name(object), err))
		return nil
	}
	return out
}

func name(object *unstructured.Unstructured) string {
	return object.GetNamespace() + "/" + object.GetName()
}

func nested(object map[string]any, path ...string) map[string]any {
	inner, _, _ := unstructured.NestedMap(object, path...)
	return inner
}
