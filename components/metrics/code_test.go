package metrics_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/internal/metricspec"
)

func objectNames() []string { return []string{"metrics-wheel", "metrics-script", "metrics-spec"} }

func TestObjectsAreNamedByTheirContentAndStay(t *testing.T) {
	before, after := up(t, nil), up(t, func(a *metrics.Args) {
		a.Spec = spec(func(s *metricspec.Spec) { s.TimeZone = "Europe/Berlin" })
	})
	for _, name := range objectNames() {
		object := before.Named(t, name)
		assert.Regexp(t, `^metrics/[0-9a-f]{16}/[a-z0-9_.-]+$`, object.Get("key"))
		assert.True(t, object.RetainOnDelete, "a run that goes on needs it")
	}
	assert.NotEqual(t, before.Named(t, "metrics-spec").Get("key"), after.Named(t, "metrics-spec").Get("key"))
	assert.Equal(t, before.Named(t, "metrics-wheel").Get("key"), after.Named(t, "metrics-wheel").Get("key"))
}

// S3 takes ten tags on an object, and a stack may have forty.
func TestObjectsAreEncryptedAndHaveNoTags(t *testing.T) {
	recording := up(t, nil)
	for _, name := range append(objectNames(), "metrics-published") {
		object := recording.Named(t, name)
		assert.Equal(t, "aws:kms", object.Get("serverSideEncryption"), name)
		assert.Equal(t, keyARN, object.Get("kmsKeyId"), name)
		assert.Equal(t, true, object.Get("bucketKeyEnabled"), name)
		assert.Equal(t, map[string]any{"defaultTags": map[string]any{"tags": map[string]any{}}}, object.Get("overrideProvider"), name)
	}
}

func TestTheWheelHasThePackageAndTheScriptCallsIt(t *testing.T) {
	recording := up(t, nil)
	wheel := recording.Named(t, "metrics-wheel")
	assert.Regexp(t, `/log_pipeline_metrics-[0-9.]+-py3-none-any\.whl$`, wheel.Get("key"), "pip reads the name")
	content, err := base64.StdEncoding.DecodeString(wheel.Get("contentBase64").(string))
	require.NoError(t, err)
	assert.Contains(t, unzip(t, content), "log_pipeline_metrics/streaming.py")
	assert.Contains(t, recording.Named(t, "metrics-script").Get("content"), "from log_pipeline_metrics.streaming import main")
}

// unzip returns the files of an archive: their contents by their names.
func unzip(t *testing.T, content []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range archive.File {
		file, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(file)
		require.NoError(t, err)
		files[f.Name] = string(text)
	}
	return files
}
