package metricspec

import (
	"bytes"

	"encoding/json"
)

// stateFormat is raised when the job keeps its state in another way for the same spec.
const stateFormat = 1

// Resolved is the spec as the jobs read it: JSON with every default filled in, keys sorted, indented by two spaces. [Parse]
// reads it too.
func (s *Spec) Resolved() []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(sorted(s)) // what JSON was made of has JSON
	return out.Bytes()
}

// sorted is a value as maps, whose keys JSON sorts.
func sorted(value any) any {
	text, _ := json.Marshal(value) // a spec has strings, numbers that are finite, and booleans
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain any
	_ = decoder.Decode(&plain)
	return plain
}
