// Package awsbridge is the provider called aws of the local cloud: it speaks
// the provider protocol to the Pulumi engine, renames types and properties
// from pulumi-aws's names to those of Pulumi's dynamic bridge, and passes each
// call on to the bridge, which runs the real upstream AWS provider.
//
// It exists because pulumi-aws's own plugin cannot be built from a Go module.
// Whoever has that plugin installed uses it, and not this.
package awsbridge

import (
	"context"
	"fmt"
	"strings"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Version is pulumi-aws's version that this provider stands in for; it must be
// the one in go.mod, which a test compares.
const Version = "6.83.2"

// server translates and forwards.
type server struct {
	pulumirpc.UnimplementedResourceProviderServer

	bridge pulumirpc.ResourceProviderClient
}

// lookup returns the type behind an URN.
func lookup(urn string) (resourceType, error) {
	name := typeOf(urn)
	found, ok := types[name]
	if !ok {
		return resourceType{}, status.Errorf(codes.Unimplemented,
			"the local cloud does not know the type %s: add it to the table in tests/localcloud/awsbridge/table.go", name)
	}
	return found, nil
}

// typeOf returns the type in an URN, without its parents' types:
// urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME.
func typeOf(urn string) string {
	parts := strings.SplitN(urn, "::", 4)
	if len(parts) < 4 {
		return urn
	}
	return parts[2][strings.LastIndex(parts[2], "$")+1:]
}

// nameOf returns the resource's logical name.
func nameOf(urn string) string {
	parts := strings.SplitN(urn, "::", 4)
	return parts[len(parts)-1]
}

// translate puts the bridge's type into a request's URN and type, and returns
// what is to be renamed.
func translate(urn, name *string) (resourceType, error) {
	t, err := lookup(*urn)
	if err != nil {
		return resourceType{}, err
	}
	*urn = strings.Replace(*urn, typeOf(*urn)+"::", t.token()+"::", 1)
	*name = t.token()
	return t, nil
}

func (s *server) Handshake(ctx context.Context, req *pulumirpc.ProviderHandshakeRequest) (
	*pulumirpc.ProviderHandshakeResponse, error,
) {
	return s.bridge.Handshake(ctx, req)
}

func (s *server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: Version}, nil
}

func (s *server) Cancel(ctx context.Context, req *emptypb.Empty) (*emptypb.Empty, error) {
	return s.bridge.Cancel(ctx, req)
}

func (s *server) CheckConfig(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	req.Olds = toBridge(providerRenames, req.GetOlds())
	req.News = toBridge(providerRenames, req.GetNews())
	resp, err := s.bridge.CheckConfig(ctx, req)
	if err == nil {
		resp.Inputs = inputsFromBridge(providerRenames, resp.GetInputs())
	}
	return resp, err
}

func (s *server) DiffConfig(ctx context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	req.Olds = toBridge(providerRenames, req.GetOlds())
	req.OldInputs = toBridge(providerRenames, req.GetOldInputs())
	req.News = toBridge(providerRenames, req.GetNews())
	resp, err := s.bridge.DiffConfig(ctx, req)
	return diffFromBridge(providerRenames, resp), err
}

func (s *server) Configure(ctx context.Context, req *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	req.Args = toBridge(providerRenames, req.GetArgs())
	return s.bridge.Configure(ctx, req)
}

func (s *server) Check(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	t, err := translate(&req.Urn, &req.Type)
	if err != nil {
		return nil, err
	}
	t.fillName(req)
	t.fillTimeouts(req)
	req.Olds, req.News = toBridge(t.renames, req.GetOlds()), toBridge(t.renames, req.GetNews())
	resp, err := s.bridge.Check(ctx, req)
	if err != nil {
		return nil, err
	}
	resp.Inputs = inputsFromBridge(t.renames, resp.GetInputs())
	for _, failure := range resp.GetFailures() {
		failure.Property = pathFromBridge(t.renames, failure.GetProperty())
	}
	return resp, nil
}

func (s *server) Diff(ctx context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	t, err := translate(&req.Urn, &req.Type)
	if err != nil {
		return nil, err
	}
	t.fillPaths(req)
	req.Olds, req.News = toBridge(t.renames, req.GetOlds()), toBridge(t.renames, req.GetNews())
	req.OldInputs = toBridge(t.renames, req.GetOldInputs())
	resp, err := s.bridge.Diff(ctx, req)
	return diffFromBridge(t.renames, resp), err
}

