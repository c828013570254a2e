// Package loggroup is about where the components log: how long CloudWatch Logs keeps it, and by what key it is encrypted.
package loggroup

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
)

// DefaultRetentionDays is a year, as auditors ask of logs (CKV_AWS_338).
const DefaultRetentionDays = 365

// RetentionDays is what CloudWatch Logs takes
// (docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
var RetentionDays = fault.AnyOf(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)

// New makes a log group with a generated name. CloudWatch Logs encrypts it with a key of its own where keyARN is nil.
func New(
	ctx *pulumi.Context, name string, retentionDays int, keyARN pulumi.StringInput, opts ...pulumi.ResourceOption,
) (*cloudwatch.LogGroup, error) {
	args := &cloudwatch.LogGroupArgs{RetentionInDays: pulumi.Int(retentionDays)}
	if keyARN != nil {
		args.KmsKeyId = keyARN.ToStringOutput()
	}
	group, err := cloudwatch.NewLogGroup(ctx, name, args, opts...)
	if err != nil {
		return nil, fmt.Errorf("create log group %s: %w", name, err)
	}
	return group, nil
}
