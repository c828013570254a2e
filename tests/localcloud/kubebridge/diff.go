package kubebridge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// identity are the properties that no update can change: another value is
// another object.
var identity = []string{"apiVersion", "kind", "metadata.name", "metadata.namespace"}

// Diff compares the inputs of then and now. What the server, the operator and
// others add to an object is none of the program's business.
func (s *server) Diff(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	old, err := properties(req.GetOldInputs())
	if err != nil {
		return nil, err
	}
	wanted, err := properties(req.GetNews())
	if err != nil {
		return nil, err
	}
	difference := old.Diff(wanted)
	if difference == nil {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
	}
	answer := &pulumirpc.DiffResponse{
		Changes: pulumirpc.DiffResponse_DIFF_SOME, HasDetailedDiff: true, DetailedDiff: map[string]*pulumirpc.PropertyDiff{},
	}
	for path, change := range plugin.NewDetailedDiffFromObjectDiff(difference, true) {
		kind := change.Kind
		if slices.Contains(identity, path) {
			kind = kind.AsReplace()
			answer.Replaces = append(answer.Replaces, path)
		}
		// What the engine shows as changed are names of whole properties.
		if name, _, _ := strings.Cut(path, "."); !slices.Contains(answer.Diffs, name) {
			answer.Diffs = append(answer.Diffs, name)
		}
		answer.DetailedDiff[path] = &pulumirpc.PropertyDiff{Kind: pulumirpc.PropertyDiff_Kind(kind), InputDiff: true}
	}
	slices.Sort(answer.Diffs)
	slices.Sort(answer.Replaces)
	// Two objects of one name and kind cannot be there at once.
	before, after := fromStruct(req.GetOldInputs()), fromStruct(req.GetNews())
	answer.DeleteBeforeReplace = len(answer.Replaces) > 0 && idOf(before) == idOf(after)
	return answer, nil
}

func properties(of *structpb.Struct) (resource.PropertyMap, error) {
	found, err := plugin.UnmarshalProperties(of, plugin.MarshalOptions{KeepUnknowns: true, SkipNulls: true})
	if err != nil {
		return nil, fmt.Errorf("read an object's properties: %w", err)
	}
	return found, nil
}
