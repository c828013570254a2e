package logging_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/components/logging"
)

func TestFluentdLosesNothingThatItsVolumeHolds(t *testing.T) {
	system := up(t, nil).Named(t, "eks-system")
	claim := "spec.fluentd.bufferStorageVolume.pvc.spec."
	assertAll(t, system, map[string]any{
		"spec.fluentd.scaling.replicas":      2,
		"spec.fluentd.scaling.drain.enabled": true,
		"spec.fluentd.workers":               1,
		"spec.fluentd.pdb.maxUnavailable":    1,
		"spec.fluentd.podPriorityClassName":  "system-cluster-critical",
		// One GiB more than the default of 20, for what fails and what nobody takes.
		claim + "resources.requests.storage": "21Gi",
		claim + "accessModes":                []any{"ReadWriteOnce"},
		"spec.fluentd.rootDir":               "/buffers",
		"spec.fluentd.serviceAccount.metadata.annotations": map[string]any{
			"eks.amazonaws.com/role-arn": "arn:aws:iam::222222222222:role/fluentd",
		},
		// Nothing goes to null.
		"spec.errorOutputRef":               "failed",
		"spec.defaultFlow.globalOutputRefs": []any{"failed"},
	})
	assert.Nil(t, at(system, "spec.fluentd.disablePvc"))
	assert.Nil(t, at(system, "spec.fluentd.scaling.drain.deleteVolume"), "a drain that was cut short leaves its volume")
	assert.Nil(t, at(system, claim+"storageClassName"), "the cluster's default")
	assert.Nil(t, at(system, "spec.fluentd.resources.limits.cpu"))

	var spread []any
	for _, constraint := range at(system, "spec.fluentd.topologySpreadConstraints").([]any) {
		constraint := constraint.(map[string]any)
		spread = append(spread, constraint["topologyKey"])
		assert.Equal(t, "ScheduleAnyway", constraint["whenUnsatisfiable"], "a cluster of one node has Fluentd too")
		assert.Equal(t, map[string]any{
			"app.kubernetes.io/name": "fluentd", "app.kubernetes.io/component": "fluentd", "app.kubernetes.io/managed-by": "log-pipeline",
		}, constraint["labelSelector"].(map[string]any)["matchLabels"])
	}
	assert.Equal(t, []any{"kubernetes.io/hostname", "topology.kubernetes.io/zone"}, spread)
}

func TestFluentdIsTheCallersSize(t *testing.T) {
	recording := up(t, func(a *logging.Args) {
		a.Aggregator = logging.Aggregator{
			RoleARN: a.Aggregator.RoleARN, Replicas: 5, Workers: 3, FlushThreads: 7, FlushSeconds: 9, ChunkLimitMiB: 16, QueuedChunks: 11,
			TotalLimitMiB: 1000, DiskGiB: 40, StorageClass: "gp3", RetriesOnBatchRequest: 12, PriorityClass: "fluentd",
		}
	})
	assertAll(t, recording.Named(t, "eks-system"), map[string]any{
		"spec.fluentd.scaling.replicas": 5,
		"spec.fluentd.workers":          3,
		"spec.fluentd.bufferStorageVolume.pvc.spec.resources.requests.storage": "43Gi",
		"spec.fluentd.bufferStorageVolume.pvc.spec.storageClassName":           "gp3",
		"spec.fluentd.resources.requests.cpu":                                  "1500m",
		"spec.fluentd.resources.requests.memory":                               "1536Mi",
		"spec.fluentd.resources.limits.memory":                                 "3Gi",
		"spec.fluentd.podPriorityClassName":                                    "fluentd",
	})
	assertAll(t, recording.Named(t, "eks-output/stream"), map[string]any{
		"spec.kinesisStream.retries_on_batch_request":        12,
		"spec.kinesisStream.buffer.flush_thread_count":       7,
		"spec.kinesisStream.buffer.flush_interval":           "9s",
		"spec.kinesisStream.buffer.chunk_limit_size":         "16m",
		"spec.kinesisStream.buffer.queued_chunks_limit_size": 11,
		"spec.kinesisStream.buffer.total_limit_size":         "1000m",
	})
}

// Each worker has a buffer for each output, and all of them fit on the volume.
func TestBuffersShareTheVolume(t *testing.T) {
	beside := func(a *logging.Args) { a.S3 = &logging.S3{BucketName: pulumi.String("raw"), Region: "eu-central-1"} }
	stream, both := []logging.OutputName{logging.ToStream}, []logging.OutputName{logging.ToStream, logging.ToS3}
	for name, test := range map[string]struct {
		change  func(*logging.Args)
		outputs []logging.OutputName
		buffers int
		limit   string
	}{
		"the stream alone":     {func(*logging.Args) {}, stream, 1, "18432m"},
		"two workers":          {func(a *logging.Args) { a.Aggregator.Workers = 2 }, stream, 1, "9216m"},
		"S3 beside the stream": {beside, both, 2, "9216m"},
		"a flow to one of two": {func(a *logging.Args) {
			beside(a)
			a.Flows[0].Outputs = stream
		}, both, 3, "6144m"},
		"flows to both of two, in any order": {func(a *logging.Args) {
			beside(a)
			a.Flows = []logging.Flow{
				{Name: "a", Namespaces: []string{"a"}, Outputs: both},
				{Name: "b", Namespaces: []string{"b"}, Outputs: []logging.OutputName{logging.ToS3, logging.ToStream}},
			}
		}, both, 2, "9216m"},
		"two flows to one of two": {func(a *logging.Args) {
			beside(a)
			a.Flows = []logging.Flow{
				{Name: "a", Namespaces: []string{"a"}, Outputs: stream}, {Name: "b", Namespaces: []string{"b"}, Outputs: stream},
			}
		}, both, 3, "6144m"},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			assert.Equal(t, test.buffers, logging.Buffers(test.outputs, args.Flows))
			assertAll(t, up(t, test.change).Named(t, "eks-output/stream"), map[string]any{
				"spec.kinesisStream.buffer.total_limit_size": test.limit,
			})
		})
	}
}
