package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/tests/localcloud/awsbridge"
)

// rssUnit is the unit of ru_maxrss on Linux, a KiB.
const rssUnit = 1 << 10

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

// RegisterResource lets the stack itself pass, which the SDK registers before
// the program's own code runs.
func (e *engine) RegisterResource(_ context.Context, req *pulumirpc.RegisterResourceRequest) (*pulumirpc.RegisterResourceResponse, error) {
	if req.GetType() == "pulumi:pulumi:Stack" {
		return &pulumirpc.RegisterResourceResponse{Urn: "urn:pulumi:bench::log-pipeline::pulumi:pulumi:Stack::bench"}, nil
	}
	select {
	case e.registered <- struct{}{}:
	default:
	}
	return nil, errEnough
}

func (e *engine) Log(context.Context, *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// localConfig is Pulumi.local.yaml's configuration as a language host hands it
// to the program: strings by key, with lists and objects as JSON.
func localConfig(root string) (string, error) {
	content, err := os.ReadFile(filepath.Join(root, "Pulumi.local.yaml"))
	if err != nil {
		return "", fmt.Errorf("read the local stack's configuration: %w", err)
	}
	var stack struct{ Config map[string]any }
	if err := yaml.Unmarshal(content, &stack); err != nil {
		return "", fmt.Errorf("read the local stack's configuration: %w", err)
	}
	values := map[string]string{}
	for key, value := range stack.Config {
		text, isText := value.(string)
		if !isText {
			encoded, err := json.Marshal(value)
			if err != nil {
				return "", fmt.Errorf("encode %s: %w", key, err)
			}
			text = string(encoded)
		}
		values[key] = text
	}
	handed, err := json.Marshal(values)
	return string(handed), err
}

// firstRegistration starts the program as a language host would and measures
// until it registers its first resource.
func firstRegistration(ctx context.Context, root, program string, out io.Writer) error {
	config, err := localConfig(root)
	if err != nil {
		return err
	}
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
	cmd.Env = append(os.Environ(), pulumi.EnvProject+"=log-pipeline", pulumi.EnvStack+"=bench", pulumi.EnvConfig+"="+config,
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
