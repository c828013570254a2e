package metricspec

import (
	"encoding/json"
	"regexp"

	"example.com/log-pipeline/internal/fault"
)

// location is where in the spec something stands, as in metrics[1].filter.all[0].field. The spec as a whole has the empty path.
type location struct {
	path fault.Path
	// in is the object or list that it lies in; nil for the spec as a whole.
	in *location
}

var wordOnly = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// key is the location of an object's key: fields.app, or fields["a.b"].
func (l *location) key(name string) *location {
	if wordOnly.MatchString(name) {
		return &location{l.path.Field(name), l}
	}
	// JSON rather than Go, so that others can write it too. A string always has JSON.
	quoted, _ := json.Marshal(name)
	return &location{l.path + "[" + fault.Path(quoted) + "]", l}
}

// index is the location of a list's element.
func (l *location) index(i int) *location { return &location{l.path.Index(i), l} }
