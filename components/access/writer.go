package access

import (
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// WriterType is the type token of the component that [NewWriter] makes.
const WriterType = "log-pipeline:access:Writer"

var writerKind = component.Kind{Type: WriterType, Noun: "writer role"}

// Writer is the role that producers assume to write to the stream.
type Writer struct {
	pulumi.ResourceState

	// RoleARN is the role's ARN: what the producers assume.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
	// RoleName is the role's name, as given.
	RoleName pulumi.StringOutput `pulumi:"roleName"`
	// Counterpart is what the producers' accounts must do: the identity policy, as JSON, that each producer has to have. It
	// is known in preview.
	Counterpart pulumi.StringOutput `pulumi:"counterpart"`

	args  WriterArgs
	name  string
	place iampolicy.Place
	ready []pulumi.Resource
}

// NewWriter makes the role. It returns all faults of args in one error, and registers nothing then.
func NewWriter(ctx *pulumi.Context, name string, args *WriterArgs, opts ...pulumi.ResourceOption) (*Writer, error) {
	w := &Writer{args: args.resolve(), name: name}
	return component.New(ctx, writerKind, name, w, args.Check(name), w.provision, opts...)
}

// Ready are the resources that have to exist before anything relies on the role, for pulumi.DependsOn. The component itself
// does not serve there: the SDK waits for the children that it knows of, and learns of them while it registers them
// (sdk/go/pulumi/context.go, getOpts; rpc.go, addDependency).
func (w *Writer) Ready() []pulumi.Resource { return w.ready }

func (w *Writer) provision(ctx *pulumi.Context) (err error) {
	if w.place, err = iampolicy.NewPlace(w.args.AccountID, w.args.Region); err != nil {
		return err
	}
	counterpart, err := mayAssume(assumeWriter, w.place.IAMARN("role/"+w.args.RoleName), w.args.ExternalID).JSON()
	if err != nil {
		return fmt.Errorf("counterpart: %w", err)
	}
	role, policy, err := iamrole.New(ctx, w.name, iamrole.Args{
		Name:              w.args.RoleName,
		Description:       "Writes logs to the stream, for the producers of its trust policy",
		Trust:             w.args.trust(w.place),
		Permissions:       w.permissions(),
		MaxSessionSeconds: iamrole.MinMaxSessionSeconds,
	}, pulumi.Parent(w), pulumi.DependsOn(w.args.After))
	if err != nil {
		return err
	}
	w.RoleARN, w.RoleName, w.Counterpart = role.Arn, role.Name, counterpart
	w.ready = []pulumi.Resource{role, policy}
	return nil
}

// Trust is the trust policy of the role, as JSON, for users who make the role by other means. Its error names all faults of the
// args that the policy is made of.
func (a *WriterArgs) Trust() (string, error) {
	r := a.resolve()
	if err := r.checkTrust().Trusted().Err(); err != nil {
		return "", err
	}
	place, err := iampolicy.NewPlace(r.AccountID, r.Region)
	if err != nil {
		return "", err
	}
	return r.trust(place).Text()
}

func (a WriterArgs) trust(place iampolicy.Place) iampolicy.Document {
	return assumedBy(place, producers, a.Producers, a.ExternalID)
}

func (w *Writer) permissions() iampolicy.Document {
	statements := []iampolicy.Statement{
		{
			Sid:       "PutRecords",
			Effect:    iampolicy.Allow,
			Actions:   []string{"kinesis:PutRecords"},
			Resources: []pulumi.StringInput{w.args.StreamARN},
		},
		// The one permission on the key that a producer needs
		// (docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html#example-producer-permissions).
		{
			Sid:        "EncryptRecords",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:GenerateDataKey"},
			Resources:  []pulumi.StringInput{w.args.KeyARN},
			Conditions: w.place.ThroughKinesis(w.args.StreamARN),
		},
	}
	if w.args.DeliveryStreamARN != nil {
		statements = append(statements, iampolicy.Statement{
			Sid:       "PutRecordBatch",
			Effect:    iampolicy.Allow,
			Actions:   []string{"firehose:PutRecordBatch"},
			Resources: []pulumi.StringInput{w.args.DeliveryStreamARN},
		})
	}
	for i, target := range w.args.Objects {
		statements = append(statements, w.writeObjects(target, strconv.Itoa(i+1))...)
	}
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: statements}
}

// writeObjects are a statement for the objects and one for their key in the context of the bucket. Fluentd's plugin puts an object
// in one request (gh:fluent/fluent-plugin-s3 lib/fluent/plugin/out_s3.rb, write). Uploads in parts would need
// s3:AbortMultipartUpload and kms:Decrypt; this role has neither, and reads nothing. The checks that the plugin makes by default
// (check_apikey_on_start, check_bucket, check_object) would need more.
func (w *Writer) writeObjects(target ObjectTarget, number string) []iampolicy.Statement {
	bucket := bucketARN(w.place, target.BucketName)
	objects := pulumi.Sprintf("%s/%s*", bucket, target.Prefix)
	return []iampolicy.Statement{
		{
			Sid:       "WriteObjects" + number,
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:PutObject"},
			Resources: []pulumi.StringInput{objects},
		},
		{
			Sid:        "EncryptObjects" + number,
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:GenerateDataKey"},
			Resources:  []pulumi.StringInput{target.KeyARN},
			Conditions: w.place.ThroughS3(bucket, objects),
		},
	}
}

func bucketARN(place iampolicy.Place, name pulumi.StringInput) pulumi.StringOutput {
	return name.ToStringOutput().ApplyT(place.BucketARN).(pulumi.StringOutput)
}
