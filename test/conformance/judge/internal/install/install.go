// Package install is what Istio's own charts put into a cluster: the injector's configuration and webhook, the CNI's
// selectors and the mesh configuration. Nothing of it is stated anew here.
package install

import (
	"fmt"
	"strings"
	"sync"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	meshconfig "istio.io/api/mesh/v1alpha1"
	cniutil "istio.io/istio/cni/pkg/util"
	"istio.io/istio/operator/pkg/manifest"
	"istio.io/istio/operator/pkg/render"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/kube/inject"
	"sigs.k8s.io/yaml"
)

// Install is a rendered installation of one revision, with the ambient profile.
type Install struct {
	Webhooks []admissionv1.MutatingWebhook
	Injector inject.Config
	Values   string
	// Istiod is istiod's own Service.
	Istiod *corev1.Service
	// Ambient says which pods the CNI takes into the ambient mesh.
	Ambient *cniutil.CompiledEnablementSelectors
	meshes  string
}

var rendered sync.Map

// Of renders the charts for a revision, once.
func Of(revision string) (*Install, error) {
	if found, ok := rendered.Load(revision); ok {
		return found.(*Install), nil
	}
	made, err := renderCharts(revision)
	if err == nil {
		rendered.Store(revision, made)
	}
	return made, err
}

// Mesh is the mesh configuration of the charts, a fresh copy.
func (i *Install) Mesh() (*meshconfig.MeshConfig, error) {
	return mesh.ApplyMeshConfigDefaults(i.meshes)
}

func renderCharts(revision string) (*Install, error) {
	// The chart writes "default" where there is no revision. Without the CNI's own redirection the injected pod tells
	// in the arguments of its init container what is captured.
	flags := []string{"profile=ambient", "values.pilot.cni.enabled=false"}
	if revision != "" && revision != "default" {
		flags = append(flags, "values.revision="+revision)
	}
	sets, _, err := render.GenerateManifest(nil, flags, false, nil, nil)
	if err != nil {
		return nil, err
	}
	out := &Install{}
	for _, set := range sets {
		for _, object := range set.Manifests {
			if err := out.take(object); err != nil {
				return nil, fmt.Errorf("%s %s of the charts: %w", object.GetKind(), object.GetName(), err)
			}
		}
	}
	if out.Ambient == nil || out.Istiod == nil || out.meshes == "" || len(out.Webhooks) == 0 || out.Values == "" {
		return nil, fmt.Errorf("the charts lack istiod, the injector, the mesh configuration or the CNI")
	}
	return out, nil
}

func (i *Install) take(object manifest.Manifest) error {
	name := object.GetName()
	switch object.GetKind() {
	case "Service":
		if strings.HasPrefix(name, "istiod") {
			i.Istiod = &corev1.Service{}
			return runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, i.Istiod)
		}
	case "MutatingWebhookConfiguration":
		webhook := &admissionv1.MutatingWebhookConfiguration{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, webhook); err != nil {
			return err
		}
		i.Webhooks = append(i.Webhooks, webhook.Webhooks...)
	case "ConfigMap":
		configMap := &corev1.ConfigMap{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, configMap); err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(name, "istio-sidecar-injector"):
			return i.takeInjector(configMap.Data)
		case strings.HasPrefix(name, "istio-cni"):
			return i.takeSelectors(configMap.Data["AMBIENT_ENABLEMENT_SELECTOR"])
		case configMap.Data["mesh"] != "":
			i.meshes = configMap.Data["mesh"]
		}
	}
	return nil
}

func (i *Install) takeInjector(data map[string]string) (err error) {
	i.Values = data["values"]
	i.Injector, err = inject.UnmarshalConfig([]byte(data["config"]))
	return err
}

func (i *Install) takeSelectors(text string) (err error) {
	var selectors []cniutil.EnablementSelector
	if err = yaml.Unmarshal([]byte(text), &selectors); err == nil {
		i.Ambient, err = cniutil.NewCompiledEnablementSelectors(selectors)
	}
	return err
}
