package metrics_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/tests/mocks"
)

// starts does what the job does first, in Python alone: it reads its arguments, the published document and the spec.
const starts = `
import json, sys
given = json.load(sys.stdin)
sys.path.insert(0, given["wheel"])
from log_pipeline_metrics import arguments, published, spec
names = arguments.names([word for pair in given["arguments"].items() for word in pair])
read = arguments.parse({name: given["arguments"]["--" + name] for name in names})
print(json.dumps({
    "database": read.database, "role": read.role_arn, "trigger": read.trigger_seconds,
    "end": published.reason_to_end(given["published"].encode(), read.version),
    "metrics": len(spec.read(json.loads(given["spec"])).metrics),
}))
`

// Both sides of the contract: what the component says is what the code in the wheel reads.
func TestTheCodeReadsWhatTheComponentSays(t *testing.T) {
	args := minimal()
	args.Stream.RoleARN = "arn:aws:iam::222222222222:role/reader"
	recording, err := create(args)
	require.NoError(t, err)
	arguments := maps.Clone(recording.Named(t, "metrics-job").Get("defaultArguments").(map[string]any))
	arguments["--JOB_NAME"] = "metrics-job-0a1b2c3" // Glue says it
	given, err := json.Marshal(map[string]any{
		"wheel": wheelFile(t, recording.Named(t, "metrics-wheel")), "arguments": arguments,
		"published": recording.Named(t, "metrics-published").Get("content"), "spec": recording.Named(t, "metrics-spec").Get("content"),
	})
	require.NoError(t, err)

	var read struct {
		Database, Role, End string
		Trigger, Metrics    int
	}
	require.NoError(t, json.Unmarshal(python(t, starts, given), &read))
	assert.Equal(t, "team_a_metrics", read.Database)
	assert.Equal(t, "arn:aws:iam::222222222222:role/reader", read.Role)
	assert.Empty(t, read.End, "the version that is published runs")
	assert.Equal(t, 60, read.Trigger)
	assert.Len(t, args.Spec.Metrics, read.Metrics)
}

// reads has the batch read its arguments as spark-submit passes them on.
const reads = `
import dataclasses, json, sys
given = json.load(sys.stdin)
sys.path.insert(0, given["wheel"])
from log_pipeline_metrics import batch_arguments
print(json.dumps(dataclasses.asdict(batch_arguments.parse(given["arguments"])), default=str))
`

func TestTheBatchReadsWhatTheComponentSays(t *testing.T) {
	args := minimalBatch()
	var asked startJobRun
	require.NoError(t, json.Unmarshal([]byte(batchOutputs(t, args)["recount"]), &asked))
	arguments := strings.Join(asked.JobDriver.SparkSubmit.EntryPointArguments, "\n")
	arguments = strings.NewReplacer("\n"+metrics.RecountFrom, "\n2026-11-25", "\n"+metrics.RecountTo, "\n2026-11-26T12:00Z").Replace(arguments)
	given, err := json.Marshal(map[string]any{"wheel": wheelFile(t, upBatch(t, nil).Named(t, "batch-wheel")), "arguments": strings.Split(arguments, "\n")})
	require.NoError(t, err)
	var read map[string]any
	require.NoError(t, json.Unmarshal(python(t, reads, given), &read))
	assert.Equal(t, "s3://raw-0a1b2c3/logs/", read["raw"])
	assert.Equal(t, "team_a_metrics", read["database"])
	assert.EqualValues(t, 6, read["lateness_hours"])
	assert.EqualValues(t, 3600, read["settle_seconds"])
	assert.Equal(t, "2026-11-25 00:00:00+00:00", read["first"])
	assert.Equal(t, "2026-11-26 12:00:00+00:00", read["end"])
}

// wheelFile is a file with the wheel of an object.
func wheelFile(t *testing.T, object mocks.Resource) string {
	t.Helper()
	wheel, err := base64.StdEncoding.DecodeString(object.Get("contentBase64").(string))
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), path.Base(object.Get("key").(string)))
	require.NoError(t, os.WriteFile(file, wheel, 0o600))
	return file
}

// python is what a program says of what it is given.
func python(t *testing.T, program string, given []byte) []byte {
	t.Helper()
	command := exec.Command("python3", "-c", program)
	command.Stdin = bytes.NewReader(given)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	said, err := command.Output()
	require.NoError(t, err, stderr.String())
	return said
}

func TestTheWheelIsOfTheProject(t *testing.T) {
	text, err := os.ReadFile("spark/pyproject.toml")
	require.NoError(t, err)
	setting := func(name string) string {
		found := regexp.MustCompile(`(?m)^` + name + ` = "(.*)"$`).FindSubmatch(text)
		require.NotNil(t, found, name)
		return string(found[1])
	}
	name, content, err := metrics.Wheel()
	require.NoError(t, err)
	assert.Equal(t, "log_pipeline_metrics-"+setting("version")+"-py3-none-any.whl", name)
	files := unzip(t, content)
	metadata := files["log_pipeline_metrics-"+setting("version")+".dist-info/METADATA"]
	assert.Contains(t, metadata, "\nName: "+setting("name")+"\n")
	assert.Contains(t, metadata, "\nRequires-Python: "+setting("requires-python")+"\n")

	var modules []string
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(file) == ".py" {
			modules = append(modules, file)
		}
	}
	sources, err := filepath.Glob("spark/src/log_pipeline_metrics/*.py")
	require.NoError(t, err)
	for i, source := range sources {
		sources[i] = "log_pipeline_metrics/" + filepath.Base(source)
	}
	assert.Equal(t, sources, modules)
}
