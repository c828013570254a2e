// Package logging takes the logs of one Kubernetes cluster to a Kinesis data stream, a bucket or a delivery stream of another
// account. It makes custom resources of the Logging Operator (gh:kube-logging/logging-operator): an agent, Fluent Bit, on every
// node; an aggregator, Fluentd, which all agents send to; and flows and outputs, which say what goes where.
//
// Default settings lose nothing that the disks can hold. An agent reads each file from its start and keeps what it reads on the
// node's disk. It deletes a chunk when Fluentd has acknowledged it, and Fluentd acknowledges what is in its own file buffer on a
// persistent volume. Both retry for ever. When a buffer of Fluentd is full, the agents wait. Fluentd has two replicas on different
// nodes and zones, and one is enough. The failed bucket gets the events that fail and the logs that no flow takes. Every event has
//
//   - event_id: a SHA-256 of the container, the runtime's time with its nanoseconds, stdout or stderr, and the line. A line that
//     is sent or read twice has the same id, so that duplicates can be found. By default the id is the partition key.
//   - cluster, namespace and pod.
//   - kubernetes: all that is known of the pod. Its keys have no dots.
//   - time and stream.
//   - message: the line. Where the line is a JSON object, the event has its fields instead.
//
// A field of the line gets the prefix app_ if its name is one of these, or becomes one when its dots become underscores. An object
// with more than 32 levels stays text in message. A number that JSON does not have, such as NaN, becomes a string.
//
// The Kinesis plugin drops events that are larger than the stream takes. An event of more than a million bytes is therefore cut and
// marked with truncated and original_bytes. With Divert it goes to the failed bucket whole instead.
//
// # What may still be lost
//
// Records that Kinesis throttles. The Kinesis plugin of Fluentd tries a batch again RetriesOnBatchRequest times. Then it drops the
// rest of the batch, logs that, and counts it as delivered. The operator has no setting that changes this. A batch has at most 500
// records, and a try that Kinesis accepts in part delivers one at least, so that there are at most 500 such tries. All others
// deliver nothing, and after each of those the wait doubles. Give the stream headroom, and alarm on
// WriteProvisionedThroughputExceeded.
//
// Logs for which an agent has no room. At DiskLimitMiB it drops its oldest chunk and logs that. The alternative is an agent that stops
// reading at a number of chunks. Each container has a chunk for each second, so that the agent would stop after seconds of an
// outage, and would miss the files that are rotated meanwhile (gh:fluent/fluent-bit src/flb_input_chunk.c,
// plugins/in_tail/tail_file.c). A node that goes takes its agent's chunks with it.
//
// Lines of more than 2 MB that the container runtime has not split. containerd splits lines at 16 KiB.
//
// Logs of pods with the annotation fluentbit.io/exclude: "true". The agents do not read them.
//
// Monitoring.PrometheusRules makes alerts for the first two losses, and for what comes before them.
//
// # What the operator cannot express
//
// The operator sets neither Fluent Bit's scheduler.cap nor a limit of its net.io_timeout. After a long outage of Fluentd an agent
// may wait 2000 seconds before it tries a chunk again. An agent waits for an acknowledgement without a limit: it sends a chunk
// again only after a restart if the node of the Fluentd that had it has vanished. These chunks are late, and not lost.
//
// Fluentd's pods have 30 seconds to end, which is Kubernetes' default. Unsent chunks remain on the volume.
//
// When Fluentd gets fewer replicas, the operator drains the volumes of the others. The drain ends where it finds no files named
// *.buffer. With several workers Fluentd gives its files other names (gh:fluent/fluentd lib/fluent/plugin/buf_file.rb), so that
// the drain stops Fluentd at once. Fluentd then tries each chunk once. The chunks that are not accepted remain on the volume, and
// Fluentd sends them when the replica comes back. Volumes are deleted with the namespace alone, and Protect keeps the namespace.
//
// Where Kubernetes does not answer an agent, events have no labels. Their namespace, pod and container come from the name of the
// file, unless the kubelet has cut it at 255 characters. A flow that selects by namespaces or containers takes such events. A flow
// that selects by labels does not take them, and a flow that excludes by labels does. The router decides once for each container,
// so that this holds for all events of the container that a worker gets until it is restarted. The operator has no setting
// for that (gh:kube-logging/fluent-plugin-label-router lib/fluent/plugin/out_label_router.rb, sticky_tags). The failed bucket gets
// the events that no flow takes.
//
// Fluentd finds a buffer by the name of its output and, with several workers, by the worker's number. Before you remove an output or
// change the number of workers, wait until the buffers are empty: Fluentd does not read what remains in them.
//
// # What it does not do
//
// It makes no roles and no buckets. It needs a Kubernetes provider among its options. The connections between agents and Fluentd are
// not encrypted. Only the logs of containers are read: no journal of a node, and no Kubernetes events. The id is made of the line
// before redaction, so that whoever reads an event can check a guess of what was redacted.
package logging
