module ambit.dev/install/argocd

go 1.25.7

require (
	github.com/argoproj/argo-cd/v3 v3.2.12
	github.com/spf13/cobra v1.10.1
	k8s.io/apimachinery v0.34.0
	sigs.k8s.io/yaml v1.6.0
)
