package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/encoding"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/internal/settings"
	"example.com/log-pipeline/stacks"
)

// judges are the two that read a stack file: an editor by the schema, and the program, each setting by its own rule.
type judges struct {
	schema  *jsonschema.Schema
	project *workspace.Project
}

func newJudges(t *testing.T) judges {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/stack.schema.json"))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("stack.json", bytes.NewReader(text)))
	schema, err := compiler.Compile("stack.json")
	require.NoError(t, err)
	loaded, err := workspace.LoadProject(filepath.Join(root, "Pulumi.yaml"))
	require.NoError(t, err)
	return judges{schema, loaded}
}

// editor is what the schema finds wrong with a stack file.
func (j judges) editor(t *testing.T, file []byte) error {
	t.Helper()
	var content any
	require.NoError(t, yaml.Unmarshal(file, &content))
	return j.schema.Validate(content)
}

// program is what the program finds wrong with a stack file, which Pulumi reads for it.
func (j judges) program(t *testing.T, file []byte) error {
	t.Helper()
	stack, err := workspace.LoadProjectStackBytes(nil, j.project, file, "Pulumi.dev.yaml", encoding.YAML)
	require.NoError(t, err, "%s", file)
	values, err := stack.Config.Decrypt(inClear{})
	require.NoError(t, err)
	source := settings.Source{Project: project, Stack: "dev", Values: map[string]string{}, Secret: map[string]bool{}}
	for key, value := range values {
		source.Values[key.String()] = value
	}
	return settings.Read(stacks.Settings(), source).Err()
}

// inClear takes what is encrypted for what is in clear.
type inClear struct{}

func (inClear) DecryptValue(_ context.Context, text string) (string, error) { return text, nil }

func (inClear) BatchDecrypt(_ context.Context, texts []string) ([]string, error) { return texts, nil }

var _ config.Decrypter = inClear{}

func TestStackFilesAreWhatTheSchemaSays(t *testing.T) {
	judges := newJudges(t)
	paths, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(paths), 4)
	for _, path := range paths {
		file, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.NoError(t, judges.editor(t, file), path)
		assert.NoError(t, judges.program(t, file), path)
		assert.True(t, bytes.HasPrefix(file, []byte("# yaml-language-server: $schema=docs/stack.schema.json\n")), path)
	}
}

// least is a stack file to which keys are added.
const least = `
config:
  log-pipeline:accounts: {data: {id: "111111111111", region: eu-west-1}}
  log-pipeline:load: {peakRecordsPerSecond: 200, meanRecordsPerSecond: 50}
`

