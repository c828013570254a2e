package metricspec

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// stateFormat is raised when the job keeps its state in another way for the same spec.
const stateFormat = 1

// hashLength is in hex digits.
const hashLength = 12

// Resolved is the spec as the jobs read it: JSON with every default filled in, keys sorted, indented by two spaces. [Parse]
// reads it too.
func (s *Spec) Resolved() []byte { return encoded(s, "  ") }

// encoded is a value as JSON, with its keys sorted and a new line at its end.
func encoded(value any, indent string) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	_ = encoder.Encode(plainly(value)) // what JSON was made of has JSON
	return out.Bytes()
}

// plainly is a value as maps, whose keys JSON sorts.
func plainly(value any) any {
	text, _ := json.Marshal(value) // there are only texts, numbers that are finite, and booleans
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain any
	_ = decoder.Decode(&plain)
	return plain
}

// StateHash is 12 hex digits that differ where the jobs' state does: by what decides which events count, in which order their
// columns come, and how they are aggregated. A checkpoint is for one hash. Descriptions, units, ratios, cardinality and the
// time zone shape no state.
func (s *Spec) StateHash() string {
	sum := sha256.Sum256(encoded(s.state(), ""))
	return hex.EncodeToString(sum[:])[:hashLength]
}

// state is what shapes the state.
func (s *Spec) state() any {
	type field struct {
		Type Type
		Path []string
	}
	type metric struct {
		Name      string
		Aggregate Aggregate
		Field     string
		Filter    *Filter
	}
	type set struct {
		Dimensions []string
		Metrics    []metric
	}
	fields := map[string]field{}
	for name := range s.used() {
		fields[name] = field{s.Fields[name].Type, s.Fields[name].Path}
	}
	var sets []set
	for _, from := range s.Sets() {
		to := set{Dimensions: from.Dimensions}
		for _, m := range from.Metrics {
			to.Metrics = append(to.Metrics, metric{m.Name, m.Aggregate, m.Field, m.Filter})
		}
		sets = append(sets, to)
	}
	return map[string]any{
		"stateFormat": stateFormat,
		"window":      s.Window, "lateness": s.Lateness, "skew": s.Skew, "maxRecordBytes": s.MaxRecordBytes,
		"eventTime": s.EventTime, "fields": fields, "sets": sets,
	}
}
