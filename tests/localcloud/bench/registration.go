package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/log-pipeline/tests/localcloud/awsbridge"
)

// rssUnit is the unit of ru_maxrss: bytes on macOS, KiB elsewhere.
var rssUnit = map[bool]uint64{true: 1, false: 1 << 10}[runtime.GOOS == "darwin"]

// binaryName is the program's file name without its version and links resolved.
func binaryName(path string) string {
	name := filepath.Base(path)
	if strings.HasPrefix(name, awsbridge.UpstreamBinary) {
		return awsbridge.UpstreamBinary
	}
	return name
}

// engine answers a program up to its first registration, and refuses that.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	pulumirpc.UnimplementedResourceMonitorServer

	registered chan struct{}
}

var errEnough = errors.New("that was all that is measured")

func (e *engine) SupportsFeature(context.Context, *pulumirpc.SupportsFeatureRequest) (*pulumirpc.SupportsFeatureResponse, error) {
	return &pulumirpc.SupportsFeatureResponse{HasSupport: false}, nil
}

func (e *engine) RegisterResource(context.Context, *pulumirpc.RegisterResourceRequest) (*pulumirpc.RegisterResourceResponse, error) {
	select {
	case e.registered <- struct{}{}:
	default:
	}
	return nil, errEnough
}

func (e *engine) Log(context.Context, *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// firstRegistration starts the program as a language host would and measures
// until it registers its first resource.
func firstRegistration(ctx context.Context, program string, out io.Writer) error {
	e := &engine{registered: make(chan struct{}, 1)}
	stop := make(chan bool, 1)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterEngineServer(server, e)
			pulumirpc.RegisterResourceMonitorServer(server, e)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serve the program that is measured: %w", err)
	}
	defer func() { stop <- true; <-handle.Done }()

	address := "127.0.0.1:" + strconv.Itoa(handle.Port)
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), pulumi.EnvProject+"=log-pipeline", pulumi.EnvStack+"=bench", pulumi.EnvConfig+"={}",
		pulumi.EnvMonitor+"="+address, pulumi.EnvEngine+"="+address, pulumi.EnvDryRun+"=true")
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the program: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-e.registered:
		figure(out, "program start to first registration", seconds(time.Since(start)), "")
	case err := <-ended:
		return fmt.Errorf("the program ended before it registered anything: %w", err)
	}
	<-ended
	return nil
}
