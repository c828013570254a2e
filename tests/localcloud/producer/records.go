package producer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"time"
)

// runtimeTime is how a container runtime writes the time of a line: always with nanoseconds.
const runtimeTime = "2006-01-02T15:04:05.000000000Z07:00"

// Record is an event as Fluentd sends it.
type Record struct {
	// ID is its event_id, which is the partition key.
	ID string
	// Fields are those of the record.
	Fields map[string]any
	// Data is the record as JSON, with a newline.
	Data []byte
}

// Source makes a cluster's records, the same ones from the same seed.
type Source struct {
	cluster string
	random  *rand.Rand
	made    int
}

// NewSource returns a source of that cluster's records.
func NewSource(cluster string, seed uint64) *Source {
	return &Source{cluster: cluster, random: rand.New(rand.NewPCG(1, seed))} //nolint:gosec // no secret: the same records again
}

// container is where a line is written.
type container struct{ namespace, app, name string }

func (c container) pod() string { return c.app + "-7d9c8b6f5-x2x4z" }

func (c container) tag() string {
	return fmt.Sprintf("kubernetes.var.log.containers.%s_%s_%s-%064x.log", c.pod(), c.namespace, c.name, c.app)
}

// record is what becomes of a line that is a JSON object: its keys are fields of the record.
func (s *Source) record(from container, fields map[string]any, written time.Time) (Record, error) {
	line, err := json.Marshal(fields)
	if err != nil {
		return Record{}, fmt.Errorf("write a line of %s: %w", from.pod(), err)
	}
	at := written.Format(runtimeTime)
	id := eventID(from.tag(), at, "stdout", string(line))
	fields = maps.Clone(fields)
	maps.Copy(fields, map[string]any{
		"event_id": id, "cluster": s.cluster, "namespace": from.namespace, "pod": from.pod(), "time": at, "stream": "stdout",
		"kubernetes": map[string]any{
			"pod_name": from.pod(), "namespace_name": from.namespace, "container_name": from.name,
			"host":   "ip-10-0-1-9.eu-west-1.compute.internal",
			"labels": map[string]any{"app_kubernetes_io/name": from.app, "pod-template-hash": "7d9c8b6f5"},
		},
	})
	data, err := json.Marshal(fields)
	if err != nil {
		return Record{}, fmt.Errorf("write a record of %s: %w", from.pod(), err)
	}
	return Record{ID: id, Fields: fields, Data: append(data, '\n')}, nil
}

// eventID is the id that Fluentd's filter elasticsearch_genid gives an event before its line is parsed: the base64 of the
// SHA-256 of the tag and of the values of the record's keys, with the filter's default separator between them all
// (gh:uken/fluent-plugin-elasticsearch lib/fluent/plugin/filter_elasticsearch_genid.rb, filter_seed_as_record). The filter and
// the keys time, stream and message are set in components/logging/filters.go.
func eventID(tag string, values ...string) string {
	sum := sha256.Sum256([]byte(tag + "_" + strings.Join(values, "_")))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func pick[T any](random *rand.Rand, values ...T) T { return values[random.IntN(len(values))] }
