package metrics

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

const emrServerless = "emr-serverless.amazonaws.com"

func (b *Batch) provisionRole(ctx *pulumi.Context) (err error) {
	b.role, b.permitted, err = iamrole.New(ctx, b.name, iamrole.Args{
		Description: fmt.Sprintf("EMR Serverless job of %s: from S3 to the warehouse", b.name),
		Trust:       b.trust(),
		Permissions: iampolicy.Document{Kind: iampolicy.Identity, Statements: b.permissions()},
	}, pulumi.Parent(b))
	if err != nil {
		return err
	}
	b.JobRoleARN = b.role.Arn
	return nil
}

// trust is for runs of the account. That EMR Serverless says which application it takes the role on for is not documented: a
// condition on aws:SourceArn might keep every run from starting. Who may start one with the role is for iam:PassRole to say.
func (b *Batch) trust() iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "RunsOfThisAccount",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services(emrServerless)},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "aws:SourceAccount", Values: iampolicy.Strings(b.place.AccountID())},
		},
	}}}
}

func (b *Batch) permissions() []iampolicy.Statement {
	database := b.args.Warehouse.DatabaseName
	return slices.Concat(b.readRecords(), b.readArtifacts(batchArtifacts), b.useTables(), []iampolicy.Statement{
		b.seeBuckets(b.args.Raw.BucketName, b.args.Warehouse.BucketName, b.args.ArtifactsBucketName),
		b.findDatabase(database),
		b.inCatalog("ReadTablesInTheCatalog", []string{"glue:GetTable"}, database, liveTable, gapsTable, batchTable, runsTable),
		b.inCatalog("CommitToTables", []string{"glue:UpdateTable"}, database, batchTable, runsTable),
		b.findLogGroup(), b.log(),
	})
}

func (b *Batch) readRecords() []iampolicy.Statement {
	records := b.objectsIn(b.args.Raw.BucketName, b.args.Raw.KeyARN, b.args.Raw.Prefix)
	return []iampolicy.Statement{records.use("ReadRecords", "s3:GetObject"), b.useKeyFor("DecryptRecords", records, "kms:Decrypt")}
}

// useTables is for the files of the tables: those of the streaming job are read alone.
func (b *Batch) useTables() []iampolicy.Statement {
	files := func(names ...string) objects {
		prefixes := make([]string, len(names))
		for i, name := range names {
			prefixes[i] = tables + name + "/"
		}
		return b.objectsIn(b.args.Warehouse.BucketName, b.key, prefixes...)
	}
	own, every := files(batchTable, runsTable), files(liveTable, gapsTable, batchTable, runsTable)
	return []iampolicy.Statement{
		every.use("ReadTables", "s3:GetObject"), b.useKeyFor("DecryptTables", every, "kms:Decrypt"),
		own.use("WriteTables", "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"),
		b.useKeyFor("EncryptTables", own, "kms:GenerateDataKey"),
	}
}

// findLogGroup and log are what EMR Serverless does as the job's role
// (docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html). That the log group is encrypted is the group's own
// setting, so that the role needs no key for it, and nor does who starts a run. Names of log groups are no secrets.
func (b *Batch) findLogGroup() iampolicy.Statement {
	return iampolicy.Statement{
		Sid: "FindLogGroup", Effect: iampolicy.Allow, Actions: []string{"logs:DescribeLogGroups"},
		Resources: iampolicy.Strings("*"),
	}
}

func (b *Batch) log() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:       "Log",
		Effect:    iampolicy.Allow,
		Actions:   []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
		Resources: []pulumi.StringInput{pulumi.Sprintf("%s:%s:*", b.place.ARN("logs", "log-group"), b.logs.Name)},
	}
}
