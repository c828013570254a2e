package localcloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Resource is one that the engine has in its state.
type Resource struct {
	URN     string         `json:"urn"`
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Inputs  map[string]any `json:"inputs"`
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
	return slices.DeleteFunc(state.Deployment.Resources, func(r Resource) bool { return !isAWS(r.Type) }), nil
}

// Objects returns the Kubernetes objects that the engine has in its state.
func (c *Cloud) Objects() ([]Resource, error) {
	state, err := c.state()
	return state.objects(), err
}

func (s checkpoint) objects() []Resource {
	var found []Resource
	for _, r := range s.resources {
		if isObject(r.Type) {
			found = append(found, r)
		}
	}
	return found
}

// Changes returns what Up would do, without doing it: the operation for each
// AWS resource and Kubernetes object that it would touch, by URN.
func (c *Cloud) Changes(ctx context.Context) (map[string]string, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	content, err := c.output(ctx, "preview", "--json", "--stack", stackName)
	if err := errors.Join(err, killAll(context.WithoutCancel(ctx), c.dir, c.lasting()...)); err != nil {
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
		if s.Operation != "same" && slices.ContainsFunc([]string{s.New.Type, s.Old.Type}, isReal) {
			changes[s.URN] = s.Operation
		}
	}
	return changes, nil
}

func isReal(resourceType string) bool { return isAWS(resourceType) || isObject(resourceType) }

func isAWS(resourceType string) bool { return strings.HasPrefix(resourceType, "aws:") }

func isObject(resourceType string) bool { return strings.HasPrefix(resourceType, "kubernetes:") }
