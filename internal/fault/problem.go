package fault

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is words with values in them.
type Problem struct {
	format string
	args   []any
}

// Problemf says what is wrong, as [fmt.Sprintf] would write it. A [Path] among args, written with %s, is called what the
// setting is called where the fault is shown. All other args may quote what somebody has given, and are left out where that
// is secret: what may always be shown belongs in format.
func Problemf(format string, args ...any) Problem {
	if false { // lets go vet check the verbs
		_ = fmt.Sprintf(format, args...)
	}
	return Problem{format: format, args: args}
}

func (p Problem) String() string { return fmt.Sprintf(p.format, p.args...) }

// renamed has other paths.
func (p Problem) renamed(name func(Path) Path) Problem {
	args := make([]any, len(p.args))
	for i, arg := range p.args {
		args[i] = arg
		if path, ok := arg.(Path); ok {
			args[i] = name(path)
		}
	}
	return Problem{format: p.format, args: args}
}

// hidden has no values, but paths.
func (p Problem) hidden() Problem {
	args := make([]any, len(p.args))
	for i, arg := range p.args {
		args[i] = Hidden
		if path, ok := arg.(Path); ok {
			args[i] = path
		}
	}
	return Problem{format: p.format, args: args}
}

// Of is the problem as that of a part, which the words before it name.
func (p Problem) Of(format string, args ...any) Problem {
	return Problem{format: format + p.format, args: append(args, p.args...)}
}

// And is the problem with more words after it, written as [Problemf] takes them.
func (p Problem) And(format string, args ...any) Problem {
	if false { // lets go vet check the verbs
		_ = fmt.Sprintf(format, args...)
	}
	return Problem{format: p.format + format, args: slices.Concat(p.args, args)}
}

// Hidden stands for a value that is not to be shown, whatever verb it is printed with.
var Hidden any = hiddenValue{}

type hiddenValue struct{}

func (hiddenValue) Format(state fmt.State, _ rune) {
	_, _ = strings.NewReader("[secret]").WriteTo(state)
}

// Hide leaves out every value: the given one, those in the problem's words, and the nearest. Of a file it leaves its name out,
// and the names in it.
func (f Fault) Hide() Fault {
	f.Problem, f.Nearest = f.Problem.hidden(), ""
	if !f.Place.IsZero() {
		f.Place, f.Allowed = Place{File: fmt.Sprint(Hidden), Line: f.Place.Line}, ""
	}
	if f.Given != nil {
		f.Given = Hidden
	}
	return f
}
