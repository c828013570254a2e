// Package kubebridge is the provider called kubernetes of the local cloud: it
// speaks the provider protocol to the Pulumi engine and applies each object
// server-side, with strict validation, so that the API server refuses a field
// that it does not know and names its path.
//
// pulumi-kubernetes's own plugin drops such a field without a word: preview and
// up both pass. So the local cloud uses this one even where that one is
// installed. It takes any kind that the API server knows; charts, which need
// the other one's engine, are off.
package kubebridge

import (
	"context"
	"maps"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// Version is pulumi-kubernetes's version that this provider stands in for; it
// must be the one in go.mod, which a test compares.
const Version = "4.30.0"

// server is one provider, with one cluster.
type server struct {
	pulumirpc.UnimplementedResourceProviderServer

	settings settings
	// cluster is nil while the kubeconfig is not known, in a preview.
	cluster *Cluster
}

func (s *server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: Version}, nil
}

func (s *server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (s *server) CheckConfig(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	_, failures := parseSettings(req.GetNews())
	return &pulumirpc.CheckResponse{Inputs: req.GetNews(), Failures: failures}, nil
}

// DiffConfig replaces a provider, with all that it made, only when the program
// says that the cluster is another one, and not when another path leads there.
func (s *server) DiffConfig(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	old, _ := parseSettings(req.GetOldInputs())
	wanted, _ := parseSettings(req.GetNews())
	if old == wanted {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
	}
	answer := &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_SOME}
	if old.identifier != wanted.identifier {
		answer.Replaces = []string{"clusterIdentifier"}
	}
	return answer, nil
}

func (s *server) Configure(_ context.Context, req *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	var failures []*pulumirpc.CheckFailure
	s.settings, failures = parseSettings(req.GetArgs())
	for _, f := range failures {
		return nil, status.Errorf(codes.InvalidArgument, "%s: %s", f.GetProperty(), f.GetReason())
	}
	if !isUnknown(s.settings.kubeconfig) && !isUnknown(s.settings.context) {
		var err error
		if s.cluster, err = Connect(s.settings.kubeconfig, s.settings.context); err != nil {
			return nil, status.Error(codes.InvalidArgument, err.Error())
		}
	}
	// Without AcceptSecrets the engine sends plain values and marks what it gets back.
	return &pulumirpc.ConfigureResponse{SupportsPreview: true}, nil
}

// Check refuses what cannot become an object, and sets the namespace that the
// cluster would.
func (s *server) Check(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	wanted, failures := newObject(req.GetType(), req.GetNews())
	if len(failures) > 0 {
		return &pulumirpc.CheckResponse{Failures: failures}, nil
	}
	if s.cluster != nil && wanted.GetNamespace() == "" {
		known, err := s.cluster.lookup(ctx, wanted.GroupVersionKind())
		if err != nil {
			return nil, err
		}
		if known != nil && known.namespaced {
			wanted.SetNamespace(s.namespace())
		}
	}
	inputs, err := toStruct(wanted.Object)
	return &pulumirpc.CheckResponse{Inputs: inputs}, err
}

func (s *server) namespace() string {
	if s.settings.namespace != "" {
		return s.settings.namespace
	}
	return s.cluster.namespace
}

func (s *server) Create(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	wanted := fromStruct(req.GetProperties())
	if req.GetPreview() {
		return &pulumirpc.CreateResponse{Properties: req.GetProperties()}, s.tryApply(ctx, wanted)
	}
	if err := s.cluster.requireAbsent(ctx, wanted, s.settings.upsert); err != nil {
		return nil, err
	}
	applied, err := s.cluster.Apply(ctx, wanted)
	if err != nil {
		return nil, err
	}
	properties, err := toStruct(outputs(applied))
	return &pulumirpc.CreateResponse{Id: idOf(applied), Properties: properties}, err
}

func (s *server) Update(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	wanted := fromStruct(req.GetNews())
	if req.GetPreview() {
		// What the server has set so far stays; the new inputs go over it.
		properties := &structpb.Struct{Fields: maps.Clone(req.GetOlds().GetFields())}
		maps.Copy(properties.Fields, req.GetNews().GetFields())
		return &pulumirpc.UpdateResponse{Properties: properties}, s.tryApply(ctx, wanted)
	}
	applied, err := s.cluster.Apply(ctx, wanted)
	if err != nil {
		return nil, err
	}
	properties, err := toStruct(outputs(applied))
	return &pulumirpc.UpdateResponse{Properties: properties}, err
}

// tryApply has the API server check the object, if there is one by now that
// knows its kind: on a bare cluster a preview passes.
func (s *server) tryApply(ctx context.Context, wanted object) error {
	if s.cluster == nil {
		return nil
	}
	return s.cluster.TryApply(ctx, wanted)
}

// Read returns the object as it is. Its inputs are the given ones with the
// values of now, without a given one what a user could have written.
func (s *server) Read(ctx context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	wanted, err := fromID(req.GetType(), req.GetId())
	if err != nil {
		return nil, err
	}
	found, err := s.cluster.Get(ctx, wanted)
	if err != nil || found == nil {
		return &pulumirpc.ReadResponse{}, err
	}
	properties, err := toStruct(outputs(found))
	if err != nil {
		return nil, err
	}
	inputs, err := toStruct(inputsOf(found, req.GetInputs()))
	return &pulumirpc.ReadResponse{Id: req.GetId(), Properties: properties, Inputs: inputs}, err
}

func (s *server) Delete(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	wanted, err := fromID(req.GetType(), req.GetId())
	if err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, s.cluster.delete(ctx, wanted)
}

// Construct is what charts and whole YAML files ask for.
func (s *server) Construct(_ context.Context, req *pulumirpc.ConstructRequest) (*pulumirpc.ConstructResponse, error) {
	return nil, status.Errorf(codes.Unimplemented, "%s: charts and files are off in the local cloud, which applies objects "+
		"one by one: leave it out of the local stack", req.GetType())
}

func (s *server) Invoke(_ context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	return nil, status.Errorf(codes.Unimplemented, "the local cloud does not know the function %s", req.GetTok())
}
