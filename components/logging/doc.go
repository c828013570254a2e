// Package logging takes the logs of one Kubernetes cluster to a Kinesis data stream, a bucket or a delivery stream of another
// account: Fluent Bit on every node, Fluentd behind them, and the flows between, as custom resources of the Logging Operator
// (gh:kube-logging/logging-operator).
//
// Default settings lose nothing that the disks can hold. The agent reads each file from its start, keeps what it has read on
// the node's disk, and deletes it when Fluentd has answered that it has it in its own file buffer on a persistent volume.
// Nothing gives up: both retry for ever, and a full buffer of Fluentd's makes the agents wait. Fluentd has two
// replicas on different nodes and zones, of which one may be away. What fails, and what no flow takes, goes to the failed
// bucket. Every event has
//
//   - event_id, a SHA-256 of the container, the runtime's time with its nanoseconds, stdout or stderr, and the line: the same
//     however often the line is sent or read, so that duplicates can be found. It is also the partition key.
//   - cluster, namespace, pod, and kubernetes with all that is known of the pod, in keys without dots;
//   - time, stream, and message, or the fields of the line where that is a JSON object. A field of the line that has the name
//     of one of these, or gets it when its dots become underscores, is kept with app_ before it. An object with more than 32
//     levels stays text in message, and a number that JSON does not have, as NaN, becomes a string.
//
// An event of more than a million bytes is cut and marked with truncated and original_bytes, or sent whole to the failed bucket:
// the Kinesis plugin would drop it.
//
// # What may still be lost
//
// Records that Kinesis throttles: its Fluentd plugin drops what it has tried RetriesOnBatchRequest times, logs it, and counts
// it as delivered, and the operator cannot tell it otherwise. A batch has 500 records and each try that is accepted in part
// delivers one at least, so that beyond 500 tries only those count that deliver none, whose waits double. Give the stream
// headroom, and alarm on WriteProvisionedThroughputExceeded.
//
// What an agent has no room for: it drops its oldest chunk at DiskLimitMiB and says so. The other way would be to stop reading at
// a number of chunks; those are one for each container and second, so that it would stop after seconds of an outage, and
// what is rotated while it does not read is lost (gh:fluent/fluent-bit src/flb_input_chunk.c,
// plugins/in_tail/tail_file.c). What an agent holds is gone with its node.
//
// Lines of more than 2 MB that the container runtime has not split; containerd splits at 16 KiB. Pods with the annotation
// fluentbit.io/exclude: "true", whose owners do not want their logs read.
//
// Monitoring.PrometheusRules makes an alert for each of the first two, and for what comes before them.
//
// # What the operator cannot express
//
// After a long outage of Fluentd an agent waits up to 2000 seconds until it tries a chunk again (Fluent Bit's scheduler.cap), and
// it waits for Fluentd's answer without a limit (net.io_timeout): what was sent to a node that vanished goes out again when
// the agent is restarted. Nothing of it is lost, but late.
//
// The grace that Fluentd's pods have to end is Kubernetes' default of 30 seconds; what is not sent by then stays on the volume.
// The drain that empties the volume of a replica that is no longer wanted looks for files named *.buffer. With several
// workers Fluentd names its files otherwise (gh:fluent/fluentd lib/fluent/plugin/buf_file.rb), so that the drain stops Fluentd
// at once, which then sends what is accepted at the first try; the rest stays on the volume, and goes out when the replica is wanted
// again. Volumes go with the namespace only, which Protect keeps.
//
// Where Kubernetes does not answer an agent, events have no labels. Their namespace, pod and container are known from the
// file's name, unless the kubelet had to cut that off at 255 characters, and so flows that ask for nothing else take them.
// One that selects by labels does not, and one that excludes by labels does. That holds for all that a worker gets of such a
// container until it is restarted, since the router decides once for each container, and the operator cannot tell it
// otherwise (gh:kube-logging/fluent-plugin-label-router lib/fluent/plugin/out_label_router.rb, sticky_tags). What no flow
// takes is in the failed bucket.
//
// What is buffered lies under the output's name and, with several workers, the worker's: before an output is taken away, or the
// number of workers changed, its buffers have to be empty, or nobody looks for what they hold.
//
// # What it does not do
//
// It makes no roles and no buckets, and asks for a Kubernetes provider among its options. Between agents and Fluentd nothing is
// encrypted. Only container logs are read: no node's journal, no Kubernetes events. The id is made of the line as it was: who
// may read events and can guess what was redacted can check the guess.
package logging
