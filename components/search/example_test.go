package search_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/search"
)

// A search domain of three nodes in a program of one's own, for a Firehose role that is there already. People sign in by Cognito.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		code, err := search.FunctionSource("arm64").Build(ctx.Context())
		if err != nil {
			return err
		}
		s, err := search.New(ctx, "search", &search.Args{
			AccountID:  "111111111111",
			Region:     "eu-central-1",
			KeyARN:     pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			Code:       pulumi.NewFileArchive(code.Path),
			CodeSHA256: code.SHA256,
			Domain:     search.Domain{InstanceType: "r7g.large.search", Zones: 3, VolumeGiB: 500},
			Index:      search.Index{DaysKept: 14, Shards: 3, Replicas: 1},
			Access: search.Access{
				WriterRoleARN:  pulumi.String("arn:aws:iam::111111111111:role/logs-to-search"),
				ReaderRoleARNs: []string{"arn:aws:iam::111111111111:role/signed-in"},
				Cognito: &search.Cognito{
					UserPoolID: "eu-central-1_AbCdEfGhI", IdentityPoolID: "eu-central-1:0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f",
				},
			},
			Protect: true,
		})
		if err != nil {
			return err
		}
		ctx.Export("dashboards", s.DashboardURL)
		return nil
	})
}
