package install

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"

	jsonpatch "github.com/evanphx/json-patch/v5"
	admission "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/kube/inject"
)

// Injector is Istio's sidecar injector behind the webhooks of an installation.
type Injector struct {
	install *Install
	handler http.Handler
}

// Injector starts the injector for a mesh. ProxyConfig objects are read from the store.
func (i *Install) InjectorFor(mesh *meshconfig.MeshConfig, revision string, configs model.ConfigStore) (*Injector, error) {
	environment := model.NewEnvironment()
	environment.Watcher = meshwatcher.NewTestWatcher(mesh)
	push := model.NewPushContext()
	push.Mesh = mesh
	push.ProxyConfigs = model.GetProxyConfigs(configs, mesh)
	environment.SetPushContext(push)
	mux := http.NewServeMux()
	_, err := inject.NewWebhook(inject.WebhookParameters{Watcher: fixed{i}, Env: environment, Mux: mux, Revision: revision})
	return &Injector{install: i, handler: mux}, err
}

// Inject gives a pod as it stands after admission; refused says that the injector did not let it in.
func (j *Injector) Inject(pod *corev1.Pod, namespace map[string]string) (out *corev1.Pod, refused error) {
	if !j.called(namespace, pod.Labels) {
		return pod, nil
	}
	before, err := json.Marshal(pod)
	if err != nil {
		return pod, err
	}
	review, err := json.Marshal(admission.AdmissionReview{
		TypeMeta: metav1.TypeMeta{Kind: "AdmissionReview", APIVersion: "admission.k8s.io/v1"},
		Request:  &admission.AdmissionRequest{UID: "1", Namespace: pod.Namespace, Object: runtime.RawExtension{Raw: before}},
	})
	if err != nil {
		return pod, err
	}
	request := httptest.NewRequest(http.MethodPost, "/inject", bytes.NewReader(review))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	j.handler.ServeHTTP(recorder, request)
	answer := admission.AdmissionReview{}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		return pod, err
	}
	if answer.Response == nil || !answer.Response.Allowed {
		if answer.Response != nil && answer.Response.Result != nil {
			return pod, errors.New(answer.Response.Result.Message)
		}
		return pod, errors.New("refused by the injector")
	}
	if len(answer.Response.Patch) == 0 {
		return pod, nil
	}
	return patched(before, answer.Response.Patch)
}

func patched(before, patch []byte) (*corev1.Pod, error) {
	decoded, err := jsonpatch.DecodePatch(patch)
	if err != nil {
		return nil, err
	}
	after, err := decoded.Apply(before)
	if err != nil {
		return nil, err
	}
	out := &corev1.Pod{}
	return out, json.Unmarshal(after, out)
}

// called is the API server's part: whether one of the webhooks selects the pod.
func (j *Injector) called(namespace, pod map[string]string) bool {
	for _, webhook := range j.install.Webhooks {
		if selects(webhook.NamespaceSelector, namespace) && selects(webhook.ObjectSelector, pod) {
			return true
		}
	}
	return false
}

func selects(selector *metav1.LabelSelector, of map[string]string) bool {
	if selector == nil {
		return true
	}
	compiled, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && compiled.Matches(labels.Set(of))
}

// fixed is an injector configuration that never changes.
type fixed struct{ install *Install }

func (f fixed) SetHandler(func(*inject.Config, string) error) {}
func (f fixed) Run(<-chan struct{})                           {}
func (f fixed) Get() (*inject.Config, string, error) {
	return &f.install.Injector, f.install.Values, nil
}
