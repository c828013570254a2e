package rendering_test

import (
	"strconv"
	"strings"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/tests/operator/rendering"
)

func bufferSettings() []setting {
	buffer := func(field string) change { return without("ClusterOutput", "spec", "kinesisStream", "buffer", field) }
	return []setting{
		{
			"buffers are files on the volume",
			func(t assert.TestingT, p *pipeline) {
				volume := mount(t, p.StatefulSet.Spec.Template.Spec, "fluentd", p.claim().Name)
				for _, b := range p.buffers() {
					assert.Equal(t, "file", b.Settings["@type"])
					if file, set := b.Settings["path"]; set {
						assert.True(t, strings.HasPrefix(file, volume+"/"), file)
					} else {
						assert.Equal(t, volume, p.system()["root_dir"])
					}
				}
			},
			with("memory", "ClusterOutput", "spec", "kinesisStream", "buffer", "type"),
		},
		{
			"root_dir is on the volume",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, mount(t, p.StatefulSet.Spec.Template.Spec, "fluentd", p.claim().Name), p.system()["root_dir"])
			},
			with("/tmp", "Logging", "spec", "fluentd", "rootDir"),
		},
		{
			// gh:fluent/fluentd lib/fluent/plugin/buf_file.rb: with several workers, a path that is a file's is refused, and without
			// one the buffer is at root_dir/worker<n>/<id>.
			"several workers have a folder each",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, strconv.Itoa(p.args.Aggregator.Workers), p.system()["workers"])
				ids := make(map[string]bool)
				for _, output := range p.delivering() {
					b := output.Sections[bufferOf(output)]
					_, hasPath := b.Settings["path"]
					assert.Equal(t, p.args.Aggregator.Workers == 1, hasPath)
					id := output.Settings["@id"]
					assert.NotEmpty(t, id)
					assert.False(t, ids[id], "two buffers at one place: %s", id)
					ids[id] = true
				}
				assert.GreaterOrEqual(t, len(ids), 3, "an output, the error flow's and the default flow's")
			},
			with(1.0, "Logging", "spec", "fluentd", "workers"),
		},
		{
			"chunks hold a tag, or an hour of S3",
			func(t assert.TestingT, p *pipeline) {
				for _, output := range p.delivering() {
					want := "tag"
					if output.Settings["@type"] == "s3" {
						want = "time"
					}
					assert.Equal(t, want, output.Sections[bufferOf(output)].Argument)
				}
			},
			buffer("tags"),
		},
		{"buffers are flushed by interval", everyBuffer("flush_mode", "interval"), buffer("flush_mode")},
		{
			"the interval is the one that was planned, and longer where it makes objects",
			func(t assert.TestingT, p *pipeline) {
				wanted := map[string]string{"": "7s", "raw-bucket": "90s", "failed-bucket": "300s"}
				for _, output := range p.delivering() {
					got := output.Sections[bufferOf(output)].Settings["flush_interval"]
					assert.Equal(t, wanted[output.Settings["s3_bucket"]], got)
				}
			},
			buffer("flush_interval"),
		},
		{"as many threads flush as were planned", everyBuffer("flush_thread_count", "6"), buffer("flush_thread_count")},
		{"a full buffer blocks", everyBuffer("overflow_action", "block"), buffer("overflow_action")},
		{"a buffer is flushed when Fluentd ends", everyBuffer("flush_at_shutdown", "true"), buffer("flush_at_shutdown")},
		{"chunks are of the size that was planned", everyBuffer("chunk_limit_size", "4m"), buffer("chunk_limit_size")},
		{
			"no retry is the last",
			func(t assert.TestingT, p *pipeline) {
				everyBuffer("retry_forever", "true")(t, p)
				for _, b := range p.buffers() {
					assert.NotContains(t, b.Settings, "retry_timeout")
					assert.NotContains(t, b.Settings, "retry_max_times")
				}
			},
			with(false, "ClusterOutput", "spec", "kinesisStream", "buffer", "retry_forever"),
		},
		{
			"the volume holds all that buffers may take",
			func(t assert.TestingT, p *pipeline) {
				workers, _ := strconv.Atoi(p.system()["workers"])
				total := 0
				for _, b := range p.buffers() {
					limit, ok := strings.CutSuffix(b.Settings["total_limit_size"], "m")
					assert.True(t, ok, "total_limit_size %q", b.Settings["total_limit_size"])
					mebibytes, _ := strconv.Atoi(limit)
					total += mebibytes * workers
				}
				disk := p.diskBytes() >> 20
				assert.LessOrEqual(t, int64(total), disk*9/10, "a file system that is full breaks chunks")
				assert.Greater(t, int64(total), disk/2, "and what is paid for is used")
			},
			buffer("total_limit_size"),
		},
	}
}

// everyBuffer checks a setting of all buffers, those of the error flow and the default flow too.
func everyBuffer(name, want string) func(assert.TestingT, *pipeline) {
	return func(t assert.TestingT, p *pipeline) {
		assert.NotEmpty(t, p.buffers())
		for _, b := range p.buffers() {
			assert.Equal(t, want, b.Settings[name])
		}
	}
}

func (p *pipeline) buffers() []*rendering.Section {
	var buffers []*rendering.Section
	for b := range p.fluentd.All("buffer") {
		buffers = append(buffers, b)
	}
	return buffers
}

// bufferOf is the index of an output's buffer.
func bufferOf(output *rendering.Section) int {
	for i, section := range output.Sections {
		if section.Name == "buffer" {
			return i
		}
	}
	return -1
}

// system are the settings of <system>.
func (p *pipeline) system() map[string]string { return p.fluentd.Child("system", "").Settings }
