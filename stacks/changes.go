package stacks

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/metricspec"
)

// specOutput is the stack's output with the metric spec, from which the next deployment tells what it changes.
const specOutput = "metricsSpec"

// announceMetrics says in preview and update what the metric spec means for what the last deployment left: metrics that go while
// their rows stay, and a new checkpoint. Resources alone show that an object has another name.
func announceMetrics(ctx *pulumi.Context, config *Config) error {
	if !config.makesMetrics() {
		return nil
	}
	said, err := metricChanges(ctx, config.Metrics.Spec)
	if err != nil { // no reason not to deploy
		said = []string{fmt.Sprintf("what it changes cannot be said: %v", err)}
	}
	for _, sentence := range said {
		if err := ctx.Log.Info("the metric spec: "+sentence, nil); err != nil {
			return fmt.Errorf("say what the metric spec changes: %w", err)
		}
	}
	return nil
}

func metricChanges(ctx *pulumi.Context, spec *metricspec.Spec) ([]string, error) {
	outputs, err := deployedOutputs(ctx)
	text, _ := outputs[specOutput].(string)
	if err != nil || text == "" {
		return nil, err
	}
	before, faults := metricspec.Parse("the spec of the last deployment", []byte(text))
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return metricspec.Changes(before, spec), nil
}

// deployedOutputs are the stack's outputs now; none where nothing is deployed. It asks the engine itself, as stack
// references do: pulumi:disable-default-providers is not about that, and a preview shows nothing of it
// (github.com/pulumi/pulumi/pkg/v3/resource/deploy/builtins.go).
func deployedOutputs(ctx *pulumi.Context) (map[string]any, error) {
	args := struct {
		Name string `pulumi:"name"`
	}{ctx.Organization() + "/" + ctx.Project() + "/" + ctx.Stack()}
	var result struct {
		Outputs map[string]any `pulumi:"outputs"`
	}
	// Invoke itself refuses an answer in which anything is secret.
	if _, err := ctx.InvokePackageRaw("pulumi:pulumi:readStackOutputs", &args, &result, ""); err != nil {
		return nil, fmt.Errorf("read the outputs of the last deployment: %w", err)
	}
	return result.Outputs, nil
}

// exportedSpec is a spec in one line.
func exportedSpec(spec *metricspec.Spec) (pulumi.String, error) {
	var line bytes.Buffer
	if err := json.Compact(&line, spec.Resolved()); err != nil {
		return "", fmt.Errorf("export the metric spec: %w", err)
	}
	return pulumi.String(line.String()), nil
}
