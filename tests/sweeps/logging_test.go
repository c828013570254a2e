package sweeps_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
)

var clusterLogging = swept(logging.Type, logging.New,
	&logging.Args{
		Cluster:    "prod-eu",
		Operator:   logging.Operator{Install: true},
		Aggregator: logging.Aggregator{RoleARN: "arn:aws:iam::222222222222:role/fluentd"},
		Writer:     logging.Writer{RoleARN: "arn:aws:iam::111111111111:role/writer", ExternalID: "4f1c"},
		Stream:     &logging.Stream{Name: "logs", Region: mocks.Region},
		S3:         &logging.S3{BucketName: pulumi.String("raw-0a1b2c3").ToStringOutput(), Region: mocks.Region},
		Firehose:   &logging.Firehose{DeliveryStreamName: "direct", Region: mocks.Region},
		Failed:     logging.Failed{BucketName: pulumi.String("raw-0a1b2c3").ToStringOutput(), Region: mocks.Region},
		Flows: []logging.Flow{
			{Name: "proxies", Containers: []string{"istio-proxy"}, Outputs: []logging.OutputName{logging.ToStream}},
			{Name: "applications", ExcludedContainers: []string{"istio-proxy"}},
		},
		Monitoring: logging.Monitoring{ServiceMonitors: true, PrometheusRules: true},
	},
	&logging.Args{
		Cluster: "a b", Namespace: "A",
		Agent:      logging.Agent{DiskLimitMiB: 1},
		Aggregator: logging.Aggregator{RoleARN: "fluentd", Replicas: -1},
		Writer:     logging.Writer{RoleARN: "writer", ExternalID: "a", SessionName: "a b"},
		Stream:     &logging.Stream{Name: "a b", Region: "moon-1"},
		S3:         &logging.S3{Prefix: "logs"},
		Failed:     logging.Failed{Prefix: "*/"},
		Flows: []logging.Flow{
			{Name: "a", Outputs: []logging.OutputName{"kafka"}}, {Name: "a b", Containers: []string{"a"}},
			{Name: "c", Containers: []string{"c"}}, {Name: "c", Containers: []string{"d"}},
		},
		Events: logging.Events{RedactPatterns: []string{"("}, MaxBytes: 1},
	},
	"Cluster", "Namespace", "Agent.DiskLimitMiB", "Aggregator.RoleARN", "Aggregator.Replicas",
	"Writer.RoleARN", "Writer.ExternalID", "Writer.SessionName", "Stream.Name", "Stream.Region",
	"S3.BucketName", "S3.Region", "S3.Prefix", "Failed.BucketName", "Failed.Region", "Failed.Prefix",
	"Flows[0].Outputs", "Flows[1].Name", "Flows[3].Name", "Events.RedactPatterns", "Events.MaxBytes",
)
