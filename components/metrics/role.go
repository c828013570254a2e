package metrics

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// tableNames are the tables that the job writes.
var tableNames = []string{"metrics_live", "metrics_gaps"}

func (s *Streaming) provisionRole(ctx *pulumi.Context) (err error) {
	s.role, s.permitted, err = iamrole.New(ctx, s.name, iamrole.Args{
		Description: fmt.Sprintf("Glue job of %s: from the stream to the warehouse", s.name),
		Trust:       iampolicy.TrustGlue(),
		Permissions: iampolicy.Document{Kind: iampolicy.Identity, Statements: s.permissions()},
	}, pulumi.Parent(s))
	if err != nil {
		return err
	}
	s.RoleARN = s.role.Arn
	return nil
}

// permissions are in place of AWSGlueServiceRole, which is for all buckets and log groups of Glue's.
func (s *Streaming) permissions() []iampolicy.Statement {
	statements := s.readStream()
	for _, more := range [][]iampolicy.Statement{s.readArtifacts(), s.writeWarehouse(), s.useCatalog()} {
		statements = append(statements, more...)
	}
	return append(statements, s.log(), s.putMetrics(), readSecurityConfigurations())
}

// readStream is for stream and consumer, or for the role that may read them. The consumer's API is
// docs.aws.amazon.com/streams/latest/dev/building-enhanced-consumers-api.html.
func (s *Streaming) readStream() []iampolicy.Statement {
	if s.args.Stream.RoleARN != "" {
		return []iampolicy.Statement{{
			Sid:       "AssumeTheRoleThatReadsTheStream",
			Effect:    iampolicy.Allow,
			Actions:   []string{"sts:AssumeRole"},
			Resources: iampolicy.Strings(s.args.Stream.RoleARN),
		}}
	}
	return []iampolicy.Statement{
		{
			Sid:    "ReadStream",
			Effect: iampolicy.Allow,
			Actions: []string{
				"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
			},
			Resources: []pulumi.StringInput{s.args.Stream.ARN},
		},
		{
			Sid:       "ReadByFanOut",
			Effect:    iampolicy.Allow,
			Actions:   []string{"kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"},
			Resources: []pulumi.StringInput{s.args.Stream.ConsumerARN},
		},
		{
			Sid:        "DecryptStream",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt"},
			Resources:  []pulumi.StringInput{s.args.Stream.KeyARN},
			Conditions: s.place.ThroughKinesis(s.args.Stream.ARN),
		},
	}
}

func (s *Streaming) readArtifacts() []iampolicy.Statement {
	bucket := s.bucketARN(s.args.ArtifactsBucketName)
	objects := pulumi.Sprintf("%s/%s*", bucket, artifacts)
	return []iampolicy.Statement{
		{
			Sid:       "ReadArtifacts",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetObject"},
			Resources: []pulumi.StringInput{objects},
		},
		{
			Sid:        "DecryptArtifacts",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt"},
			Resources:  []pulumi.StringInput{s.args.KeyARN},
			Conditions: s.place.ThroughS3(bucket, objects),
		},
	}
}

// writeWarehouse is for the files of the tables and of the checkpoints. Decrypt is for multipart uploads too.
func (s *Streaming) writeWarehouse() []iampolicy.Statement {
	bucket := s.bucketARN(s.args.Warehouse.BucketName)
	objects := []pulumi.StringInput{
		pulumi.Sprintf("%s/%s*", bucket, tables), pulumi.Sprintf("%s/%s*", bucket, checkpoints),
	}
	return []iampolicy.Statement{
		{
			Sid:       "WriteWarehouse",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"},
			Resources: objects,
		},
		{
			// Not for prefixes alone: a request for an object has no prefix, and S3 says of one that is not there that it is missing
			// only to who may list, and else that it is forbidden
			// (docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html). Spark looks for what is not there yet.
			Sid:       "SeeBuckets",
			Effect:    iampolicy.Allow,
			Actions:   []string{"s3:GetBucketLocation", "s3:ListBucket"},
			Resources: []pulumi.StringInput{bucket, s.bucketARN(s.args.ArtifactsBucketName)},
		},
		{
			Sid:        "EncryptWarehouse",
			Effect:     iampolicy.Allow,
			Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources:  []pulumi.StringInput{s.args.KeyARN},
			Conditions: s.place.ThroughS3(bucket, objects...),
		},
	}
}

// useCatalog is for Iceberg's GlueCatalog, which commits by updating the table. Glue asks for the permission on every level
// (docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html).
func (s *Streaming) useCatalog() []iampolicy.Statement {
	levels := []pulumi.StringInput{
		pulumi.String(s.place.ARN("glue", "catalog")), pulumi.Sprintf("%s/%s", s.place.ARN("glue", "database"), s.args.Warehouse.DatabaseName),
	}
	all := slices.Clone(levels)
	for _, table := range tableNames {
		all = append(all, pulumi.Sprintf("%s/%s/%s", s.place.ARN("glue", "table"), s.args.Warehouse.DatabaseName, table))
	}
	return []iampolicy.Statement{
		{Sid: "FindDatabase", Effect: iampolicy.Allow, Actions: []string{"glue:GetDatabase"}, Resources: levels},
		{Sid: "CommitToTables", Effect: iampolicy.Allow, Actions: []string{"glue:GetTable", "glue:UpdateTable"}, Resources: all},
	}
}

// log is for the job's own log groups. Glue puts the key of the security configuration to them as the job's role, each time, and
// logs nothing where it may not (docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html).
func (s *Streaming) log() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:    "Log",
		Effect: iampolicy.Allow,
		Actions: []string{
			"logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
		},
		Resources: []pulumi.StringInput{
			pulumi.Sprintf("%s:%s/%s-role/*", s.place.ARN("logs", "log-group"), s.names.logGroupPrefix, s.security.Name),
		},
	}
}

// putMetrics is for Glue's own metrics, which it puts as the job's role, and those of the job's code.
func (s *Streaming) putMetrics() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:       "PutMetrics",
		Effect:    iampolicy.Allow,
		Actions:   []string{"cloudwatch:PutMetricData"},
		Resources: iampolicy.Strings("*"),
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "cloudwatch:namespace", Values: iampolicy.Strings("Glue", s.names.metricNamespace)},
		},
	}
}

// readSecurityConfigurations is what a run does with its own. They tell the ARNs of keys, and no secrets.
func readSecurityConfigurations() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:       "ReadSecurityConfigurations",
		Effect:    iampolicy.Allow,
		Actions:   []string{"glue:GetSecurityConfiguration"},
		Resources: iampolicy.Strings("*"),
	}
}

func (s *Streaming) bucketARN(name pulumi.StringInput) pulumi.StringOutput {
	return name.ToStringOutput().ApplyT(s.place.BucketARN).(pulumi.StringOutput)
}
