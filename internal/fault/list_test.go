package fault_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
)

func TestInListQuotesTheElementsAndBlamesTheList(t *testing.T) {
	faults := fault.OneOf("a", "b").InList("Args.Names", []string{"a", "x", "b", "y z"})
	require.Len(t, faults, 2)
	assert.Equal(t, `Args.Names: "x": not allowed; allowed: a or b`, faults[0].String())
	assert.Equal(t, `Args.Names: "y z": not allowed; allowed: a or b`, faults[1].String())
	assert.Equal(t, "Args.Names: [secret]: not allowed; allowed: a or b", faults[1].Hide().String())
}

func TestListsAndObjectsAreShownAsJSON(t *testing.T) {
	given := func(value any) string {
		return fault.Fault{Path: "A", Problem: fault.Problemf("wrong"), Given: value}.String()
	}
	assert.Equal(t, `A: wrong (given: "[\"a b\",\"c\"]")`, given([]string{"a b", "c"}))
	assert.Equal(t, `A: wrong (given: "{\"a\":\"b c\"}")`, given(map[string]string{"a": "b c"}))
}
