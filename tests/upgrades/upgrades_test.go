package upgrades

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

const (
	streamType = "aws:kinesis/stream:Stream"
	partType   = "log-pipeline:part:Part"
	stack      = "urn:pulumi:" + mocks.Stack + "::" + mocks.Project + "::"
)

type thing struct{ pulumi.CustomResourceState }

type part struct{ pulumi.ResourceState }

func run(t *testing.T, program pulumi.RunFunc) *mocks.Recording {
	t.Helper()
	recording, err := mocks.Up(program)
	require.NoError(t, err)
	return recording
}

// pipeline is a component and a stream in it.
type pipeline struct {
	component, stream, name string
	ofComponent, ofStream   []pulumi.ResourceOption
}

func (v pipeline) program(ctx *pulumi.Context) error {
	var p part
	if err := ctx.RegisterComponentResource(partType, v.component, &p, v.ofComponent...); err != nil {
		return err
	}
	return ctx.RegisterResource(streamType, v.stream, pulumi.Map{"name": pulumi.String(v.name)}, &thing{},
		append([]pulumi.ResourceOption{pulumi.Parent(&p)}, v.ofStream...)...)
}

func alias(aliases ...pulumi.Alias) []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Aliases(aliases)}
}

func TestWhatAnUpgradeDoes(t *testing.T) {
	const (
		gone          = partType + "$" + streamType + "::logs-stream is gone, which deletes it: give what takes its place an alias"
		componentGone = partType + "::logs is gone, which deletes it: give what takes its place an alias"
	)
	list := registrations(run(t, pipeline{component: "logs", stream: "logs-stream", name: "prod-logs"}.program))
	var before []line
	for _, r := range list {
		before = append(before, r.line)
	}
	root := []pulumi.ResourceOption{pulumi.Parent(nil)}

	for name, tc := range map[string]struct {
		now   pipeline
		added []string
		want  []string
	}{
		"nothing": {now: pipeline{component: "logs", stream: "logs-stream", name: "prod-logs"}},
		"a renamed stream": {
			now:   pipeline{component: "logs", stream: "records", name: "prod-logs"},
			added: []string{partType + "$" + streamType + "::records"},
			want:  []string{gone},
		},
		"with its name as alias": {
			now:   pipeline{component: "logs", stream: "records", name: "prod-logs", ofStream: alias(pulumi.Alias{Name: pulumi.String("logs-stream")})},
			added: []string{partType + "$" + streamType + "::records"},
		},
		"with its URN as alias": {
			now: pipeline{component: "logs", stream: "records", name: "prod-logs", ofStream: alias(pulumi.Alias{
				URN: pulumi.URN(stack + partType + "$" + streamType + "::logs-stream"),
			})},
			added: []string{partType + "$" + streamType + "::records"},
		},
		"with an alias that is another's": {
			now:   pipeline{component: "logs", stream: "records", name: "prod-logs", ofStream: alias(pulumi.Alias{Name: pulumi.String("log-stream")})},
			added: []string{partType + "$" + streamType + "::records"},
			want:  []string{gone},
		},
		"with an alias of another stack": {
			now: pipeline{component: "logs", stream: "records", name: "prod-logs", ofStream: alias(pulumi.Alias{
				URN: pulumi.URN("urn:pulumi:other::" + mocks.Project + "::" + partType + "$" + streamType + "::logs-stream"),
			})},
			added: []string{partType + "$" + streamType + "::records"},
			want:  []string{gone},
		},
		"an alias, but another name in AWS": {
			now:   pipeline{component: "logs", stream: "records", name: "prod-records", ofStream: alias(pulumi.Alias{Name: pulumi.String("logs-stream")})},
			added: []string{partType + "$" + streamType + "::records"},
			want:  []string{partType + "$" + streamType + `::logs-stream had the name "prod-logs" and has "prod-records", which replaces it`},
		},
		"another name in AWS": {
			now:  pipeline{component: "logs", stream: "logs-stream", name: "prod-records"},
			want: []string{partType + "$" + streamType + `::logs-stream had the name "prod-logs" and has "prod-records", which replaces it`},
		},
		"a renamed component, whose children are called after it": {
			now:   pipeline{component: "records", stream: "records-stream", name: "prod-logs"},
			added: []string{partType + "::records", partType + "$" + streamType + "::records-stream"},
			want:  []string{gone, componentGone},
		},
		"with an alias, which holds for the children": {
			now: pipeline{component: "records", stream: "records-stream", name: "prod-logs",
				ofComponent: alias(pulumi.Alias{Name: pulumi.String("logs")})},
			added: []string{partType + "::records", partType + "$" + streamType + "::records-stream"},
		},
		"the component and its child renamed apart": {
			now: pipeline{component: "records", stream: "shards", name: "prod-logs",
				ofComponent: alias(pulumi.Alias{Name: pulumi.String("logs")}), ofStream: alias(pulumi.Alias{Name: pulumi.String("records-stream")})},
			added: []string{partType + "::records", partType + "$" + streamType + "::shards"},
		},
		"a stream that leaves its component": {
			now:   pipeline{component: "logs", stream: "logs-stream", name: "prod-logs", ofStream: root},
			added: []string{streamType + "::logs-stream"},
			want:  []string{gone},
		},
		"another component of that type": {
			now:   pipeline{component: "others", stream: "logs-stream", name: "prod-logs"},
			added: []string{partType + "::others"},
			want: []string{
				componentGone, partType + "$" + streamType + `::logs-stream had the parent "logs" and has "others"`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			now := registrations(run(t, tc.now.program))
			assert.ElementsMatch(t, tc.want, problems(before, now))
			var added []string
			for _, l := range additions(before, now) {
				added = append(added, l.identity())
			}
			assert.ElementsMatch(t, tc.added, added)
		})
	}
}

