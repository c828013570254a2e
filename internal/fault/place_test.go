package fault_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
)

func TestAFaultInAFileTellsItsPlace(t *testing.T) {
	f := fault.Fault{
		Place: fault.Place{File: "metrics.yaml", Line: 12, Path: `fields["a.b"].type`},
		Given: "text", Problem: fault.Problemf("not allowed"), Nearest: "string", Allowed: "string or integer",
	}
	assert.Equal(t, `metrics.yaml:12: fields["a.b"].type: not allowed (given: "text"); nearest: string; allowed: string or integer`, f.String())

	f.Reads = []fault.Path{"Hours"}
	found := fault.List{f}.From(fault.Sources{"": fault.From("metrics.file"), "Hours": fault.From("stream.hours")})
	require.Len(t, found, 1)
	assert.Equal(t, []fault.Path{"metrics.file", "stream.hours"}, found[0].About())
	assert.Equal(t, `metrics.file: `+f.String(), found[0].String())
	assert.Equal(t, `metrics.file: [secret]:12: not allowed (given: [secret])`, found[0].Hide().String())

	whole := fault.Fault{Path: "metrics.file", Place: fault.Place{File: "a\nb"}, Problem: fault.Problemf("empty")}
	assert.Equal(t, `metrics.file: "a\nb": empty`, whole.String(), "on one line")
}

func TestNearestOf(t *testing.T) {
	names := []string{"count", "sum", "distinct"}
	assert.Equal(t, "distinct", fault.NearestOf("distict", names))
	assert.Equal(t, "count", fault.NearestOf("COUNT", names))
	assert.Empty(t, fault.NearestOf("average", names), "nothing that anybody meant")
	assert.Empty(t, fault.NearestOf("x", nil))
}
