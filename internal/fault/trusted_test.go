package fault_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
)

func at(path fault.Path, reads ...fault.Path) fault.Fault {
	return fault.Fault{Path: path, Problem: fault.Problemf("not allowed"), Reads: reads}
}

func paths(list fault.List) []fault.Path {
	var paths []fault.Path
	for _, f := range list {
		paths = append(paths, f.Path)
	}
	return paths
}

func TestTrusted(t *testing.T) {
	for name, test := range map[string]struct {
		list fault.List
		want []fault.Path
	}{
		"none":                      {nil, nil},
		"independent":               {fault.List{at("A"), at("B")}, []fault.Path{"A", "B"}},
		"what it reads is good":     {fault.List{at("A", "C"), at("B")}, []fault.Path{"A", "B"}},
		"what it reads is at fault": {fault.List{at("A", "B"), at("B")}, []fault.Path{"B"}},
		"a part of what it reads":   {fault.List{at("A", "B"), at("B[1].C")}, []fault.Path{"B[1].C"}},
		"one that begins alike":     {fault.List{at("A", "B"), at("Bc")}, []fault.Path{"A", "Bc"}},
		"a read one is not trusted": {fault.List{at("C"), at("B", "C"), at("A", "B")}, []fault.Path{"C", "A"}},
		"each reads the other":      {fault.List{at("A", "B"), at("B", "A")}, []fault.Path{"A"}},
		"it reads itself":           {fault.List{at("A", "A")}, []fault.Path{"A"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, paths(test.list.Trusted())) })
	}
}

func TestRequired(t *testing.T) {
	rule := fault.Between(1, 3)
	assert.Empty(t, fault.Required("A", 2, rule))
	require.EqualError(t, fault.Required("A", 0, rule), "A: not set, but required; allowed: an integer from 1 to 3")
	assert.EqualError(t, fault.Required("A", 4, rule), `A: out of range (given: "4"); allowed: an integer from 1 to 3`)
}

func TestNearestOfARule(t *testing.T) {
	rule := fault.Between(1, 3)
	rule.Nearest = func(n int) string { return strconv.Itoa(min(max(n, 1), 3)) }
	assert.Empty(t, rule.Check("A", 3))
	assert.EqualError(t, rule.Check("A", 9), `A: out of range (given: "9"); nearest: 3; allowed: an integer from 1 to 3`)
}
