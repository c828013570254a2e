package logging

import (
	"fmt"

	"example.com/log-pipeline/internal/capacity"
	spec "example.com/log-pipeline/internal/loggingspec"
)

const (
	// failedOutput is the ClusterOutput of failed events and unmatched logs.
	failedOutput = "failed"
	// failedLimitMiB is the limit of the failed output's buffers. A worker has two, the error flow's and the default flow's, in
	// nine tenths of a GiB.
	failedLimitMiB = 460

	mebibytesInGibibyte = 1024

	// sessionSeconds is the longest session of a role that another role assumes.
	sessionSeconds = "3600"
)

// usableMiB is how much of the volume buffers may take.
func (a Aggregator) usableMiB() int {
	return a.DiskGiB * mebibytesInGibibyte * capacity.UsableTenths / 10
}

// outputObjects are the outputs, and the ways from flows to deliveries.
func (a Args) outputObjects() []object {
	failed := clusterOutput(failedOutput, func(bucket string) spec.ClusterOutput {
		return a.s3(bucket, a.Failed.Region, a.Failed.Prefix, defaultS3FlushSeconds, failedLimitMiB)
	})
	failed.bucket = a.Failed.BucketName
	objects := []object{failed}
	for _, name := range a.outputs() {
		o := clusterOutput(string(name), func(bucket string) spec.ClusterOutput { return a.output(name, bucket) })
		if name == ToS3 {
			o.bucket = a.S3.BucketName
		}
		objects = append(objects, o)
	}
	for _, d := range a.deliveries() {
		objects = append(objects, clusterOutput(d.name, func(string) spec.ClusterOutput {
			return spec.ClusterOutput{Relabel: &spec.Relabel{Label: d.label()}}
		}))
	}
	return objects
}

func clusterOutput(name string, plugin func(bucket string) spec.ClusterOutput) object {
	return object{
		kind: "ClusterOutput", name: name, logical: "output/" + name,
		spec: func(bucket string) any {
			filled := plugin(bucket)
			filled.LoggingRef = SystemName
			// A Flow of somebody's own namespace may not write with these credentials.
			filled.Protected = true
			return filled
		},
	}
}

func (a Args) output(name OutputName, bucket string) spec.ClusterOutput {
	switch name {
	case ToS3:
		return a.s3(bucket, a.S3.Region, a.S3.Prefix, a.S3.FlushSeconds, a.Aggregator.TotalLimitMiB)
	case ToFirehose:
		return spec.ClusterOutput{KinesisFirehose: &spec.KinesisFirehose{
			DeliveryStreamName:    a.Firehose.DeliveryStreamName,
			Region:                a.Firehose.Region,
			RetriesOnBatchRequest: a.Aggregator.RetriesOnBatchRequest,
			AssumeRoleCredentials: a.Writer.credentials(),
			Format:                &spec.Format{Type: "json"},
			Buffer:                a.buffer("tag", a.Aggregator.FlushSeconds, a.Aggregator.TotalLimitMiB),
		}}
	default:
		return spec.ClusterOutput{KinesisStream: &spec.KinesisStream{
			StreamName:            a.Stream.Name,
			Region:                a.Stream.Region,
			PartitionKey:          string(a.Events.PartitionKey),
			RetriesOnBatchRequest: a.Aggregator.RetriesOnBatchRequest,
			AssumeRoleCredentials: a.Writer.credentials(),
			Format:                &spec.Format{Type: "json"},
			Buffer:                a.buffer("tag", a.Aggregator.FlushSeconds, a.Aggregator.TotalLimitMiB),
		}}
	}
}

func (w Writer) credentials() *spec.AssumeRole {
	return &spec.AssumeRole{
		RoleARN:         w.RoleARN,
		RoleSessionName: w.SessionName,
		DurationSeconds: sessionSeconds,
		ExternalID:      w.ExternalID,
	}
}

// s3 writes objects that are laid out as Firehose lays out its own. The role may write and nothing else, so that nothing is
// looked up: hex_random comes from the chunk's own id, which is new for every chunk and the same in every retry
// (gh:fluent/fluent-plugin-s3 lib/fluent/plugin/out_s3.rb, hex_random).
func (a Args) s3(bucket, region, prefix string, flushSeconds, limitMiB int) spec.ClusterOutput {
	buffer := a.buffer("time", flushSeconds, limitMiB)
	buffer.Timekey = "1h"
	buffer.TimekeyWait = "1m"
	buffer.TimekeyUseUTC = true
	return spec.ClusterOutput{S3: &spec.S3{
		Bucket:                bucket,
		Region:                region,
		Path:                  prefix + "dt=%Y-%m-%d/hour=%H/",
		ObjectKeyFormat:       "%{path}%{time_slice}_%{hex_random}.json.%{file_extension}",
		HexRandomLength:       "16",
		StoreAs:               "gzip",
		CheckBucket:           "false",
		CheckObject:           "false",
		CheckAPIKeyOnStart:    "false",
		AutoCreateBucket:      "false",
		AssumeRoleCredentials: a.Writer.credentials(),
		Format:                &spec.Format{Type: "json"},
		Buffer:                buffer,
	}}
}

// buffer is on the volume, waits rather than throws when it is full, and keeps trying. The operator's default tags, tag,time,
// would flush once in ten minutes.
func (a Args) buffer(tags string, flushSeconds, limitMiB int) *spec.Buffer {
	return &spec.Buffer{
		Type:             "file",
		Tags:             tags,
		FlushMode:        "interval",
		FlushInterval:    fmt.Sprintf("%ds", flushSeconds),
		FlushThreadCount: a.Aggregator.FlushThreads,
		// Fluentd's default is one chunk a second and thread.
		FlushThreadInterval:      fmt.Sprint(capacity.FlushThreadIntervalSeconds),
		FlushThreadBurstInterval: fmt.Sprint(capacity.FlushThreadBurstIntervalSeconds),
		ChunkLimitSize:           fmt.Sprintf("%dm", a.Aggregator.ChunkLimitMiB),
		QueuedChunksLimitSize:    a.Aggregator.QueuedChunks,
		TotalLimitSize:           fmt.Sprintf("%dm", limitMiB),
		OverflowAction:           "block",
		RetryForever:             true,
		RetryMaxInterval:         fmt.Sprintf("%ds", capacity.RetryMaxIntervalSeconds),
		// A worker that is told to end sends what it has, and leaves on the volume what is not taken.
		FlushAtShutdown: true,
	}
}
