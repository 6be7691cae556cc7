package cluster

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"ambit.dev/conformance/judge/internal/identity"
)

// addCertificates makes the Secrets that listeners name and manifests leave out, as they should.
func (c *Cluster) addCertificates() error {
	for _, gateway := range c.Gateways {
		listeners, _, _ := unstructured.NestedSlice(gateway.Object, "spec", "listeners")
		for _, listener := range listeners {
			fields, _ := listener.(map[string]any)
			references, _, _ := unstructured.NestedSlice(fields, "tls", "certificateRefs")
			for _, reference := range references {
				if err := c.addCertificate(gateway.GetNamespace(), reference); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (c *Cluster) addCertificate(namespace string, reference any) error {
	fields, _ := reference.(map[string]any)
	secret, _, _ := unstructured.NestedString(fields, "name")
	if kind, given, _ := unstructured.NestedString(fields, "kind"); given && kind != "Secret" {
		return nil
	}
	if other, given, _ := unstructured.NestedString(fields, "namespace"); given {
		namespace = other
	}
	key := namespace + "/" + secret
	if c.Secrets[key] != nil {
		return nil
	}
	chain, private, err := identity.Throwaway()
	c.Secrets[key] = &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: secret, Namespace: namespace}, Type: corev1.SecretTypeTLS,
		Data: map[string][]byte{corev1.TLSCertKey: chain, corev1.TLSPrivateKeyKey: private},
	}
	return err
}
