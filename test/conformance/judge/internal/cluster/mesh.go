package cluster

import (
	"encoding/json"
	"fmt"

	meshapi "istio.io/api/mesh/v1alpha1"

	"ambit.dev/conformance/judge/internal/install"
	"istio.io/istio/pkg/config/mesh"
)

// Authorizer is the host of the ServiceEntry behind the providers that a case only names.
const Authorizer = "authorizer.judge.example"

const hboneMetadata = "ISTIO_META_ENABLE_HBONE"

// startMesh is the mesh configuration: the charts', then the case's own, then what its settings say.
func (c *Cluster) startMesh() error {
	settings := c.Case.Settings
	charts, err := install.Of(settings.Revision)
	if err != nil {
		return err
	}
	c.startIstiod(charts)
	if c.Mesh, err = charts.Mesh(); err != nil {
		return err
	}
	if len(settings.MeshConfig) > 0 {
		if c.Mesh, err = mesh.ApplyMeshConfig(string(settings.MeshConfig), c.Mesh); err != nil {
			return fmt.Errorf("meshConfig: %w", err)
		}
	}
	c.Mesh.TrustDomain = settings.TrustDomain
	c.Mesh.TrustDomainAliases = settings.TrustDomainAliases
	c.Mesh.RootNamespace = settings.RootNamespace
	if c.Mesh.DefaultConfig.ProxyMetadata == nil {
		c.Mesh.DefaultConfig.ProxyMetadata = map[string]string{}
	}
	c.Mesh.DefaultConfig.ProxyMetadata[hboneMetadata] = fmt.Sprint(settings.SidecarsListenHbone)
	return c.addProviders(settings.Providers)
}

// startIstiod adds istiod's own Service. Without any Service the discovery server of Istio's tests waits for ever.
func (c *Cluster) startIstiod(charts *install.Install) {
	key := charts.Istiod.Namespace + "/" + charts.Istiod.Name
	if c.Services[key] == nil {
		c.namespace(charts.Istiod.Namespace)
		c.Services[key] = charts.Istiod.DeepCopy()
	}
}

// addProviders makes each named provider one that allows everything.
func (c *Cluster) addProviders(names []string) error {
	known := map[string]bool{}
	for _, provider := range c.Mesh.ExtensionProviders {
		known[provider.Name] = true
	}
	added := false
	for _, name := range names {
		if known[name] {
			continue
		}
		added = true
		c.Mesh.ExtensionProviders = append(c.Mesh.ExtensionProviders, &meshapi.MeshConfig_ExtensionProvider{
			Name: name,
			Provider: &meshapi.MeshConfig_ExtensionProvider_EnvoyExtAuthzHttp{
				EnvoyExtAuthzHttp: &meshapi.MeshConfig_ExtensionProvider_EnvoyExternalAuthorizationHttpProvider{Service: Authorizer, Port: 8000},
			},
		})
	}
	if !added {
		return nil
	}
	entry, err := json.Marshal(map[string]any{
		"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry",
		"metadata": map[string]any{"name": "judge-authorizer", "namespace": c.Case.Settings.RootNamespace},
		"spec": map[string]any{
			"hosts": []any{Authorizer}, "location": "MESH_EXTERNAL", "resolution": "DNS",
			"ports": []any{map[string]any{"number": 8000, "name": "http", "protocol": "HTTP"}},
		},
	})
	if err != nil {
		return err
	}
	object, err := decode(entry)
	if err == nil {
		c.take(object)
	}
	return err
}