func TestFaultyStackFiles(t *testing.T) {
	judges := newJudges(t)
	const both, programAlone, none = "both", "the program alone", "none"
	for refusedBy, files := range map[string]map[string]string{
		both: {
			"a misspelt key":                 "  log-pipeline:streem: {}",
			"a misspelt setting":             "  log-pipeline:stream: {retentionHour: 72}",
			"a misspelt one in a list":       "  log-pipeline:flows: [{name: a, output: [s3]}]",
			"a setting of another section":   "  log-pipeline:lake: {retentionHours: 72}",
			"a setting outside its section":  "  log-pipeline:retentionHours: 72",
			"a key inside a section":         "  log-pipeline:stream: {protect: true}",
			"too small":                      "  log-pipeline:stream: {retentionHours: 23}",
			"too large":                      "  log-pipeline:delivery: {compressionRatio: 1001}",
			"not one of those allowed":       "  log-pipeline:delivery: {logRetentionDays: 31}",
			"none of the words allowed":      "  log-pipeline:stream: {mode: ON-DEMAND}",
			"no integer":                     "  log-pipeline:stream: {retentionHours: 72.5}",
			"words for an integer":           "  log-pipeline:stream: {retentionHours: many}",
			"words for a number":             "  log-pipeline:delivery: {compressionRatio: large}",
			"a number for a boolean":         "  log-pipeline:protect: 1",
			"yes for a boolean":              `  log-pipeline:protect: "yes"`,
			"a boolean for an integer":       "  log-pipeline:stream: {retentionHours: true}",
			"a text for a section":           "  log-pipeline:stream: on",
			"a list for a section":           "  log-pipeline:stream: [72]",
			"a text for a list of sections":  "  log-pipeline:clusters: shop",
			"texts for a list of sections":   "  log-pipeline:clusters: [shop]",
			"a text for a list":              "  log-pipeline:stream: {fanOutConsumers: metrics}",
			"a section for a text":           "  log-pipeline:namePrefix: {a: b}",
			"a list for tags":                "  log-pipeline:tags: [a]",
			"a list in tags":                 "  log-pipeline:tags: {a: [b]}",
			"a reserved tag":                 `  log-pipeline:tags: {"aws:a": b}`,
			"a label's value":                "  log-pipeline:flows: [{name: a, labels: {app: a b}}]",
			"missing in a section":           "  log-pipeline:accounts: {data: {region: eu-west-1}}",
			"missing in an optional section": "  log-pipeline:accounts: {data: {id: 111111111111, region: eu-west-1}, service: {region: eu-west-1}}",
			"missing in a list":              "  log-pipeline:flows: [{parser: json}]",
			"empty, but required":            `  log-pipeline:flows: [{name: ""}]`,
			"null, but required":             "  log-pipeline:flows: [{name: }]",
			"null in a list":                 "  log-pipeline:stream: {fanOutConsumers: [null]}",
			"the same twice":                 "  log-pipeline:stream: {fanOutConsumers: [a, a]}",
			"too many":                       "  log-pipeline:stream: {fanOutConsumers: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u]}",
			"text that is refused":           "  log-pipeline:access: {writerRoleArn: arn:aws:iam::111111111111:user/x}",
			"text in a list":                 "  log-pipeline:access: {readerRoleArns: [role/x]}",
		},
		programAlone: {
			"a range in text":                 `  log-pipeline:stream: {retentionHours: "23"}`,
			"a short id that is a number":     "  log-pipeline:accounts: {data: {id: 11111111111, region: eu-west-1}}",
			"something encrypted":             "  log-pipeline:stream: {retentionHours: {secure: many}}",
			"an encrypted section in another": `  log-pipeline:accounts: {data: {secure: "{}"}}`,
			"a name of two sections":          "  log-pipeline:flows: [{name: a}, {name: a}]",
			"JSON of another kind":            `  log-pipeline:stream: "{"`,
			"an alphabet of tags":             "  log-pipeline:tags: {a: b;c}",
			"no regular expression":           "  log-pipeline:events: {redactPatterns: ['(']}",
		},
		none: {
			"nothing more":              "",
			"as --path writes integers": "  log-pipeline:accounts: {data: {id: 111111111111, region: eu-west-1}, service: {id: 222222222222}}",
			"integers in text":          `  log-pipeline:stream: {retentionHours: "72", shardCount: "+5"}`,
			"one of those allowed":      `  log-pipeline:delivery: {logRetentionDays: "30", bufferMiB: 5.0}`,
			"numbers in text":           `  log-pipeline:delivery: {compressionRatio: "2.5e0", minObjectMiB: ".5"}`,
			"numbers for texts":         "  log-pipeline:stream: {name: 5, fanOutConsumers: [5, 6.5, true]}",
			"booleans in text":          `  log-pipeline:protect: "false"`,
			"encrypted":                 "  log-pipeline:dataExternalId: {secure: abc}",
			"encrypted in a section":    `  log-pipeline:stream: {retentionHours: {secure: "72"}, name: {secure: a}, fanOutConsumers: [{secure: a}, b]}`,
			"an encrypted boolean":      `  log-pipeline:protect: {secure: "true"}`,
			"an encrypted tag":          "  log-pipeline:tags: {a: {secure: b}, c: 5}",
			"an encrypted section":      `  log-pipeline:stream: {secure: '{"retentionHours":72}'}`,
			"a section as JSON":         `  log-pipeline:stream: '{"retentionHours":72}'`,
			"a list as JSON":            `  log-pipeline:flows: ' [{"name":"a"}]'`,
			"not set":                   "  log-pipeline:stream: {name: '', mode: , retentionHours: '', fanOutConsumers: }",
			"sections that are not set": "  log-pipeline:stream:\n  log-pipeline:lake: ''\n  log-pipeline:flows: []\n  log-pipeline:tags: {}",
			"an optional section empty": "  log-pipeline:accounts: {data: {id: 111111111111, region: eu-west-1}, service: {}}",
			"keys of others":            "  aws:region: eu-west-1\n  pulumi:tags: {a: b}\n  pulumi:disable-default-providers: ['*']",
			"Pulumi's old keys":         "  log-pipeline:config:protect: true",
			"keys without the project":  "  protect: true",
		},
	} {
		for name, more := range files {
			t.Run(refusedBy+" "+name, func(t *testing.T) {
				var file struct {
					Config map[string]any `yaml:"config"`
				}
				require.NoError(t, yaml.Unmarshal([]byte(least), &file))
				if more != "" {
					require.NoError(t, yaml.Unmarshal([]byte("config:\n"+more), &file))
				}
				text, err := yaml.Marshal(file)
				require.NoError(t, err)
				editor, program := judges.editor(t, text), judges.program(t, text)
				assert.Equal(t, refusedBy == both, editor != nil, "the schema: %v", editor)
				assert.Equal(t, refusedBy != none, program != nil, "the program: %v", program)
			})
		}
	}
}
