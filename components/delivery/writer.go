package delivery

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
	"example.com/log-pipeline/internal/naming"
)

// WriterType is the type token of the component that [NewWriter] makes.
const WriterType = "log-pipeline:delivery:Writer"

var writerKind = component.Kind{Type: WriterType, Noun: "writer of a delivery"}

// WriterArgs are the settings of a writer. AccountID and Region are required.
type WriterArgs struct {
	// AccountID is the account of the delivery: 12 digits. Firehose takes the role on for it alone.
	AccountID string
	// Region is the region of the delivery; the partition follows from it.
	Region string
	// Protect retains the role when it leaves the program, as a delivery stream that is retained needs it.
	Protect bool
}

// Writer is the role that Firehose takes on for a delivery to OpenSearch. It may do nothing until [NewSearch] gives it the
// permissions of one delivery.
//
// It is apart from the delivery since a domain has to know its writer before it takes anything from it: the domain's access
// policy and its role mapping name the role, and Firehose writes from the moment that the delivery stream exists.
type Writer struct {
	pulumi.ResourceState

	// RoleARN is the role's ARN.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
	// RoleName is its generated name.
	RoleName pulumi.StringOutput `pulumi:"roleName"`
}

// NewWriter makes a writer. It returns all faults of args in one error, and registers nothing then.
func NewWriter(ctx *pulumi.Context, name string, args *WriterArgs, opts ...pulumi.ResourceOption) (*Writer, error) {
	w := &Writer{}
	provision := func(ctx *pulumi.Context) error { return w.provision(ctx, name, *args) }
	return component.New(ctx, writerKind, name, w, args.Check(name), provision, opts...)
}

// Check is what is wrong with the settings of a writer of that name. It may be called on nil.
func (a *WriterArgs) Check(name string) fault.List {
	var args WriterArgs
	if a != nil {
		args = *a
	}
	return fault.Join(
		naming.IAMRole.CheckAutoNamed("name", name+"-role"),
		fault.Required("AccountID", args.AccountID, iampolicy.AccountID),
		fault.Required("Region", args.Region, iampolicy.Region),
	)
}

func (w *Writer) provision(ctx *pulumi.Context, name string, args WriterArgs) error {
	place, err := iampolicy.NewPlace(args.AccountID, args.Region)
	if err != nil {
		return err
	}
	role, err := iamrole.NewAlone(ctx, name, iamrole.Args{
		Description: "Firehose of " + name + ": from the stream to OpenSearch",
		Trust:       trustFirehose(place),
	}, pulumi.Parent(w), pulumi.RetainOnDelete(args.Protect))
	if err != nil {
		return err
	}
	w.RoleARN, w.RoleName = role.Arn, role.Name
	return nil
}
