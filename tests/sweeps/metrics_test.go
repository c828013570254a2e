package sweeps_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/mocks"
)

// streamingJob reads a stream of its own account: one of another takes permissions away.
var streamingJob = swept(metrics.Type, metrics.New,
	&metrics.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: pulumi.String(keyARN).ToStringOutput(), Spec: metricspec.Default(),
		Stream: metrics.Stream{ARN: pulumi.String(streamARN), ConsumerARN: pulumi.String(streamARN + "/consumer/metrics:1700000000")},
		Warehouse: metrics.Warehouse{
			BucketName: pulumi.String("warehouse-0a1b2c3").ToStringOutput(), DatabaseName: pulumi.String("team_a_metrics"),
		},
		ArtifactsBucketName: pulumi.String("artifacts-0a1b2c3").ToStringOutput(),
		Job:                 metrics.Job{MaintenanceWindow: "Sun:3"},
	},
	&metrics.Args{
		AccountID: "1", Region: "moon-1", Stream: metrics.Stream{RetentionHours: 1, RoleARN: "reader"},
		Job:      metrics.Job{WorkerType: "Z.2X", Workers: 1, TriggerSeconds: 1, MaintenanceWindow: "Sunday"},
		Schedule: metrics.Schedule{Minutes: 61},
		Logs:     metrics.Logs{GroupPrefix: "logs", RetentionDays: 2}, MetricNamespace: "AWS/Glue",
	},
	"AccountID", "Region", "KeyARN", "Spec", "Stream.ARN", "Stream.ConsumerARN", "Stream.RetentionHours", "Stream.RoleARN",
	"Warehouse.BucketName", "Warehouse.DatabaseName", "ArtifactsBucketName", "Job.WorkerType", "Job.Workers", "Job.TriggerSeconds",
	"Job.MaintenanceWindow", "Schedule.Minutes", "Logs.GroupPrefix", "Logs.RetentionDays", "MetricNamespace",
)

var exactBatch = swept(metrics.BatchType, metrics.NewBatch,
	&metrics.BatchArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: pulumi.String(keyARN).ToStringOutput(), Spec: metricspec.Default(),
		Raw: metrics.Raw{BucketName: pulumi.String("raw-0a1b2c3").ToStringOutput()},
		Warehouse: metrics.Warehouse{
			BucketName: pulumi.String("warehouse-0a1b2c3").ToStringOutput(), DatabaseName: pulumi.String("team_a_metrics"),
		},
		ArtifactsBucketName: pulumi.String("artifacts-0a1b2c3").ToStringOutput(),
	},
	&metrics.BatchArgs{
		AccountID: "1", Region: "moon-1", Raw: metrics.Raw{Prefix: "logs"}, LatenessHours: 169, SettleSeconds: 1, TimeoutMinutes: 1,
		Capacity: metrics.Capacity{
			Driver: metrics.Worker{VCPUs: 3, DiskGB: 1}, Executor: metrics.Worker{VCPUs: 4, MemoryGB: 31, DiskGB: 1}, Executors: 1_001, IdleMinutes: -1,
		},
		Schedule: metrics.BatchSchedule{Hours: []int{24}},
		Logs:     metrics.BatchLogs{GroupName: "logs", RetentionDays: 2},
	},
	"AccountID", "Region", "KeyARN", "Spec", "Raw.BucketName", "Raw.Prefix", "Warehouse.BucketName", "Warehouse.DatabaseName",
	"ArtifactsBucketName", "LatenessHours", "SettleSeconds", "TimeoutMinutes", "Capacity.Driver.VCPUs", "Capacity.Driver.DiskGB",
	"Capacity.Executor.MemoryGB", "Capacity.Executor.DiskGB", "Capacity.Executors", "Capacity.IdleMinutes", "Schedule.Hours", "Logs.GroupName",
	"Logs.RetentionDays",
)

// metricsTogether makes both jobs as the pipeline does, from its own stream and its own records to its own tables.
func metricsTogether(ctx *pulumi.Context, l *lake.Lake, s *stream.Stream, w *warehouse.Warehouse) error {
	_, err := metrics.New(ctx, "streaming", &metrics.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: l.KeyARN, Spec: metricspec.Default(),
		Stream:              metrics.Stream{ARN: s.ARN, ConsumerARN: s.ConsumerARNs.MapIndex(pulumi.String("metrics"))},
		Warehouse:           metrics.Warehouse{BucketName: l.Warehouse.Name, DatabaseName: w.DatabaseName},
		ArtifactsBucketName: l.Artifacts.Name,
		After:               w.Ready(),
	})
	if err != nil {
		return err
	}
	_, err = metrics.NewBatch(ctx, "batch", &metrics.BatchArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: l.KeyARN, Spec: metricspec.Default(),
		Raw:                 metrics.Raw{BucketName: l.Raw.Name},
		Warehouse:           metrics.Warehouse{BucketName: l.Warehouse.Name, DatabaseName: w.DatabaseName},
		ArtifactsBucketName: l.Artifacts.Name,
		After:               w.Ready(),
	})
	return err
}
