package fault

import "strconv"

// Place is where in a file something is wrong, for a fault of the setting that names the file.
type Place struct {
	// File is what the file is called.
	File string
	// Line is counted from 1; 0 where none is to blame.
	Line int
	// Path is of what is at fault in the file; empty for the file as a whole.
	Path Path
}

// IsZero says that the fault is in no file.
func (p Place) IsZero() bool { return p == Place{} }

// String is the place as compilers write it, which editors and terminals make a link of: metrics.yaml:12.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}
