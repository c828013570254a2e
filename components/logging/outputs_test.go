package logging_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
)

func withAll(a *logging.Args) {
	a.S3 = &logging.S3{BucketName: pulumi.String("raw").ToStringOutput(), Region: "eu-west-1"}
	a.Firehose = &logging.Firehose{DeliveryStreamName: "direct", Region: "eu-central-1"}
}

var credentials = map[string]any{
	"role_arn": "arn:aws:iam::111111111111:role/writer", "role_session_name": "log-pipeline-prod-eu",
	"external_id": "4f1c", "duration_seconds": "3600",
}

func TestOutputs(t *testing.T) {
	recording := up(t, withAll)
	stream := recording.Named(t, "eks-output/stream")
	assertAll(t, stream, map[string]any{
		"kind":                                        "ClusterOutput",
		"spec.protected":                              true,
		"spec.kinesisStream.stream_name":              "logs",
		"spec.kinesisStream.region":                   "eu-central-1",
		"spec.kinesisStream.partition_key":            "event_id",
		"spec.kinesisStream.assume_role_credentials":  credentials,
		"spec.kinesisStream.retries_on_batch_request": 600,
		"spec.kinesisStream.format.type":              "json",
	})
	assertAll(t, recording.Named(t, "eks-output/firehose"), map[string]any{
		"spec.protected": true,
		"spec.kinesisFirehose.delivery_stream_name":     "direct",
		"spec.kinesisFirehose.region":                   "eu-central-1",
		"spec.kinesisFirehose.assume_role_credentials":  credentials,
		"spec.kinesisFirehose.retries_on_batch_request": 600,
		"spec.kinesisFirehose.format.type":              "json",
	})
	for name, want := range map[string]map[string]any{
		"s3":     {"spec.s3.s3_region": "eu-west-1", "spec.s3.path": "direct/dt=%Y-%m-%d/hour=%H/"},
		"failed": {"spec.s3.s3_region": "eu-central-1", "spec.s3.path": "fluentd/dt=%Y-%m-%d/hour=%H/"},
	} {
		s3 := recording.Named(t, "eks-output/"+name)
		assertAll(t, s3, want)
		assertAll(t, s3, map[string]any{
			"spec.protected":                  true,
			"spec.s3.s3_bucket":               "raw",
			"spec.s3.assume_role_credentials": credentials,
			"spec.s3.format.type":             "json",
			"spec.s3.store_as":                "gzip",
			// One name for a chunk, however often it is tried, and another for each chunk.
			"spec.s3.s3_object_key_format": "%{path}%{time_slice}_%{hex_random}.json.%{file_extension}",
			"spec.s3.hex_random_length":    "16",
			// The role may write, and nothing else.
			"spec.s3.check_bucket":          "false",
			"spec.s3.check_object":          "false",
			"spec.s3.check_apikey_on_start": "false",
			"spec.s3.auto_create_bucket":    "false",
		})
	}
}

func TestEveryBufferIsOnTheVolumeAndNeverGivesUp(t *testing.T) {
	recording := up(t, withAll)
	for name, plugin := range map[string]string{"stream": "kinesisStream", "firehose": "kinesisFirehose", "s3": "s3", "failed": "s3"} {
		r := recording.Named(t, "eks-output/"+name)
		buffer, tags, interval := "spec."+plugin+".buffer.", "tag", "5s"
		if plugin == "s3" {
			tags, interval = "time", "300s" // of which the object's name is made, and as few objects as Firehose makes
			assertAll(t, r, map[string]any{buffer + "timekey": "1h", buffer + "timekey_use_utc": true})
		}
		assertAll(t, r, map[string]any{
			buffer + "type":                        "file",
			buffer + "tags":                        tags,
			buffer + "flush_mode":                  "interval",
			buffer + "flush_interval":              interval,
			buffer + "flush_thread_count":          4,
			buffer + "flush_thread_interval":       "0.1",
			buffer + "flush_thread_burst_interval": "0.01",
			buffer + "chunk_limit_size":            "8m",
			buffer + "queued_chunks_limit_size":    32,
			buffer + "overflow_action":             "block",
			buffer + "retry_forever":               true,
			buffer + "retry_max_interval":          "30s",
			buffer + "flush_at_shutdown":           true,
		})
		assert.Nil(t, at(r, buffer+"path"), "%s: the operator's own, which it takes away for several workers", name)
	}
	assertAll(t, recording.Named(t, "eks-output/failed"), map[string]any{"spec.s3.buffer.total_limit_size": "460m"})
}

