package metricspec

import "example.com/log-pipeline/internal/fault"

// Place is where in the file of the spec a setting stands, or what it lies in where it is not given. It is for faults that
// others find in the spec.
func (s *Spec) Place(path fault.Path) fault.Place {
	at := path
	for at != "" && s.lines[at] == 0 {
		at = at.Parent()
	}
	return fault.Place{File: s.file, Line: s.lines[at], Path: path}
}
