package delivery

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

func (d *S3) provisionRole(ctx *pulumi.Context, log errorLog) (*iam.Role, *iam.RolePolicy, error) {
	role, policy, err := iamrole.New(ctx, d.name, iamrole.Args{
		Description: fmt.Sprintf("Firehose of %s: from the stream to S3", d.name),
		Trust:       trustFirehose(d.place),
		Permissions: d.permissions(log),
	}, d.neededByTheStream()...)
	if err != nil {
		return nil, nil, err
	}
	d.RoleARN = role.Arn
	return role, policy, nil
}

// permissions are those of docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3, less what only
// transformations and the delivery into other accounts need.
func (d *S3) permissions(log errorLog) iampolicy.Document {
	statements := slices.Concat(
		d.args.Source.permissions(d.place),
		d.args.Destination.objects().permissions(d.place),
		[]iampolicy.Statement{log.permissions()},
	)
	if d.args.Format == FormatParquet {
		statements = append(statements, d.readSchema())
	}
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: statements}
}

// trustFirehose lets Firehose take a role on for this account only. Firehose gives the account's id as external id: without
// the condition another account could have its Firehose use this role, a confused deputy
// (docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role).
func trustFirehose(place iampolicy.Place) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "FirehoseOfThisAccount",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("firehose.amazonaws.com")},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "sts:ExternalId", Values: iampolicy.Strings(place.AccountID())},
		},
	}}}
}
