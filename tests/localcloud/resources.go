package localcloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Resource is one that the engine has in its state.
type Resource struct {
	URN     string         `json:"urn"`
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Outputs map[string]any `json:"outputs"`
}

// Resources returns what the engine has in its state, without the stack,
// components and providers, which are nothing in AWS.
func (c *Cloud) Resources(ctx context.Context) ([]Resource, error) {
	content, err := c.output(ctx, "stack", "export", "--stack", stackName)
	if err != nil {
		return nil, err
	}
	var state struct {
		Deployment struct {
			Resources []Resource `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return nil, fmt.Errorf("read the exported state: %w", err)
	}
	var found []Resource
	for _, r := range state.Deployment.Resources {
		if isAWS(r.Type) {
			found = append(found, r)
		}
	}
	return found, nil
}

// Changes returns what Up would do, without doing it: the operation for each
// AWS resource that it would touch, by URN.
func (c *Cloud) Changes(ctx context.Context) (map[string]string, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	content, err := c.output(ctx, "preview", "--json", "--stack", stackName)
	if err := errors.Join(err, killAll(context.WithoutCancel(ctx), c.dir, c.emulator.PID)); err != nil {
		return nil, err
	}
	var plan struct {
		Steps []struct {
			Operation string `json:"op"`
			URN       string `json:"urn"`
			New       struct {
				Type string `json:"type"`
			} `json:"newState"`
			Old struct {
				Type string `json:"type"`
			} `json:"oldState"`
		} `json:"steps"`
	}
	if err := json.Unmarshal(content, &plan); err != nil {
		return nil, fmt.Errorf("read the preview: %w", err)
	}
	changes := map[string]string{}
	for _, s := range plan.Steps {
		if s.Operation != "same" && (isAWS(s.New.Type) || isAWS(s.Old.Type)) {
			changes[s.URN] = s.Operation
		}
	}
	return changes, nil
}

func isAWS(resourceType string) bool {
	return len(resourceType) > 4 && resourceType[:4] == "aws:"
}
