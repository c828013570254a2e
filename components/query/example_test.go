package query_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/query"
	"example.com/log-pipeline/internal/metricspec"
)

// Views of the default metrics in a program of one's own, on tables that are there already. A query may read 1 GiB.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		q, err := query.New(ctx, "metrics", &query.Args{
			AccountID:          "111111111111",
			Region:             "eu-central-1",
			KeyARN:             pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			ResultsBucketName:  pulumi.String("team-a-results"),
			DatabaseName:       pulumi.String("team_a_metrics"),
			Spec:               metricspec.Default(),
			BytesScannedCutoff: 1 << 30,
		})
		if err != nil {
			return err
		}
		ctx.Export("workgroup", q.WorkGroupName)
		return nil
	})
}
