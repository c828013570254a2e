package firstmile

// A shard's limits: docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const (
	shardRecords = 1_000
	shardBytes   = 1_000_000
)

// stream has its shards.
type stream []shard

// shard is what it can take at a moment, and at most what it takes in a second.
type shard struct{ records, bytes, at float64 }

func newStream(shards int) stream {
	st := make(stream, shards)
	for i := range st {
		st[i] = shard{records: shardRecords, bytes: shardBytes}
	}
	return st
}

// put is PutRecords: it gives back the records that it refuses.
func (st stream) put(s *simulation, batch []uint16) []uint16 {
	if in(s.config.Stream.Refusing, s.now) {
		return batch
	}
	size := float64(s.config.RecordBytes)
	refused := batch[:0]
	for _, of := range batch {
		sh := &st[of]
		if passed := s.now - sh.at; passed > 0 {
			sh.records = min(shardRecords, sh.records+passed*shardRecords)
			sh.bytes = min(shardBytes, sh.bytes+passed*shardBytes)
			sh.at = s.now
		}
		if sh.records < 1 || sh.bytes < size {
			refused = append(refused, of)
			continue
		}
		sh.records--
		sh.bytes -= size
	}
	return refused
}
