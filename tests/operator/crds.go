// Package operator has the Logging Operator's custom resource definitions, made of its Go types, and the strict check that
// an API server makes by them.
package operator

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/tools/go/packages"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/controller-tools/pkg/crd"
	crdmarkers "sigs.k8s.io/controller-tools/pkg/crd/markers"
	"sigs.k8s.io/controller-tools/pkg/loader"
	"sigs.k8s.io/controller-tools/pkg/markers"
)

// apiPackages hold the Go types of the operator's custom resources.
var apiPackages = []string{
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1alpha1",
	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1",
}

// CRDs makes the definitions of the operator's custom resources from its Go types, as `controller-gen crd:maxDescLen=0`
// does, in the order of their kinds. Kind and API version are set. The status is empty, but stands in their JSON: who applies
// them leaves it out. It runs the go command in the working directory, which must be in this module; it takes seconds.
func CRDs(ctx context.Context) ([]*apiextensionsv1.CustomResourceDefinition, error) {
	registry := &markers.Registry{}
	if err := crdmarkers.Register(registry); err != nil {
		return nil, fmt.Errorf("markers of custom resources: %w", err)
	}
	roots, err := loader.LoadRootsWithConfig(&packages.Config{Context: ctx}, apiPackages...)
	if err != nil {
		return nil, fmt.Errorf("load the operator's types: %w", err)
	}
	if err := loadingErrors(roots); err != nil {
		return nil, err
	}
	parser := &crd.Parser{
		Collector: &markers.Collector{Registry: registry},
		Checker:   &loader.TypeChecker{NodeFilters: []loader.NodeFilter{crd.Generator{}.CheckFilter()}},
	}
	crd.AddKnownTypes(parser)
	for _, root := range roots {
		parser.NeedPackage(root)
	}
	kinds := crd.FindKubeKinds(parser, crd.FindMetav1(roots))
	definitions := make([]*apiextensionsv1.CustomResourceDefinition, len(kinds))
	noDescriptions := 0
	for i, kind := range kinds {
		parser.NeedCRDFor(kind, &noDescriptions)
		definition := parser.CustomResourceDefinitions[kind]
		// The API server refuses to validate metadata but by name.
		crd.FixTopLevelMetadata(definition)
		definitions[i] = &definition
	}
	return definitions, loadingErrors(roots)
}

// loadingErrors are the faults of the packages and of what they import. Errors of types are none: the generated methods
// are left out while loading, as controller-gen does it.
func loadingErrors(roots []*loader.Package) error {
	var faults []error
	raw := make([]*packages.Package, len(roots))
	for i, root := range roots {
		raw[i] = root.Package
	}
	packages.Visit(raw, nil, func(pkg *packages.Package) {
		for _, fault := range pkg.Errors {
			if fault.Kind != packages.TypeError {
				faults = append(faults, fmt.Errorf("package %s: %w", pkg.PkgPath, fault))
			}
		}
	})
	return errors.Join(faults...)
}
