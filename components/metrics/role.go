package metrics

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

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
	database := s.args.Warehouse.DatabaseName
	return slices.Concat(s.readStream(), s.readArtifacts(artifacts), s.writeWarehouse(), []iampolicy.Statement{
		s.findDatabase(database), s.inCatalog("CommitToTables", []string{"glue:GetTable", "glue:UpdateTable"}, database, liveTable, gapsTable),
		s.log(), s.putMetrics(), readSecurityConfigurations(),
	})
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

// writeWarehouse is for the files of the tables and of the checkpoints.
func (s *Streaming) writeWarehouse() []iampolicy.Statement {
	files := s.objectsIn(s.args.Warehouse.BucketName, s.key, tables, checkpoints)
	return []iampolicy.Statement{
		files.use("WriteWarehouse", "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
		s.seeBuckets(s.args.Warehouse.BucketName, s.args.ArtifactsBucketName),
		s.useKeyFor("EncryptWarehouse", files, "kms:Decrypt", "kms:GenerateDataKey"),
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
