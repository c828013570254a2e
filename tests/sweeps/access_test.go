package sweeps_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/tests/mocks"
)

const (
	streamARN  = "arn:aws:kinesis:eu-central-1:111111111111:stream/logs"
	fluentdARN = "arn:aws:iam::222222222222:role/fluentd"
	externalID = "of-the-test"
)

func podIdentityArgs() *access.PodIdentityArgs {
	return &access.PodIdentityArgs{
		AccountID: "222222222222", Region: mocks.Region, RoleName: "fluentd",
		Issuer:         "https://oidc.eks.eu-central-1.amazonaws.com/id/A",
		ServiceAccount: access.ServiceAccount{Namespace: "logging", Name: "fluentd"},
		WriterRoleARN:  "arn:aws:iam::111111111111:role/writer", ExternalID: externalID,
	}
}

var podIdentity = swept(access.PodIdentityType, access.NewPodIdentity,
	podIdentityArgs(),
	&access.PodIdentityArgs{
		AccountID: "1", Region: "moon-1", RoleName: "a b", Issuer: "http://a", ServiceAccount: access.ServiceAccount{Namespace: "*", Name: "*"},
		ProviderARN: "*", WriterRoleARN: "writer", ExternalID: "*",
	},
	"AccountID", "Region", "RoleName", "Issuer", "ProviderARN", "ServiceAccount.Namespace", "ServiceAccount.Name", "WriterRoleARN", "ExternalID",
)

var writerRole = swept(access.WriterType, access.NewWriter,
	&access.WriterArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, RoleName: "writer",
		Producers: []string{fluentdARN, "arn:aws:iam::333333333333:role/fluentd"}, ExternalID: externalID,
		StreamARN: pulumi.String(streamARN).ToStringOutput(), KeyARN: pulumi.String(keyARN),
		Objects:           []access.ObjectTarget{{BucketName: pulumi.String("failed"), Prefix: "fluentd/", KeyARN: pulumi.String(keyARN)}},
		DeliveryStreamARN: pulumi.String("arn:aws:firehose:eu-central-1:111111111111:deliverystream/logs"),
	},
	&access.WriterArgs{
		AccountID: "1", Region: "moon-1", Producers: []string{"*"}, ExternalID: "*",
		Objects: []access.ObjectTarget{{}}, DeliveryStreamARN: pulumi.String("*"),
	},
	"AccountID", "Region", "RoleName", "Producers", "ExternalID", "StreamARN", "KeyARN",
	"Objects[0].BucketName", "Objects[0].Prefix", "Objects[0].KeyARN", "DeliveryStreamARN",
)

var readerRole = swept(access.ReaderType, access.NewReader,
	&access.ReaderArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, RoleName: "reader",
		Readers: []string{"arn:aws:iam::444444444444:role/audit"}, ExternalID: externalID,
		Stream: &access.StreamSource{
			StreamARN: pulumi.String(streamARN), KeyARN: pulumi.String(keyARN),
			ConsumerARNs: []pulumi.StringInput{pulumi.String(streamARN + "/consumer/audit:1")},
		},
		Raw: &access.ObjectSource{
			BucketName: pulumi.String("raw").ToStringOutput(), Prefix: "logs/", KeyARN: pulumi.String(keyARN),
			DatabaseName: pulumi.String("logs"), TableName: pulumi.String("raw_logs"),
		},
	},
	&access.ReaderArgs{
		Stream: &access.StreamSource{ConsumerARNs: []pulumi.StringInput{nil}},
		Raw:    &access.ObjectSource{TableName: pulumi.String("*")},
	},
	"AccountID", "Region", "RoleName", "Readers", "Stream.StreamARN", "Stream.KeyARN", "Stream.ConsumerARNs[0]",
	"Raw.BucketName", "Raw.Prefix", "Raw.KeyARN", "Raw.DatabaseName", "Raw.TableName",
)

// accessTogether makes the roles as the pipeline does, for its own lake and stream.
func accessTogether(ctx *pulumi.Context, l *lake.Lake, s *stream.Stream) error {
	if _, err := access.NewPodIdentity(ctx, "fluentd", podIdentityArgs()); err != nil {
		return err
	}
	_, err := access.NewWriter(ctx, "writer", &access.WriterArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, RoleName: "writer",
		Producers: []string{fluentdARN}, ExternalID: externalID, StreamARN: s.ARN, KeyARN: l.KeyARN,
		Objects: []access.ObjectTarget{{BucketName: l.Failed.Name, Prefix: "fluentd/", KeyARN: l.KeyARN}},
	})
	if err != nil {
		return err
	}
	_, err = access.NewReader(ctx, "reader", &access.ReaderArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, RoleName: "reader",
		Readers: []string{"arn:aws:iam::444444444444:role/audit"}, ExternalID: externalID,
		Stream: &access.StreamSource{
			StreamARN: s.ARN, KeyARN: l.KeyARN,
			ConsumerARNs: []pulumi.StringInput{s.ConsumerARNs.MapIndex(pulumi.String("metrics"))},
		},
		Raw: &access.ObjectSource{BucketName: l.Raw.Name, Prefix: "logs/", KeyARN: l.KeyARN},
	})
	return err
}
