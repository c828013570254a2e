package lake

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// deletionWindowDays is the longest that KMS offers: everything in the lake is lost with the key.
const deletionWindowDays = 30

func (l *Lake) provisionKey(ctx *pulumi.Context) error {
	policy, err := l.keyPolicy().JSON()
	if err != nil {
		return fmt.Errorf("key policy: %w", err)
	}
	key, err := kms.NewKey(ctx, l.name+"-key", &kms.KeyArgs{
		Description:          pulumi.Sprintf("Log pipeline %s: stream, buckets and log groups", l.name),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(deletionWindowDays),
		Policy:               policy,
	}, pulumi.Parent(l), pulumi.Protect(l.args.Protect), pulumi.RetainOnDelete(l.args.Protect))
	if err != nil {
		return fmt.Errorf("create key: %w", err)
	}
	// Set, not generated: a generated name lacks the prefix that KMS demands wherever the provider is bridged without
	// Pulumi's own addition of it.
	alias := "alias/" + cmp.Or(l.args.KeyAlias, naming.KMSAlias.Of(ctx.Project()+"-"+ctx.Stack()+"-"+l.name))
	_, err = kms.NewAlias(ctx, l.name+"-key-alias", &kms.AliasArgs{
		Name:        pulumi.String(alias),
		TargetKeyId: key.KeyId,
	}, pulumi.Parent(l))
	if err != nil {
		return fmt.Errorf("create key alias: %w", err)
	}
	l.key, l.KeyARN = key, key.Arn
	return nil
}

// keyPolicy names no role: roles are made after the key, and a policy that names a role that does not exist is refused.
// They get their permissions from IAM, to which the first statement delegates.
func (l *Lake) keyPolicy() iampolicy.Document {
	statements := []iampolicy.Statement{iampolicy.AccountAdministration(l.place), l.logGroupStatement()}
	if len(l.args.Producers.AccountIDs) > 0 {
		statements = append(statements, l.producerStatement())
	}
	return iampolicy.Document{Kind: iampolicy.Key, Statements: statements}
}

// logGroupStatement is what docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html asks for, with the
// actions that stand behind its wildcards written out. The encryption context is the log group's ARN: no other account's.
func (l *Lake) logGroupStatement() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:        "CloudWatchLogsOfThisAccount",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services(l.place.RegionalHost("logs"))},
		Actions: []string{
			"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo",
			"kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey",
		},
		Conditions: []iampolicy.Condition{{
			Operator: "ArnLike",
			Key:      "kms:EncryptionContext:aws:logs:arn",
			Values:   iampolicy.Strings(l.place.ARN("logs", "log-group:*")),
		}},
	}
}

// producerStatement lets identities of other accounts encrypt for the one stream, and only through Kinesis: the encryption
// context of a stream's records is its ARN (docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html).
// Whether they may write to it is for the stream's own policy to say.
func (l *Lake) producerStatement() iampolicy.Statement {
	// Sorted, so that another order is no difference.
	ids := slices.Compact(slices.Sorted(slices.Values(l.args.Producers.AccountIDs)))
	roots := make([]pulumi.StringInput, len(ids))
	for i, id := range ids {
		roots[i] = pulumi.String(l.place.AccountRoot(id))
	}
	return iampolicy.Statement{
		Sid:        "ProducersOfOtherAccounts",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Accounts(roots...)},
		Actions:    []string{"kms:GenerateDataKey"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "kms:ViaService", Values: iampolicy.Strings(l.place.RegionalHost("kinesis"))},
			{
				Operator: "StringEquals",
				Key:      "kms:EncryptionContext:aws:kinesis:arn",
				Values:   iampolicy.Strings(l.place.ARN("kinesis", "stream/"+l.args.Producers.StreamName)),
			},
		},
	}
}
