package lake_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/lake"
)

// A lake in a program of one's own: raw objects get cheaper after a month and go after a year.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		l, err := lake.New(ctx, "lake", &lake.Args{
			AccountID: "111111111111",
			Region:    "eu-central-1",
			Raw:       lake.RawLifecycle{InfrequentAccessDays: 30, ExpiryDays: 365},
			Protect:   true,
		})
		if err != nil {
			return err
		}
		ctx.Export("rawBucket", l.Raw.Name)
		ctx.Export("key", l.KeyARN)
		return nil
	})
}
