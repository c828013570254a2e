// Command generate writes what follows from the declarations of the settings and of the metric spec: the keys in Pulumi.yaml, the
// JSON Schemas of the stack files and of metric specs, and the tables in the docs. It runs in the project's folder, as
// `make generate` does.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/settings/reference"
	"example.com/log-pipeline/stacks"
)

// project is the project's name in Pulumi.yaml, which keys begin with.
const project = "log-pipeline"

func main() {
	if err := run("."); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	generated, err := files(root)
	if err != nil {
		return err
	}
	for path, content := range generated {
		if err := os.WriteFile(filepath.Join(root, path), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// files are the generated files by their paths below root. What is written by hand in them is taken from those that are there.
func files(root string) (map[string][]byte, error) {
	declared := stacks.Settings().Describe()
	current, err := os.ReadFile(filepath.Join(root, "Pulumi.yaml"))
	if err != nil {
		return nil, err
	}
	keys, err := reference.Project(current, declared)
	if err != nil {
		return nil, err
	}
	schema, err := reference.Schema(project, declared)
	if err != nil {
		return nil, err
	}
	example, err := os.ReadFile(filepath.Join(root, "Pulumi.dev.yaml"))
	if err != nil {
		return nil, err
	}
	metricsSchema, err := metricspec.Schema()
	if err != nil {
		return nil, err
	}
	metricsPage, err := os.ReadFile(filepath.Join(root, "docs/metrics.md"))
	if err != nil {
		return nil, err
	}
	metricsPage, err = metricspec.Reference(metricsPage)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"Pulumi.yaml":              keys,
		"docs/stack.schema.json":   schema,
		"docs/configuration.md":    reference.Markdown(project, example, declared),
		"docs/metrics.schema.json": metricsSchema,
		"docs/metrics.md":          metricsPage,
	}, nil
}
