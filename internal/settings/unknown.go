package settings

import (
	"strings"

	"github.com/agext/levenshtein"

	"example.com/log-pipeline/internal/fault"
)

const (
	// elsewhere is what a key of another section must be more alike to be the nearest.
	elsewhere = 0.1
	// meant is how alike a key must be to count as the one that was meant.
	meant = 0.6
)

// unknown reports a key that nothing reads, with the one that was probably meant, which counts as at fault too. The
// value is not shown: it may be a secret.
func (d *decoder) unknown(s *Section, path fault.Path, name string) {
	nearest, most := fault.Path(""), -1.0
	for _, f := range s.fields {
		if alike := likeness(name, f.name); alike > most {
			nearest, most = path.Field(f.name), alike
		}
	}
	d.root.walk("", func(at fault.Path, f *Field) {
		at = in(path, at)
		// Somebody may have written the whole path as one word.
		joined := strings.ReplaceAll(string(at), ".", "")
		if alike := max(likeness(name, f.name)-elsewhere, likeness(name, joined)); alike > most {
			nearest, most = at, alike
		}
	})
	d.fault(path.Field(name), fault.Problemf("unknown key; the nearest is %s", nearest))
	if most >= meant {
		d.mistaken = append(d.mistaken, nearest)
	}
}

// in is a declared setting in the same element of a list as a path, where it lies in that list.
func in(path, declared fault.Path) fault.Path {
	list, rest, inList := strings.Cut(string(path), "[")
	index, _, _ := strings.Cut(rest, "]")
	if inner, same := strings.CutPrefix(string(declared), list+"[]"); inList && same {
		return fault.Path(list + "[" + index + "]" + inner)
	}
	return declared
}

// likeness is 0 to 1 for two names, whatever the case. A common beginning counts extra, so that retention is retentionHours.
func likeness(a, b string) float64 {
	return levenshtein.Match(strings.ToLower(a), strings.ToLower(b), levenshtein.NewParams().BonusThreshold(0))
}
