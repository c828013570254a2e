package component_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

var kind = component.Kind{Type: "log-pipeline:test:Safe", Noun: "safe"}

// drawer is a part of a safe, with outputs of its own.
type drawer struct {
	Name pulumi.StringOutput `pulumi:"name"`
	_    pulumi.IntOutput
}

// safe is a component.
type safe struct {
	pulumi.ResourceState

	KeyARN pulumi.StringOutput `pulumi:"keyArn"`
	Top    drawer              `output:"top"`
	Bottom *drawer             `output:"bottom"`
	// Untagged is for the program alone.
	Untagged pulumi.StringOutput

	fails error
}

func (s *safe) provision(ctx *pulumi.Context) error {
	key, err := kms.NewKey(ctx, "it-key", nil, pulumi.Parent(s))
	if err != nil {
		return err
	}
	text := func(value string) pulumi.StringOutput { return pulumi.String(value).ToStringOutput() }
	s.KeyARN, s.Untagged = key.Arn, text("untagged")
	s.Top, s.Bottom = drawer{Name: text("top")}, &drawer{Name: text("bottom")}
	return s.fails
}

// create makes a component in a program that goes on whatever comes of it.
func create(
	t *testing.T, kind component.Kind, s *safe, faults fault.List, opts ...pulumi.ResourceOption,
) (made *safe, recording *mocks.Recording, err error) {
	t.Helper()
	recording, runErr := mocks.Up(func(ctx *pulumi.Context) error {
		made, err = component.New(ctx, kind, "it", s, faults, s.provision, opts...)
		return nil
	})
	require.NoError(t, runErr)
	return made, recording, err
}

func TestNewRegistersTheComponentAndMakesWhatIsInIt(t *testing.T) {
	given := &safe{}
	made, recording, err := create(t, kind, given, nil, pulumi.IgnoreChanges([]string{"a"}))
	require.NoError(t, err)
	assert.Same(t, given, made)
	parent, child := recording.Named(t, "it"), recording.Named(t, "it-key")
	assert.Equal(t, "log-pipeline:test:Safe", parent.Type)
	assert.Equal(t, []string{"a"}, parent.IgnoreChanges)
	assert.Equal(t, parent.URN, child.Parent, "the component is there before its parts")
	assert.Empty(t, child.IgnoreChanges, "the caller's options are the component's alone")
}

func TestFaultsRegisterNothing(t *testing.T) {
	made, recording, err := create(t, kind, &safe{fails: errors.New("not reached")}, fault.List{
		{Path: "Color", Given: "red", Problem: fault.Problemf("not allowed"), Allowed: "grey"},
		{Path: "Lock.Digits", Problem: fault.Problemf("%s is missing", fault.Path("Lock")), Reads: []fault.Path{"Lock"}},
		{Path: "Weight", Problem: fault.Problemf("too light for %s", fault.Path("Color")), Reads: []fault.Path{"Color"}},
	})
	require.EqualError(t, err, `safe "it": Color: not allowed (given: "red"); allowed: grey`+"\nLock.Digits: Lock is missing")
	var faults fault.List
	require.ErrorAs(t, err, &faults)
	assert.Len(t, faults, 2, "the weight follows from the color")
	assert.Nil(t, made)
	assert.Empty(t, recording.All())
}

func TestErrorOfAPart(t *testing.T) {
	broken := errors.New("broken")
	made, _, err := create(t, kind, &safe{fails: broken}, nil)
	require.EqualError(t, err, `safe "it": broken`)
	require.ErrorIs(t, err, broken)
	assert.Nil(t, made)
}

func TestErrorOfTheRegistration(t *testing.T) {
	made, recording, err := create(t, component.Kind{Noun: "safe"}, &safe{}, nil)
	require.ErrorContains(t, err, `safe "it": register: `)
	assert.Nil(t, made)
	assert.Empty(t, recording.All(), "no part is made")
}

// engine counts what is registered as outputs.
type engine struct {
	*mocks.Recording
	outputs *atomic.Int32
}

func (e engine) RegisterResourceOutputs() (*emptypb.Empty, error) {
	e.outputs.Add(1)
	return &emptypb.Empty{}, nil
}

func TestOutputsAreRegistered(t *testing.T) {
	e := engine{Recording: &mocks.Recording{}, outputs: &atomic.Int32{}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		s := &safe{}
		_, err := component.New(ctx, kind, "it", s, nil, s.provision)
		return err
	}, pulumi.WithMocks(mocks.Project, mocks.Stack, e))
	require.NoError(t, err)
	// The stack has outputs too.
	assert.EqualValues(t, 2, e.outputs.Load())
}

func TestOutputsAreTheTaggedFields(t *testing.T) {
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		s := &safe{}
		if _, err := component.New(ctx, kind, "it", s, nil, s.provision); err != nil {
			return err
		}
		outputs := component.Outputs(s)
		assert.Len(t, outputs, 3)
		assert.Equal(t, s.KeyARN, outputs["keyArn"])
		assert.Equal(t, pulumi.Map{"name": s.Top.Name}, outputs["top"])
		assert.Equal(t, pulumi.Map{"name": s.Bottom.Name}, outputs["bottom"])
		arn, err := internals.UnsafeAwaitOutput(ctx.Context(), outputs["keyArn"].(pulumi.Output))
		assert.Equal(t, "arn:aws:kms:eu-central-1:111111111111:key/it-key-0a1b2c3", arn.Value)
		return err
	})
	require.NoError(t, err)
}
