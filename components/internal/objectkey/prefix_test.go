package objectkey_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/fault"
)

func TestPrefix(t *testing.T) {
	for _, good := range []string{"logs/", "a/b=1/c.d-e_f/", "0/", strings.Repeat("a", 399) + "/"} {
		assert.Empty(t, objectkey.Prefix.Check("Prefix", good), good)
	}
	for _, bad := range []string{"", "logs", "/logs/", "a//b/", "_a/", ".a/", "*/", "!{timestamp:yyyy}/", "a b/", strings.Repeat("a", 400) + "/"} {
		assert.ErrorContains(t, objectkey.Prefix.Check("Prefix", bad), "Prefix: not allowed", bad)
	}
}

func TestPrefixesOfOneBucketAreApart(t *testing.T) {
	apart := func(a, b string) fault.List {
		return objectkey.Check(objectkey.Field{Path: "A", Prefix: a}, objectkey.Field{Path: "B", Prefix: b})
	}
	assert.Empty(t, apart("logs/", "errors/"))
	assert.Empty(t, apart("logs/", "logs2/"))
	for _, pair := range [][2]string{{"logs/", "logs/"}, {"logs/", "logs/errors/"}, {"logs/errors/", "logs/"}} {
		faults := apart(pair[0], pair[1])
		require.EqualError(t, faults, `B: overlaps A "`+pair[0]+`" (given: "`+pair[1]+`"); allowed: a prefix of which none lies in another`)
		assert.Equal(t, []fault.Path{"A"}, faults[0].Reads)
	}
}