func diffFromBridge(renames []rename, resp *pulumirpc.DiffResponse) *pulumirpc.DiffResponse {
	if resp == nil {
		return nil
	}
	for _, paths := range [][]string{resp.GetReplaces(), resp.GetStables(), resp.GetDiffs()} {
		for i := range paths {
			paths[i] = pathFromBridge(renames, paths[i])
		}
	}
	detailed := make(map[string]*pulumirpc.PropertyDiff, len(resp.GetDetailedDiff()))
	for path, diff := range resp.GetDetailedDiff() {
		detailed[pathFromBridge(renames, path)] = diff
	}
	resp.DetailedDiff = detailed
	return resp
}

func (s *server) Create(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	t, err := translate(&req.Urn, &req.Type)
	if err != nil {
		return nil, err
	}
	req.Properties = toBridge(t.renames, req.GetProperties())
	resp, err := s.bridge.Create(ctx, req)
	if err != nil {
		return nil, t.failureFromBridge(err)
	}
	resp.Properties = outputsFromBridge(t.renames, resp.GetProperties())
	return resp, nil
}

func (s *server) Read(ctx context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	t, err := translate(&req.Urn, &req.Type)
	if err != nil {
		return nil, err
	}
	req.Properties, req.Inputs = toBridge(t.renames, req.GetProperties()), toBridge(t.renames, req.GetInputs())
	resp, err := s.bridge.Read(ctx, req)
	if err != nil {
		return nil, t.failureFromBridge(err)
	}
	resp.Properties = outputsFromBridge(t.renames, resp.GetProperties())
	resp.Inputs = inputsFromBridge(t.renames, resp.GetInputs())
	return resp, nil
}

func (s *server) Update(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	t, err := translate(&req.Urn, &req.Type)
	if err != nil {
		return nil, err
	}
	req.Olds, req.News = toBridge(t.renames, req.GetOlds()), toBridge(t.renames, req.GetNews())
	req.OldInputs = toBridge(t.renames, req.GetOldInputs())
	resp, err := s.bridge.Update(ctx, req)
	if err != nil {
		return nil, t.failureFromBridge(err)
	}
	resp.Properties = outputsFromBridge(t.renames, resp.GetProperties())
	return resp, nil
}

func (s *server) Delete(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	t, err := translate(&req.Urn, &req.Type)
	if err != nil {
		return nil, err
	}
	req.Properties = toBridge(t.renames, req.GetProperties())
	req.OldInputs = toBridge(t.renames, req.GetOldInputs())
	if t.slowDelete {
		return s.deleteAndLook(ctx, req)
	}
	return s.bridge.Delete(ctx, req)
}

// lookInterval is how often a deletion is looked at.
const lookInterval = time.Second

// deleteAndLook returns once the resource is gone, and not when the upstream provider looks for it. The bridge gives a
// deletion no timeouts (pulumi-terraform-bridge v3.120.0, pkg/pf/tfbridge/provider_delete.go).
func (s *server) deleteAndLook(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	ended := make(chan error, 1)
	go func() {
		_, err := s.bridge.Delete(ctx, req)
		ended <- err
	}()
	for {
		select {
		case err := <-ended:
			return &emptypb.Empty{}, err
		case <-time.After(lookInterval):
		}
		found, err := s.bridge.Read(ctx, &pulumirpc.ReadRequest{
			Id: req.GetId(), Urn: req.GetUrn(), Type: req.GetType(), Name: req.GetName(), Properties: req.GetProperties(),
		})
		if err == nil && found.GetId() == "" {
			return &emptypb.Empty{}, nil
		}
	}
}

// Invoke asks an upstream data source.
func (s *server) Invoke(ctx context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	upstream, ok := functions[req.GetTok()]
	if !ok {
		return nil, status.Errorf(codes.Unimplemented,
			"the local cloud does not know the function %s: add it to the table in tests/localcloud/awsbridge/table.go", req.GetTok())
	}
	req.Tok = functionToken(upstream)
	return s.bridge.Invoke(ctx, req)
}

// failureFromBridge renames the properties of a resource that was made only in
// part: they travel in the error, and the engine keeps them in its state.
func (t resourceType) failureFromBridge(err error) error {
	failure, ok := status.FromError(err)
	if !ok {
		return err
	}
	renamed := status.New(failure.Code(), failure.Message())
	for _, detail := range failure.Details() {
		message, ok := detail.(proto.Message)
		if !ok {
			continue
		}
		if partial, ok := message.(*pulumirpc.ErrorResourceInitFailed); ok {
			partial.Properties = outputsFromBridge(t.renames, partial.GetProperties())
			partial.Inputs = inputsFromBridge(t.renames, partial.GetInputs())
		}
		with, err := renamed.WithDetails(protoadapt.MessageV1Of(message))
		if err != nil {
			return fmt.Errorf("pass on %q: %w", failure.Message(), err)
		}
		renamed = with
	}
	return renamed.Err()
}
