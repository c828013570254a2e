package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/internal/fault"
)

// fixedOutput is the stack's output with what its delivery streams keep for life, by their components' names, from which the next
// deployment tells which of them it would replace.
const fixedOutput = "fixedAtCreation"

// formatOutput is the stack's output with the format of the raw objects.
const formatOutput = "rawFormat"

// keptForLife is what a delivery stream keeps for life.
type keptForLife struct {
	component string
	fixed     delivery.Fixed
	sources   fault.Sources
}

func (c *Config) keptForLife() []keptForLife {
	if !c.Accounts.makesData() {
		return nil
	}
	kept := []keptForLife{{deliveryName, c.deliveryArgs(nil, nil).Fixed(), deliverySources}}
	if c.makesSearch() {
		kept = append(kept, keptForLife{searchDeliveryName, c.searchDeliveryArgs(nil).Fixed(), searchDeliverySources})
	}
	return kept
}

// keepDeliveryStreams refuses what would replace a delivery stream that is there. Without protect it says what that costs.
func (c *Config) keepDeliveryStreams(ctx *pulumi.Context) error {
	outputs, err := deployedOutputs(ctx)
	if err != nil { // protect keeps them all the same, in other words
		return ctx.Log.Warn(fmt.Sprintf("which delivery streams are replaced cannot be said: %v", err), nil)
	}
	deployed, _ := outputs[fixedOutput].(map[string]any)
	var replaced fault.List
	for _, kept := range c.keptForLife() {
		replaced = append(replaced, kept.fixed.Replacing(fixedBefore(deployed[kept.component])).From(kept.sources)...)
	}
	if before, known := outputs[formatOutput].(string); known && c.Accounts.makesData() {
		replaced = append(replaced, c.otherFormat(before)...)
	}
	if c.Protect {
		const protect = fault.Path("protect")
		for i := range replaced {
			replaced[i].Problem = replaced[i].Problem.And("; to accept that, first run an update with %s false", protect)
			replaced[i].Reads = append(replaced[i].Reads, protect)
		}
		return refuse(ctx, replaced)
	}
	for _, found := range replaced {
		if err := ctx.Log.Warn(ctx.Project()+":"+found.String(), nil); err != nil {
			return fmt.Errorf("say what is replaced: %w", err)
		}
	}
	return nil
}

// otherFormat is the fault of raw objects that the table could not read any more: it reads one format, and they stay as they are.
func (c *Config) otherFormat(before string) fault.List {
	const format = fault.Path("delivery.format")
	return fault.When(c.Delivery.Format != before, fault.Fault{
		Path: format, Given: c.Delivery.Format, Nearest: before,
		Problem: fault.Problemf("the raw objects that are there are %s, and the table would not read them any more", before),
	})
}

// fixedBefore is what the last deployment has left of a delivery stream; nothing of one that it did not make.
func fixedBefore(output any) delivery.Fixed {
	values, _ := output.(map[string]any)
	before := delivery.Fixed{}
	for path, value := range values {
		if text, isText := value.(string); isText {
			before[fault.Path(path)] = text
		}
	}
	return before
}

// kept is what this deployment has fixed, for the next one.
func (c *Config) kept() map[string]any {
	fixed := map[string]any{}
	for _, kept := range c.keptForLife() {
		values := map[string]any{}
		for path, value := range kept.fixed {
			values[string(path)] = value
		}
		fixed[kept.component] = values
	}
	return map[string]any{fixedOutput: fixed, formatOutput: c.Delivery.Format}
}
