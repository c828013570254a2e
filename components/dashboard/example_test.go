package dashboard_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/internal/metricspec"
)

// A dashboard in a program of one's own, on a workgroup, tables and views that are there already, with the default metrics. The
// account's groups are in another region.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		board, err := dashboard.New(ctx, "dashboard", &dashboard.Args{
			AccountID:           "111111111111",
			Region:              "eu-central-1",
			KeyARN:              pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			Spec:                metricspec.Default(),
			Title:               "Shop",
			WorkGroupName:       pulumi.String("team-a-metrics"),
			DatabaseName:        pulumi.String("team_a_metrics"),
			WarehouseBucketName: pulumi.String("team-a-warehouse"),
			ResultsBucketName:   pulumi.String("team-a-results"),
			ArtifactsBucketName: pulumi.String("team-a-artifacts"),
			Access: dashboard.Access{
				Owners: []string{"analysts"}, Readers: []string{"everybody"}, IdentityRegion: "us-east-1",
			},
			ServiceRoleNames: []string{"service-role/aws-quicksight-service-role-v0"},
		})
		if err != nil {
			return err
		}
		ctx.Export("dashboard", board.URL)
		return nil
	})
}
