package naming_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/naming"
)

func TestWithOwnTags(t *testing.T) {
	extra := map[string]string{"Team": "data", "Stack": "forged"}
	assert.Equal(t,
		map[string]string{"Team": "data", "Project": "p", "Stack": "s", "ManagedBy": "pulumi"},
		naming.WithOwnTags("p", "s", extra))
	assert.Equal(t, "forged", extra["Stack"], "the caller's map stays as it is")
	assert.Len(t, naming.WithOwnTags("p", "s", nil), 3)
}

func TestOwnTagsAreThoseThatWithOwnTagsSets(t *testing.T) {
	assert.ElementsMatch(t, naming.OwnTags(), slices.Collect(maps.Keys(naming.WithOwnTags("p", "s", nil))))
}

// many are n tags.
func many(n int) map[string]string {
	tags := map[string]string{}
	for i := range n {
		tags[fmt.Sprint("tag", i)] = "a"
	}
	return tags
}

func TestTagsThatAreTaken(t *testing.T) {
	for name, tags := range map[string]map[string]string{
		"none": nil, "as many as allowed": many(40), "all characters": {"Team ä/1_.:=+-@": "é 2", "empty value": ""},
		"longest": {strings.Repeat("ä", 128): strings.Repeat("é", 256)}, "aws within": {"is-aws:": "a"},
	} {
		assert.Empty(t, naming.Tags.Check("tags", tags), name)
	}
}

func TestTagsThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		tags map[string]string
		want string
	}{
		"too many":              {many(41), "41 tags are too many"},
		"reserved":              {map[string]string{"AWS:a": "b"}, `the key "AWS:a" is reserved by AWS`},
		"the program's own":     {map[string]string{"Stack": "b"}, `the key "Stack" is the program's own Stack`},
		"own in other spelling": {map[string]string{"managedby": "b"}, `the key "managedby" is the program's own ManagedBy`},
		"twice":                 {map[string]string{"Team": "a", "team": "b"}, `the keys "Team" and "team" differ only in case, which IAM refuses`},
		"no key":                {map[string]string{"": "b"}, `the key "" is not allowed`},
		"characters of a key":   {map[string]string{"a*": "b"}, `the key "a*" is not allowed`},
		"long key":              {map[string]string{strings.Repeat("a", 129): "b"}, `the key "aaa`},
		"characters of a value": {map[string]string{"a": "b;"}, `the value of "a" is not allowed`},
		"long value":            {map[string]string{"a": strings.Repeat("b", 257)}, `the value of "a" is not allowed`},
		"line break in a value": {map[string]string{"a": "b\n"}, `the value of "a" is not allowed`},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ErrorContains(t, naming.Tags.Check("tags", test.tags), "tags: "+test.want)
		})
	}
}