func TestAStreamThatMovedIntoAComponent(t *testing.T) {
	before := []line{{typ: streamType, name: "logs", physical: "prod-logs"}}
	moved := func(options ...pulumi.ResourceOption) []string {
		return problems(before, registrations(run(t, pipeline{component: "part", stream: "logs", name: "prod-logs", ofStream: options}.program)))
	}
	assert.Equal(t, []string{streamType + "::logs is gone, which deletes it: give what takes its place an alias"}, moved())
	assert.Empty(t, moved(alias(pulumi.Alias{NoParent: pulumi.Bool(true)})...))
	assert.NotEmpty(t, moved(alias(pulumi.Alias{NoParent: pulumi.Bool(true), Type: pulumi.String("aws:kinesis/stream:Other")})...))
}

func TestAStreamThatMovedOutOfAnAliasedComponent(t *testing.T) {
	before := []line{{typ: "log-pipeline:old:Old$" + streamType, name: "logs"}}
	program := func(ofComponent ...pulumi.ResourceOption) pulumi.RunFunc {
		return func(ctx *pulumi.Context) error {
			var p part
			if err := ctx.RegisterComponentResource(partType, "part", &p, ofComponent...); err != nil {
				return err
			}
			return ctx.RegisterResource(streamType, "logs", pulumi.Map{}, &thing{}, alias(pulumi.Alias{Parent: &p})...)
		}
	}
	assert.NotEmpty(t, problems(before, registrations(run(t, program()))))
	assert.Empty(t, problems(before, registrations(run(t, program(alias(pulumi.Alias{Type: pulumi.String("log-pipeline:old:Old")})...)))))
}

// recorder is a test that fails without failing this one.
type recorder struct {
	testing.TB
	errors []string
}

func (*recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestTheListOnlyGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "urns", "test.txt")
	t.Setenv("UPDATE_GOLDEN", "1")
	Check(t, path, run(t, pipeline{component: "logs", stream: "logs-stream", name: "prod-logs"}.program))
	first, err := read(path)
	require.NoError(t, err)
	assert.ElementsMatch(t, []line{
		{typ: partType, name: "logs"},
		{typ: partType + "$" + streamType, name: "logs-stream", parent: "logs", physical: "prod-logs"},
	}, first)

	var failed recorder
	Check(&failed, path, run(t, pipeline{component: "logs", stream: "records", name: "prod-logs"}.program))
	assert.Len(t, failed.errors, 1, "a renamed stream")
	second, err := read(path)
	require.NoError(t, err)
	assert.ElementsMatch(t, append(first, line{typ: partType + "$" + streamType, name: "records", parent: "logs", physical: "prod-logs"}), second)

	t.Setenv("UPDATE_GOLDEN", "")
	failed = recorder{}
	Check(&failed, path, run(t, pipeline{component: "logs", stream: "logs-stream", name: "prod-logs"}.program))
	require.Len(t, failed.errors, 1)
	assert.Contains(t, failed.errors[0], "::records is gone")
	failed = recorder{}
	Check(&failed, path, run(t, func(ctx *pulumi.Context) error {
		return ctx.RegisterComponentResource(partType, "new", &part{})
	}))
	assert.Contains(t, failed.errors[0], partType+"::new is new: UPDATE_GOLDEN=1 adds it to "+path)

	require.NoError(t, os.WriteFile(path, []byte("a | b\n"), 0o600))
	_, err = read(path)
	assert.ErrorContains(t, err, "a line has 2 columns, not 4: a | b")
}
