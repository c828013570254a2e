package delivery

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// processing is what Firehose does to each record; nil for nothing. Parameters that are equal to their defaults are left out:
// they would be a difference for ever (gh:hashicorp/terraform-provider-aws#33014).
func (d *S3) processing() kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationPtrInput {
	var processors kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArray
	if d.args.Partitioning != nil {
		processors = append(processors, d.args.Partitioning.extraction())
	}
	if d.args.AppendDelimiter {
		// A backslash and an n: the service reads the escape itself.
		processors = append(processors, processor("AppendDelimiterToRecord", [2]string{"Delimiter", `\n`}))
	}
	if len(processors) == 0 {
		return nil
	}
	return kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationArgs{Enabled: pulumi.Bool(true), Processors: processors}
}

// processor has parameters, each a name and a value.
func processor(kind string, parameters ...[2]string) kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs {
	args := kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs{Type: pulumi.String(kind)}
	var array kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArray
	for _, p := range parameters {
		array = append(array, kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArgs{
			ParameterName: pulumi.String(p[0]), ParameterValue: pulumi.String(p[1]),
		})
	}
	args.Parameters = array
	return args
}
