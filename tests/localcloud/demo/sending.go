package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"example.com/log-pipeline/tests/localcloud/producer"
)

// past is how far back the events of records that are sent at once reach: well within the default spec's lateness.
const past = 4 * time.Minute

// sending sends records as a cluster's Fluentd.
type sending struct {
	options Options
	source  *producer.Source
	random  *rand.Rand
	client  *kinesis.Client
	stream  string

	mu   sync.Mutex
	sent []producer.Record
	// arrived has when a record was sent, by its id.
	arrived map[string]time.Time
	// until has how many were sent when.
	until []moment
	// from and to are the times between which events were sent.
	from, to time.Time
}

type moment struct {
	at   time.Time
	sent int
}

func newSending(ctx context.Context, config aws.Config, p place, options Options) (*sending, error) {
	_, writer, err := p.roles.Assume(ctx, config)
	if err != nil {
		return nil, err
	}
	return &sending{
		options: options, stream: p.stream, client: kinesis.NewFromConfig(writer), arrived: map[string]time.Time{},
		source: producer.NewSource(p.cluster, options.Seed),
		random: rand.New(rand.NewPCG(2, options.Seed)), //nolint:gosec // the same records from the same seed
	}, nil
}

// run sends all records, and returns when they are sent.
func (s *sending) run(ctx context.Context) error {
	if s.options.Records > 0 {
		now := time.Now()
		return s.send(ctx, s.options.Records, now.Add(-past), now)
	}
	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()
	for range int(s.options.For.Seconds()) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case now := <-ticks.C:
			if err := s.send(ctx, s.options.PerSecond, now.Add(-time.Second), now); err != nil {
				return err
			}
		}
	}
	return nil
}

// send sends that many records of events between the two times.
func (s *sending) send(ctx context.Context, count int, from, to time.Time) error {
	records := make([]producer.Record, count)
	for i := range records {
		var err error
		if records[i], err = s.next(from.Add(to.Sub(from) * time.Duration(i) / time.Duration(count)).UTC()); err != nil {
			return err
		}
	}
	if err := producer.Put(ctx, s.client, s.stream, records); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for _, record := range records {
		s.arrived[record.ID] = now
	}
	if s.from.IsZero() {
		s.from = from
	}
	s.to = to
	s.sent = append(s.sent, records...)
	s.until = append(s.until, moment{now, len(s.sent)})
	return nil
}

// next is a record of about that time. Of a hundred, sixty are requests and forty are product events; one of them waited on a
// node that was cut off for half an hour, and one is of a device whose clock is half an hour fast.
func (s *sending) next(at time.Time) (producer.Record, error) {
	const aside = 30 * time.Minute
	switch of := s.random.IntN(100); {
	case of == 0:
		return s.source.AccessLog(at.Add(-aside))
	case of == 1:
		return s.source.ProductEvent(at.Add(aside), at)
	case of < 60:
		return s.source.AccessLog(at)
	default:
		return s.source.ProductEvent(at, at)
	}
}

func (s *sending) records() []producer.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// arrival is when a record that was sent arrived.
func (s *sending) arrival(record producer.Record) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.arrived[record.ID]
}

// middle is in the middle of the times of what was sent.
func (s *sending) middle() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.from.Add(s.to.Sub(s.from) / 2)
}

// neededFor is how many records have to be counted before a window of that end is whole: those that were sent until then, and
// all for a window that was over before the first was sent.
func (s *sending) neededFor(end time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	needed := s.options.total()
	for _, m := range s.until {
		if m.at.After(end) {
			break
		}
		needed = m.sent
	}
	return needed
}

// total is how many records are to be sent.
func (o Options) total() int {
	if o.Records > 0 {
		return o.Records
	}
	return int(o.For.Seconds()) * o.PerSecond
}

func (o Options) String() string {
	if o.Records > 0 {
		return fmt.Sprintf("%d at once, of the last %s", o.Records, past)
	}
	return fmt.Sprintf("%d a second, for %s", o.PerSecond, o.For)
}
