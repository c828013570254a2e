package rendering_test

import (
	"path"
	"strings"

	"github.com/stretchr/testify/assert"
)

func agentSettings() []setting {
	const agent = "FluentbitAgent"
	return []setting{
		{
			"the agent buffers in files",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, "filesystem", p.agentPart("INPUT")["storage.type"])
			},
			without(agent, "spec", "inputTail", "storage.type"),
		},
		{
			"the agent's files outlive its pod",
			func(t assert.TestingT, p *pipeline) {
				folders := hostFolders(p.DaemonSet, "fluent-bit")
				assert.Contains(t, folders, p.agentPart("SERVICE")["storage.path"])
			},
			without(agent, "spec", "bufferStorageVolume"),
		},
		{
			"the agent's positions outlive its pod",
			func(t assert.TestingT, p *pipeline) {
				folders := hostFolders(p.DaemonSet, "fluent-bit")
				positions := path.Dir(p.agentPart("INPUT")["db"])
				assert.Contains(t, folders, positions)
				assert.NotEqual(t, folders[positions], folders[p.agentPart("SERVICE")["storage.path"]])
			},
			without(agent, "spec", "positiondb"),
		},
		{
			"the agent's disk has a limit",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, "3145728000", p.agentPart("OUTPUT")["storage.total_limit_size"])
			},
			without(agent, "spec", "forwardOptions", "storage.total_limit_size"),
		},
		{
			"the agent's memory has a limit",
			func(t assert.TestingT, p *pipeline) {
				assert.NotEmpty(t, p.agentPart("SERVICE")["storage.max_chunks_up"])
				assert.NotEmpty(t, p.agentPart("SERVICE")["storage.backlog.mem_limit"])
			},
			without(agent, "spec", "bufferStorage", "storage.max_chunks_up"),
		},
		{
			"a full memory does not pause reading",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, "off", p.agentPart("INPUT")["storage.pause_on_chunks_overlimit"])
			},
			without(agent, "spec", "inputTail", "storage.pause_on_chunks_overlimit"),
		},
		{
			"Fluentd acknowledges what the agent may forget",
			func(t assert.TestingT, p *pipeline) {
				assert.Equal(t, "true", p.agentPart("OUTPUT")["require_ack_response"])
			},
			without(agent, "spec", "forwardOptions", "Require_ack_response"),
		},
		{
			"the agent never gives up",
			func(t assert.TestingT, p *pipeline) {
				// docs.fluentbit.io/manual/administration/scheduling-and-retries: both mean the same.
				assert.Contains(t, []string{"no_limits", "False"}, p.agentPart("OUTPUT")["retry_limit"])
			},
			with("5", agent, "spec", "forwardOptions", "Retry_Limit"),
		},
		{
			"the agent does not read the logging system's own logs",
			func(t assert.TestingT, p *pipeline) {
				assert.False(t, p.reads("log-pipeline-fluentd-0_logging_fluentd-0a1b.log"))
				assert.False(t, p.reads("build-1_ci_make-0a1b.log"), "and what it is told to leave out")
				assert.True(t, p.reads("web-1_shop_logging-0a1b.log"))
			},
			without(agent, "spec", "inputTail", "Exclude_Path"),
		},
		{
			"the agent reads files from their beginning",
			func(t assert.TestingT, p *pipeline) { assert.Equal(t, "true", p.agentPart("INPUT")["read_from_head"]) },
			without(agent, "spec", "inputTail", "Read_From_Head"),
		},
		{
			"lines that the runtime has split are joined, and keep their time",
			func(t assert.TestingT, p *pipeline) {
				// gh:fluent/fluent-bit src/multiline/flb_ml_parser_cri.c: the parser keeps the time.
				assert.Equal(t, "cri", p.agentPart("INPUT")["multiline.parser"])
			},
			without(agent, "spec", "inputTail", "multiline.parser"),
		},
		{
			"lines of more than 32 KiB are read",
			func(t assert.TestingT, p *pipeline) { assert.Equal(t, "2M", p.agentPart("INPUT")["buffer_max_size"]) },
			without(agent, "spec", "inputTail", "Buffer_Max_Size"),
		},
		{
			"the line is called message",
			func(t assert.TestingT, p *pipeline) {
				renamed := false
				for _, section := range p.agent.Sections {
					renamed = renamed || section.Name == "FILTER" && section.Settings["rename"] == "log message"
				}
				assert.True(t, renamed, "the multiline parser calls it log, and filters look for message")
			},
			without(agent, "spec", "filterModify"),
		},
	}
}

// agentPart are the settings of the one section of a name.
func (p *pipeline) agentPart(name string) map[string]string {
	section := p.agent.Child(name, "")
	if section == nil {
		return nil
	}
	return section.Settings
}

// reads says whether the agent reads a container's log.
func (p *pipeline) reads(file string) bool {
	file = "/var/log/containers/" + file
	for excluded := range strings.SplitSeq(p.agentPart("INPUT")["exclude_path"], ",") {
		if matches, _ := path.Match(excluded, file); matches {
			return false
		}
	}
	matches, _ := path.Match(p.agentPart("INPUT")["path"], file)
	return matches
}
