package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	metavalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// Validate checks a custom resource as an API server does that creates it with fieldValidation=Strict: unknown fields and
// metadata, required fields, types, enums, formats, CEL rules, after the schema's defaults were filled in. The error has a
// line for every fault, each beginning with the field's path. The object stays as it is.
func Validate(crds []*apiextensionsv1.CustomResourceDefinition, object *unstructured.Unstructured) error {
	faults, err := faultsOf(crds, object)
	if err != nil {
		faults = []error{err}
	}
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("%s %s: %w", object.GetKind(), key(object), errors.Join(faults...))
}

func key(object *unstructured.Unstructured) string {
	return strings.TrimPrefix(object.GetNamespace()+"/"+object.GetName(), "/")
}

func faultsOf(crds []*apiextensionsv1.CustomResourceDefinition, object *unstructured.Unstructured) ([]error, error) {
	definition, schema, err := schemaOf(crds, object)
	if err != nil {
		return nil, err
	}
	structural, err := structuralschema.NewStructural(schema)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	validator, _, err := validation.NewSchemaValidator(schema)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	content, err := asServed(object)
	if err != nil {
		return nil, err
	}

	faults, err := unknownFields(content, structural)
	if err != nil {
		return nil, err
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(content, structural)
	defaulting.Default(content, structural)

	wrong := validation.ValidateCustomResource(nil, content, validator)
	wrong = append(wrong, metadataFaults(definition, &unstructured.Unstructured{Object: content})...)
	wrong = append(wrong, objectmeta.Validate(nil, content, structural, false)...)
	wrong = append(wrong, listtype.ValidateListSetsAndMaps(nil, structural, content)...)
	if rules := cel.NewValidator(structural, true, celconfig.PerCallLimit); rules != nil {
		broken, _ := rules.Validate(context.Background(), nil, structural, content, nil, celconfig.RuntimeCELCostBudget)
		wrong = append(wrong, broken...)
	}
	for _, fault := range wrong {
		faults = append(faults, fault)
	}
	return faults, nil
}

// schemaOf finds what defines the object's kind and version.
func schemaOf(crds []*apiextensionsv1.CustomResourceDefinition, object *unstructured.Unstructured) (*apiextensionsv1.CustomResourceDefinition, *apiextensions.JSONSchemaProps, error) {
	kind := object.GroupVersionKind()
	for _, definition := range crds {
		if definition.Spec.Group != kind.Group || definition.Spec.Names.Kind != kind.Kind {
			continue
		}
		for _, version := range definition.Spec.Versions {
			if version.Name != kind.Version || !version.Served {
				continue
			}
			var schema apiextensions.JSONSchemaProps
			if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, &schema, nil); err != nil {
				return nil, nil, fmt.Errorf("schema: %w", err)
			}
			return definition, &schema, nil
		}
	}
	return nil, nil, fmt.Errorf("apiVersion: %q defines no kind %q", object.GetAPIVersion(), object.GetKind())
}

// asServed is a copy with the types that JSON has for an API server: whole numbers are integers.
func asServed(object *unstructured.Unstructured) (map[string]any, error) {
	text, err := object.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var copied unstructured.Unstructured
	if err := copied.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	return copied.Object, nil
}

// unknownFields removes what the schema does not know and names it. The error is metadata that is none.
func unknownFields(content map[string]any, schema *structuralschema.Structural) ([]error, error) {
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	paths := pruning.PruneWithOptions(content, schema, true, options)
	malformed, inMetadata := objectmeta.CoerceWithOptions(nil, content, schema, true, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if malformed != nil {
		return nil, malformed
	}
	paths = append(paths, inMetadata...)
	slices.Sort(paths)
	var faults []error
	for _, path := range slices.Compact(paths) {
		faults = append(faults, fmt.Errorf("%s: unknown field", path))
	}
	return faults, nil
}

func metadataFaults(definition *apiextensionsv1.CustomResourceDefinition, object *unstructured.Unstructured) field.ErrorList {
	namespaced := definition.Spec.Scope == apiextensionsv1.NamespaceScoped
	return metavalidation.ValidateObjectMetaAccessor(object, namespaced, metavalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
}
