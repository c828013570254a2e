package access_test

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/access"
)

const (
	exampleFluentd    = "arn:aws:iam::222222222222:role/team-a-fluentd"
	exampleWriter     = "arn:aws:iam::111111111111:role/team-a-writer"
	exampleExternalID = "team-a-logs"
)

// Both halves of the way from a pod to the stream, each in its account.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		service, err := aws.NewProvider(ctx, "service", &aws.ProviderArgs{Region: pulumi.String("eu-central-1")})
		if err != nil {
			return err
		}
		data, err := aws.NewProvider(ctx, "data", &aws.ProviderArgs{Region: pulumi.String("eu-central-1")})
		if err != nil {
			return err
		}
		fluentd, err := access.NewPodIdentity(ctx, "fluentd", &access.PodIdentityArgs{
			AccountID:      "222222222222",
			Region:         "eu-central-1",
			RoleName:       "team-a-fluentd",
			Issuer:         "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
			ServiceAccount: access.ServiceAccount{Namespace: "logging", Name: "logs-fluentd"},
			WriterRoleARN:  exampleWriter,
			ExternalID:     exampleExternalID,
		}, pulumi.Providers(service))
		if err != nil {
			return err
		}
		_, err = access.NewWriter(ctx, "writer", &access.WriterArgs{
			AccountID:  "111111111111",
			Region:     "eu-central-1",
			RoleName:   "team-a-writer",
			Producers:  []string{exampleFluentd},
			ExternalID: exampleExternalID,
			StreamARN:  pulumi.String("arn:aws:kinesis:eu-central-1:111111111111:stream/team-a-logs"),
			KeyARN:     pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
		}, pulumi.Providers(data))
		if err != nil {
			return err
		}
		// The annotation of the ServiceAccount.
		ctx.Export("eks.amazonaws.com/role-arn", fluentd.RoleARN)
		return nil
	})
}

// One half alone: the clusters and their roles are another team's. What that team has to add to each producer's role is
// exported.
func ExampleNewWriter() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		writer, err := access.NewWriter(ctx, "writer", &access.WriterArgs{
			AccountID:  "111111111111",
			Region:     "eu-central-1",
			RoleName:   "team-a-writer",
			Producers:  []string{exampleFluentd, "arn:aws:iam::333333333333:role/eks/fluentd"},
			ExternalID: exampleExternalID,
			StreamARN:  pulumi.String("arn:aws:kinesis:eu-central-1:111111111111:stream/team-a-logs"),
			KeyARN:     pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			Objects: []access.ObjectTarget{{
				BucketName: pulumi.String("team-a-failed"),
				Prefix:     "fluentd/",
				KeyARN:     pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			}},
		})
		if err != nil {
			return err
		}
		ctx.Export("policyOfEachProducer", writer.Counterpart)
		return nil
	})
}

// A role for an auditor's account, which reads the raw objects and their table.
func ExampleNewReader() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		auditor, err := access.NewReader(ctx, "auditor", &access.ReaderArgs{
			AccountID:  "111111111111",
			Region:     "eu-central-1",
			RoleName:   "team-a-auditor",
			Readers:    []string{"arn:aws:iam::444444444444:role/audit"},
			ExternalID: "audit-of-team-a",
			Raw: &access.ObjectSource{
				BucketName:   pulumi.String("team-a-raw"),
				Prefix:       "logs/",
				KeyARN:       pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
				DatabaseName: pulumi.String("team_a"),
				TableName:    pulumi.String("raw_logs"),
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("policyOfTheAuditor", auditor.Counterpart)
		return nil
	})
}
