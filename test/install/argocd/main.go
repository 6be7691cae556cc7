// Argo CD as far as its plugins go: the server that runs beside a plugin, and what the repository server makes of an
// Application with it.
//
//	argocd argocd-cmp-server --config-dir-path <directory>
//	argocd manifests <file with the Application> <checkout>
package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	server "github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

// What a checkout would tell of itself.
const revision = "0123456789abcdef0123456789abcdef01234567"

func main() {
	argocd := &cobra.Command{Use: "argocd", SilenceUsage: true}
	argocd.AddCommand(server.NewCommand(), &cobra.Command{Use: "manifests", Args: cobra.ExactArgs(2), RunE: manifests})
	if argocd.Execute() != nil {
		os.Exit(1)
	}
}

// Prints the objects as JSON, in a list.
func manifests(command *cobra.Command, args []string) error {
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var application v1alpha1.Application
	if err := yaml.UnmarshalStrict(text, &application); err != nil {
		return err
	}
	source := application.Spec.GetSource()
	request := &apiclient.ManifestRequest{
		Repo:              &v1alpha1.Repository{Repo: source.RepoURL},
		AppName:           application.Name,
		Namespace:         application.Spec.Destination.Namespace,
		ProjectName:       application.Spec.Project,
		ApplicationSource: &source,
		KubeVersion:       "1.34",
	}
	directory := filepath.Join(args[1], source.Path)
	answer, err := repository.GenerateManifests(
		command.Context(), directory, args[1], revision, request, true, &git.NoopCredsStore{}, resource.Quantity{}, nil,
	)
	if err != nil {
		return err
	}
	objects := make([]json.RawMessage, len(answer.Manifests))
	for i, manifest := range answer.Manifests {
		objects[i] = json.RawMessage(manifest)
	}
	return json.NewEncoder(command.OutOrStdout()).Encode(objects)
}