// The old path, with no stream.
func TestS3Alone(t *testing.T) {
	recording := up(t, func(a *logging.Args) {
		a.Stream = nil
		a.S3 = &logging.S3{BucketName: pulumi.String("raw"), Region: "eu-central-1", Prefix: "logs/", FlushSeconds: 60}
	})
	assertAll(t, recording.Named(t, "eks-output/s3"), map[string]any{
		"spec.s3.path": "logs/dt=%Y-%m-%d/hour=%H/", "spec.s3.buffer.flush_interval": "60s",
	})
	assertAll(t, recording.Named(t, "eks-flow/deliver"), map[string]any{"spec.globalOutputRefs": []any{"s3"}})
}

func TestTheSessionIsTheClustersAndNoLongerThanItMayBe(t *testing.T) {
	long := "a-name-of-a-cluster-that-is-longer-than-the-name-of-a-session-may-be"
	session := func(change func(*logging.Args)) any {
		return at(up(t, change).Named(t, "eks-output/stream"), "spec.kinesisStream.assume_role_credentials.role_session_name")
	}
	assert.Len(t, session(func(a *logging.Args) { a.Cluster = long }), 64)
	assert.Equal(t, "me", session(func(a *logging.Args) { a.Writer.SessionName = "me" }))
}

func TestOneAccountNeedsNoExternalID(t *testing.T) {
	stream := up(t, func(a *logging.Args) { a.Writer.ExternalID = "" }).Named(t, "eks-output/stream")
	assert.NotContains(t, at(stream, "spec.kinesisStream.assume_role_credentials"), "external_id")
}

func outputsOf(r mocks.Resource) any { return at(r, "spec.globalOutputRefs") }

// Fluentd finds a buffer by the names of the flow and the output that it belongs to.
func TestBuffersStayWhereTheyAreWhenFlowsChange(t *testing.T) {
	for name, change := range map[string]func(*logging.Args){
		"one flow":      nil,
		"renamed":       func(a *logging.Args) { a.Flows[0].Name = "another" },
		"S3 beside it":  withAll,
		"all elsewhere": func(a *logging.Args) { withAll(a); a.Flows[0].Outputs = []logging.OutputName{logging.ToS3} },
	} {
		t.Run(name, func(t *testing.T) {
			deliver := up(t, change).Named(t, "eks-flow/deliver")
			assert.Contains(t, outputsOf(deliver), "stream")
			assertAll(t, deliver, map[string]any{
				"metadata.name":             "deliver",
				"spec.flowLabel":            "@deliver",
				"spec.includeLabelInRouter": false,
				// One tag, so that chunks are full of events and not of one container's.
				"spec.filters": []any{map[string]any{"tag_normaliser": map[string]any{"format": "logs"}}},
			})
			assert.Nil(t, at(deliver, "spec.match"))
		})
	}
}

func TestFlowsToSomeOfTheOutputs(t *testing.T) {
	recording := up(t, func(a *logging.Args) {
		withAll(a)
		a.Flows = []logging.Flow{
			{Name: "all", Namespaces: []string{"a"}},
			{Name: "two", Namespaces: []string{"b"}, Outputs: []logging.OutputName{logging.ToStream, logging.ToS3}},
			{Name: "same-two", Namespaces: []string{"c"}, Outputs: []logging.OutputName{logging.ToS3, logging.ToStream}},
		}
	})
	assert.Equal(t, []any{"firehose", "s3", "stream"}, outputsOf(recording.Named(t, "eks-flow/deliver")))
	assert.Equal(t, []any{"s3", "stream"}, outputsOf(recording.Named(t, "eks-flow/deliver-s3-stream")))
	for flow, way := range map[string]string{"all": "deliver", "two": "deliver-s3-stream", "same-two": "deliver-s3-stream"} {
		assert.Equal(t, []any{way}, outputsOf(recording.Named(t, "eks-flow/"+flow)), "one alone: the operator cannot copy to labels")
		assertAll(t, recording.Named(t, "eks-output/"+way), map[string]any{"spec.relabel.label": "@" + way})
		assertAll(t, recording.Named(t, "eks-flow/"+way), map[string]any{"spec.flowLabel": "@" + way})
	}
}
