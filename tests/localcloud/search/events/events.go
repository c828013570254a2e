// Package events makes the events of a real cluster for the search tests, the same ones from the same seed: Istio's access log, lines of text,
// and the JSON that applications write as they please, among it all that a search index is known to choke on.
package events

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"example.com/log-pipeline/tests/localcloud/producer"
)

const (
	// Keys are how many different keys the applications' JSON has together.
	Keys = 2000
	// Step is the time between two events.
	Step = 700 * time.Millisecond
	// Word is in the text of some lines, and nowhere else.
	Word = "zanzibar"
	// Payload is a key of the applications' JSON that has each type in turn: see payload.
	Payload = "payload"
)

// First is when the first event happens.
var First = time.Date(2026, time.March, 1, 10, 0, 0, 0, time.UTC)

// Event is one as it comes from the stream.
type Event struct {
	// Name says what is awkward about it.
	Name string
	// Data is a JSON object on one line.
	Data []byte
}

// Fields are what the event's JSON holds. Numbers are as they are written.
func (e Event) Fields() (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(e.Data))
	decoder.UseNumber()
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return nil, fmt.Errorf("read the event %.200s: %w", e.Data, err)
	}
	return fields, nil
}

// source makes events of many pods.
type source struct {
	random  *rand.Rand
	istio   *producer.Source
	cluster string
	made    int
}

// Usual are n events of which half are requests, a quarter lines of text and a quarter applications' JSON, about 1,100 bytes each.
func Usual(seed uint64, n int) ([]Event, error) {
	s := &source{
		random:  rand.New(rand.NewPCG(2, seed)), //nolint:gosec // no secret: the same events again
		istio:   producer.NewSource("prod", seed),
		cluster: "prod",
	}
	made := make([]Event, n)
	for i := range made {
		fields, err := s.line(i)
		if err != nil {
			return nil, err
		}
		data, err := s.sent(fields, First.Add(time.Duration(i)*Step))
		if err != nil {
			return nil, err
		}
		made[i] = Event{Name: "usual " + strconv.Itoa(i), Data: data}
	}
	return made, nil
}

// line is what a container writes.
func (s *source) line(i int) (map[string]any, error) {
	switch i % 4 {
	case 0, 1:
		return s.request(First.Add(time.Duration(i) * Step))
	case 2:
		return map[string]any{"message": s.text()}, nil
	default:
		return s.application(), nil
	}
}

// request is a line of Istio's access log whose client, path and id are not those of the next one.
func (s *source) request(began time.Time) (map[string]any, error) {
	record, err := s.istio.AccessLog(began)
	if err != nil {
		return nil, err
	}
	client := fmt.Sprintf("10.%d.%d.%d", s.random.IntN(4), s.random.IntN(256), s.random.IntN(256))
	if s.random.IntN(10) == 0 {
		client = fmt.Sprintf("2001:db8:%x::%x", s.random.IntN(1<<16), s.random.IntN(1<<16))
	}
	fields := record.Fields
	fields["path"] = fmt.Sprintf("/api/v%d/%s/%d?session=%x",
		1+s.random.IntN(3), pick(s, "items", "carts", "users", "orders"), s.random.IntN(100000), s.random.Uint64())
	fields["request_id"] = s.uuid()
	fields["x_forwarded_for"] = client
	fields["downstream_remote_address"] = fmt.Sprintf("[%s]:%d", client, 1024+s.random.IntN(60000))
	fields["upstream_local_address"] = fmt.Sprintf("127.0.0.6:%d", 1024+s.random.IntN(60000))
	fields["user_agent"] = fmt.Sprintf("Mozilla/5.0 (%s) AppleWebKit/537.%d (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36",
		pick(s, "X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "iPhone; CPU iPhone OS 17_0 like Mac OS X"),
		s.random.IntN(40), 90+s.random.IntN(40))
	return fields, nil
}

// sent is an event as Fluentd sends it: the line's fields with those of where and when it was written.
func (s *source) sent(fields map[string]any, written time.Time) ([]byte, error) {
	s.made++
	app := pick(s, "cart", "checkout", "catalog", "payments", "storefront")
	namespace := pick(s, "shop", "shop", "back-office")
	pod := fmt.Sprintf("%s-7d9c8b6f5-%c%c", app, 'a'+rune(s.random.IntN(4)), 'a'+rune(s.random.IntN(4)))
	sum := sha256.Sum256([]byte(s.cluster + "_" + strconv.Itoa(s.made)))
	for key, value := range map[string]any{
		"event_id": base64.StdEncoding.EncodeToString(sum[:]), "cluster": s.cluster, "namespace": namespace, "pod": pod,
		"time": written.Format("2006-01-02T15:04:05.000000000Z07:00"), "stream": pick(s, "stdout", "stdout", "stderr"),
		"kubernetes": map[string]any{
			"pod_name": pod, "namespace_name": namespace, "container_name": "app",
			"host":   fmt.Sprintf("ip-10-0-1-%d.eu-west-1.compute.internal", s.random.IntN(9)),
			"labels": map[string]any{"app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "shop", "pod-template-hash": "7d9c8b6f5"},
		},
	} {
		fields[key] = value
	}
	data, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("write event %d: %w", s.made, err)
	}
	return data, nil
}

func (s *source) uuid() string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", s.random.Uint32(), s.random.IntN(1<<16), s.random.IntN(1<<12), s.random.IntN(1<<12),
		s.random.Uint64()&(1<<48-1))
}

func pick[T any](s *source, values ...T) T { return values[s.random.IntN(len(values))] }
