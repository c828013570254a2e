package access

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// ReaderType is the type token of the component that [NewReader] makes.
const ReaderType = "log-pipeline:access:Reader"

var readerKind = component.Kind{Type: ReaderType, Noun: "reader role"}

// Reader is the role that other accounts' roles assume to read the stream, the raw objects, or both.
type Reader struct {
	pulumi.ResourceState

	// RoleARN is the role's ARN: what the readers assume.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
	// RoleName is the role's name, as given.
	RoleName pulumi.StringOutput `pulumi:"roleName"`
	// Counterpart is what the readers' accounts must do: the identity policy, as JSON, that each reader has to have. It is
	// known in preview.
	Counterpart pulumi.StringOutput `pulumi:"counterpart"`

	args  ReaderArgs
	name  string
	place iampolicy.Place
	ready []pulumi.Resource
}

// NewReader makes the role. It returns all faults of args in one error, and registers nothing then.
func NewReader(ctx *pulumi.Context, name string, args *ReaderArgs, opts ...pulumi.ResourceOption) (*Reader, error) {
	r := &Reader{args: args.resolve(), name: name}
	return component.New(ctx, readerKind, name, r, args.Check(name), r.provision, opts...)
}

// Ready are the resources that have to exist before anything relies on the role, as [Writer.Ready] has them; none of no reader.
func (r *Reader) Ready() []pulumi.Resource {
	if r == nil {
		return nil
	}
	return r.ready
}

func (r *Reader) provision(ctx *pulumi.Context) (err error) {
	if r.place, err = iampolicy.NewPlace(r.args.AccountID, r.args.Region); err != nil {
		return err
	}
	counterpart, err := mayAssume(assumeReader, r.place.IAMARN("role/"+r.args.RoleName), r.args.ExternalID).JSON()
	if err != nil {
		return fmt.Errorf("counterpart: %w", err)
	}
	var statements []iampolicy.Statement
	if r.args.Stream != nil {
		statements = append(statements, r.readStream(*r.args.Stream)...)
	}
	if r.args.Raw != nil {
		statements = append(statements, r.readObjects(*r.args.Raw)...)
	}
	role, policy, err := iamrole.New(ctx, r.name, iamrole.Args{
		Name:              r.args.RoleName,
		Description:       "Reads logs, for the readers of its trust policy",
		Trust:             assumedBy(r.place, readers, r.args.Readers, r.args.ExternalID),
		Permissions:       iampolicy.Document{Kind: iampolicy.Identity, Statements: statements},
		MaxSessionSeconds: iamrole.MinMaxSessionSeconds,
	}, pulumi.Parent(r))
	if err != nil {
		return err
	}
	r.RoleARN, r.RoleName, r.Counterpart = role.Arn, role.Name, counterpart
	r.ready = []pulumi.Resource{role, policy}
	return nil
}

// readStream is what a consumer needs of the stream (docs.aws.amazon.com/streams/latest/dev/kcl-iam-permissions.html) that
// registers nothing, and the key in the stream's context.
func (r *Reader) readStream(source StreamSource) []iampolicy.Statement {
	statements := []iampolicy.Statement{
		{
			Sid:    "ReadStream",
			Effect: iampolicy.Allow,
			Actions: []string{
				"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords",
				"kinesis:GetShardIterator", "kinesis:ListShards",
			},
			Resources: []pulumi.StringInput{source.StreamARN},
		},
		{
			Sid:        "DecryptRecords",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt"},
			Resources:  []pulumi.StringInput{source.KeyARN},
			Conditions: r.place.ThroughKinesis(source.StreamARN),
		},
	}
	if len(source.ConsumerARNs) == 0 {
		return statements
	}
	return append(statements, iampolicy.Statement{
		Sid:       "ReadByFanOut",
		Effect:    iampolicy.Allow,
		Actions:   []string{"kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"},
		Resources: source.ConsumerARNs,
	})
}

// readObjects is what a query engine needs that lists and reads, the key in the bucket's context, and the table.
func (r *Reader) readObjects(source ObjectSource) []iampolicy.Statement {
	bucket := bucketARN(r.place, source.BucketName)
	objects := pulumi.Sprintf("%s/%s*", bucket, source.Prefix)
	statements := []iampolicy.Statement{
		{
			Sid:       "ReadObjects",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetObject"},
			Resources: []pulumi.StringInput{objects},
		},
		{
			Sid:       "ListObjects",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:ListBucket"},
			Resources: []pulumi.StringInput{bucket},
			Conditions: []iampolicy.Condition{
				{Operator: "StringLike", Key: "s3:prefix", Values: iampolicy.Strings(source.Prefix + "*")},
			},
		},
		{
			Sid:       "LocateBucket",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetBucketLocation"},
			Resources: []pulumi.StringInput{bucket},
		},
		{
			Sid:        "DecryptObjects",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt"},
			Resources:  []pulumi.StringInput{source.KeyARN},
			Conditions: r.place.ThroughS3(bucket, objects),
		},
	}
	if source.TableName == nil {
		return statements
	}
	return append(statements, r.readTable(source))
}

// readTable names the table and what is above it, since Glue asks for each
// (docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html).
func (r *Reader) readTable(source ObjectSource) iampolicy.Statement {
	return iampolicy.Statement{
		Sid:    "ReadTable",
		Effect: iampolicy.Allow,
		Actions: []string{
			"glue:BatchGetPartition", "glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable",
		},
		Resources: []pulumi.StringInput{
			pulumi.String(r.place.ARN("glue", "catalog")),
			pulumi.Sprintf("%s/%s", r.place.ARN("glue", "database"), source.DatabaseName),
			pulumi.Sprintf("%s/%s/%s", r.place.ARN("glue", "table"), source.DatabaseName, source.TableName),
		},
	}
}
