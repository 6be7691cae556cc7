package istiod

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	metadatafake "k8s.io/client-go/metadata/fake"
	k8stesting "k8s.io/client-go/testing"
	"sigs.k8s.io/gateway-api/pkg/consts"

	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
)

// defineKinds has the definitions of the Gateway API's kinds tell their release, without which istiod reads no GRPCRoute and
// no TLSRoute, and adds those that the test server lacks.
func (i *Istiod) defineKinds(client kube.Client) {
	tellRelease := func(action k8stesting.Action) (handled bool, result runtime.Object, err error) {
		if made, ok := action.(k8stesting.CreateAction); ok {
			if definition, ok := made.GetObject().(*metav1.PartialObjectMetadata); ok {
				definition.Annotations = map[string]string{consts.BundleVersionAnnotation: consts.BundleVersion}
			}
		}
		return false, nil, nil
	}
	if metadata, ok := client.Metadata().(*metadatafake.FakeMetadataClient); ok {
		metadata.PrependReactor("create", "customresourcedefinitions", tellRelease)
		metadata.PrependReactor("update", "customresourcedefinitions", tellRelease)
	}
	clienttest.MakeCRD(i.failer, client, gvr.ListenerSet)
	clienttest.MakeCRD(i.failer, client, gvr.BackendTLSPolicy)
}
