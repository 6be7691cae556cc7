// Builds what a Kustomization of Flux names, with the package by which Flux's kustomize-controller does.
//
//	flux <file with the Kustomization> <directory of the source>
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := build(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func build(file, root string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var object map[string]any
	if err := yaml.Unmarshal(text, &object); err != nil {
		return err
	}
	asked := unstructured.Unstructured{Object: object}
	path, _, err := unstructured.NestedString(object, "spec", "path")
	if err != nil {
		return err
	}
	directory := filepath.Join(root, path)
	if _, err := kustomize.NewGenerator(root, asked).WriteFile(directory); err != nil {
		return err
	}
	built, err := kustomize.SecureBuild(root, directory, false)
	if err != nil {
		return err
	}
	objects, err := built.AsYaml()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(objects)
	return err
}
