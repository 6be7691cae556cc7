module ambit.dev/install/flux

go 1.25.0

require (
	github.com/fluxcd/pkg/kustomize v1.28.0
	k8s.io/apimachinery v0.35.2
	sigs.k8s.io/yaml v1.6.0
)

replace (
	sigs.k8s.io/kustomize/api => sigs.k8s.io/kustomize/api v0.21.1
	sigs.k8s.io/kustomize/kyaml => sigs.k8s.io/kustomize/kyaml v0.21.1
)
