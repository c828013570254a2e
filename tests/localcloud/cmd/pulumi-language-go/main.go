// Command pulumi-language-go is the local cloud's host for Go programs: it
// builds the program and runs it, with the settings that the engine gives, as
// the official host of that name does. The official one is not a Go module, so
// it cannot be built here; whoever has it installed uses it, and not this.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/log-pipeline/tests/localcloud"
)

func main() {
	if err := serve(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(engine string) error {
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(srv *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(srv, &host{engine: engine})
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serve the language host: %w", err)
	}
	if _, err := fmt.Println(handle.Port); err != nil {
		return fmt.Errorf("tell the engine the port: %w", err)
	}
	return <-handle.Done
}

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine string
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "1.0.0"}, nil
}

// GetRequiredPackages names none: the plugins stand on the PATH.
func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (
	*pulumirpc.GetRequiredPackagesResponse, error,
) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// Run builds the program and runs it once. A program that fails has told the
// engine why; only what it could not tell is an error here.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	binary, err := build(ctx, req.GetInfo())
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	env, err := h.environment(req)
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, binary, req.GetArgs()...)
	program.Dir = req.GetPwd()
	program.Env = append(os.Environ(), env...)
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	return ended(program.Run()), nil
}

// ended tells the engine how the program ended, as the official host does.
func ended(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == constant.ExitStatusLoggedError:
		return &pulumirpc.RunResponse{Bail: true}
	default:
		return &pulumirpc.RunResponse{Error: "the program ended with an error: " + err.Error()}
	}
}

func build(ctx context.Context, info *pulumirpc.ProgramInfo) (string, error) {
	dir := os.Getenv(localcloud.Marker)
	if dir == "" {
		return "", fmt.Errorf("%s is not set: this host belongs to the local cloud", localcloud.Marker)
	}
	// Always the same file: Go links only a program that changed, which takes seconds.
	binary := filepath.Join(dir, "program")
	if out, err := localcloud.BuildProgram(ctx, info.GetProgramDirectory(), binary).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return binary, nil
}

// environment is what the Go SDK reads in pulumi.Run.
func (h *host) environment(req *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(req.GetConfig())
	if err != nil {
		return nil, fmt.Errorf("encode the configuration: %w", err)
	}
	secrets, err := json.Marshal(req.GetConfigSecretKeys())
	if err != nil {
		return nil, fmt.Errorf("encode the names of the secrets: %w", err)
	}
	return []string{
		pulumi.EnvOrganization + "=" + req.GetOrganization(),
		pulumi.EnvProject + "=" + req.GetProject(),
		pulumi.EnvPulumiRootDirectory + "=" + req.GetInfo().GetRootDirectory(),
		pulumi.EnvStack + "=" + req.GetStack(),
		pulumi.EnvConfig + "=" + string(config),
		pulumi.EnvConfigSecretKeys + "=" + string(secrets),
		pulumi.EnvDryRun + "=" + strconv.FormatBool(req.GetDryRun()),
		pulumi.EnvParallel + "=" + strconv.Itoa(int(req.GetParallel())),
		pulumi.EnvMonitor + "=" + req.GetMonitorAddress(),
		pulumi.EnvEngine + "=" + h.engine,
	}, nil
}
