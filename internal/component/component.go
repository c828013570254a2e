// Package component is what every constructor of a component does alike: say all faults of the args before anything is
// registered, register the component, make what is in it, and register its outputs.
//
// A component is a struct with pulumi.ResourceState. Its outputs are its exported fields with a tag pulumi:"key", and
// structs of such fields, whose key is in the tag output:"key" (the SDK refuses its own tag on them).
package component

import (
	"fmt"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
)

// Kind is a kind of component.
type Kind struct {
	// Type is the type token.
	Type string
	// Noun is what messages call one.
	Noun string
}

func (k Kind) register(ctx *pulumi.Context, name string, c pulumi.ComponentResource, provision func(*pulumi.Context) error, opts []pulumi.ResourceOption) error {
	if err := ctx.RegisterComponentResource(k.Type, name, c, opts...); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	if err := provision(ctx); err != nil {
		return err
	}
	if err := ctx.RegisterResourceOutputs(c, Outputs(c)); err != nil {
		return fmt.Errorf("register outputs: %w", err)
	}
	return nil
}

// New registers the component c under its name, and has provision make what is in it. Where there are faults it registers
// nothing and returns them in one error, all but those that follow from others.
func New[C pulumi.ComponentResource](
	ctx *pulumi.Context, kind Kind, name string, c C, faults fault.List, provision func(*pulumi.Context) error, opts ...pulumi.ResourceOption,
) (C, error) {
	var none C
	err := faults.Trusted().Err()
	if err == nil {
		err = kind.register(ctx, name, c, provision, opts)
	}
	if err != nil {
		return none, fmt.Errorf("%s %q: %w", kind.Noun, name, err)
	}
	return c, nil
}

var outputType = reflect.TypeFor[pulumi.Output]()

// Outputs are the outputs of a component by their keys.
func Outputs(c any) pulumi.Map {
	outputs := pulumi.Map{}
	value := reflect.Indirect(reflect.ValueOf(c))
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if key, ok := field.Tag.Lookup("pulumi"); ok && field.Type.Implements(outputType) {
			outputs[key] = value.Field(i).Interface().(pulumi.Output)
		}
		if key, ok := field.Tag.Lookup("output"); ok {
			outputs[key] = Outputs(value.Field(i).Interface())
		}
	}
	return outputs
}
