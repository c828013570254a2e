package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

const stackOutputs = `{
	"region": "eu-west-1", "batchApplicationId": "00f1", "batchLogGroup": "/emr/batch",
	"batchRecount": "{\"applicationId\": \"00f1\", \"jobDriver\": {\"sparkSubmit\": {\"entryPoint\": \"s3://a/batch.py\", \"entryPointArguments\": [\"--version\", \"1\", \"--from\", \"FROM\", \"--to\", \"TO\"]}}}"
}`

// programs stand in for pulumi and aws, and keep what they were asked.
type programs struct {
	outputs string
	asked   [][]string
}

func (p *programs) do(_ context.Context, name string, arguments ...string) ([]byte, error) {
	p.asked = append(p.asked, append([]string{name}, arguments...))
	switch name {
	case "pulumi":
		return []byte(p.outputs), nil
	case "aws":
		return []byte(`{"applicationId": "00f1", "jobRunId": "00r7"}`), nil
	}
	return nil, errors.New("no such program: " + name)
}

func recount(t *testing.T, outputs string, arguments ...string) (*programs, string, error) {
	t.Helper()
	p, out := &programs{outputs: outputs}, &bytes.Buffer{}
	err := run(t.Context(), arguments, now, p.do, out)
	return p, out.String(), err
}

func TestADayIsCountedAgain(t *testing.T) {
	p, said, err := recount(t, stackOutputs, "-stack", "prod", "-from", "2026-11-25", "-to", "2026-11-26T06:30Z")
	require.NoError(t, err)
	assert.Equal(t, []string{"pulumi", "stack", "output", "--json", "--stack", "prod"}, p.asked[0])
	require.Len(t, p.asked, 2)
	asked := p.asked[1]
	assert.Equal(t, []string{"aws", "emr-serverless", "start-job-run", "--region", "eu-west-1", "--output", "json", "--cli-input-json"}, asked[:len(asked)-1])
	var request map[string]any
	require.NoError(t, json.Unmarshal([]byte(asked[len(asked)-1]), &request))
	assert.Equal(t, map[string]any{
		"applicationId": "00f1",
		"jobDriver": map[string]any{"sparkSubmit": map[string]any{
			"entryPoint":          "s3://a/batch.py",
			"entryPointArguments": []any{"--version", "1", "--from", "2026-11-25T00:00Z", "--to", "2026-11-26T06:30Z"},
		}},
	}, request)
	assert.Contains(t, said, "Run 00r7 counts 2026-11-25T00:00Z to 2026-11-26T06:30Z again")
	assert.Contains(t, said, "aws logs tail /emr/batch --region eu-west-1")
}

func TestWhatIsLostMayBeAccepted(t *testing.T) {
	p, _, err := recount(t, stackOutputs, "-stack", "prod", "-from", "2026-11-25", "-to", "2026-11-26", "-accept-missing")
	require.NoError(t, err)
	assert.Contains(t, p.asked[1][len(p.asked[1])-1], `"--to","2026-11-26T00:00Z","--missing","accept"`)
}

func TestBadRangesStartNothing(t *testing.T) {
	for name, c := range map[string]struct {
		arguments []string
		want      []string
	}{
		"nothing": {nil, []string{"-stack is not set", "-from is not set", "-to is not set"}},
		"no time": {
			[]string{"-stack", "prod", "-from", "yesterday", "-to", "2026-11-26 06:30"},
			[]string{`-from is "yesterday", must be a day such as 2026-11-25`, `-to is "2026-11-26 06:30", must be`},
		},
		"in the future":   {[]string{"-stack", "prod", "-from", "2026-11-25", "-to", "2026-11-28"}, []string{"-to is 2026-11-28T00:00Z, must not be in the future: it is 2026-11-27T12:00Z"}},
		"the wrong way":   {[]string{"-stack", "prod", "-from", "2026-11-26", "-to", "2026-11-25"}, []string{"-from is 2026-11-26T00:00Z, must be before -to"}},
		"nothing between": {[]string{"-stack", "prod", "-from", "2026-11-26", "-to", "2026-11-26"}, []string{"must be before -to"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, _, err := recount(t, stackOutputs, c.arguments...)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			assert.Empty(t, p.asked)
		})
	}
}

func TestAStackWithoutABatchIsSaidToHaveNone(t *testing.T) {
	p, _, err := recount(t, `{"region": "eu-west-1"}`, "-stack", "dev", "-from", "2026-11-25", "-to", "2026-11-26")
	require.EqualError(t, err, "stack dev: it has no output batchRecount, and so no batch")
	assert.Len(t, p.asked, 1)
}
