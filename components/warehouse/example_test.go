package warehouse_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/warehouse"
)

// A warehouse in a program of one's own, in a bucket and with a key that are there already. Queries can look back at the
// tables of the last five days.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		w, err := warehouse.New(ctx, "warehouse", &warehouse.Args{
			AccountID:    "111111111111",
			Region:       "eu-central-1",
			BucketName:   pulumi.String("team-a-warehouse"),
			KeyARN:       pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"),
			SnapshotDays: 5,
			Protect:      true,
		})
		if err != nil {
			return err
		}
		ctx.Export("table", pulumi.Sprintf("%s.%s", w.DatabaseName, w.LiveTableName))
		return nil
	})
}
