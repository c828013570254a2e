package kubebridge

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// New makes a provider, which Configure gives its cluster.
func New() pulumirpc.ResourceProviderServer { return &server{} }

// Main serves the provider to the engine until the engine kills it.
func Main() error {
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(srv *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(srv, New())
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serve the provider: %w", err)
	}
	if _, err := fmt.Println(handle.Port); err != nil {
		return fmt.Errorf("tell the engine the port: %w", err)
	}
	return <-handle.Done
}
