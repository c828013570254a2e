package awsbridge

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	// BridgeBinary is Pulumi's dynamic bridge, beside the adapter's own binary.
	BridgeBinary = "terraform-bridge"
	// UpstreamBinary is the provider that the bridge runs, beside it too.
	UpstreamBinary = "terraform-provider-aws"

	// superviseCommand is the argument with which the adapter starts itself to
	// watch over the bridge.
	superviseCommand = "supervise"
	// messageBytes is the engine's own limit for one message, 400 MB
	// (pulumi/sdk go/common/util/rpcutil).
	messageBytes = 400 << 20
)

// Main serves the provider to the engine whose address is the last argument,
// until the engine kills it.
func Main(args []string) error {
	if len(args) > 1 && args[1] == superviseCommand {
		return supervise(args[2:])
	}
	engine := ""
	if len(args) > 1 {
		engine = args[len(args)-1]
	}
	self, err := ownPath()
	if err != nil {
		return fmt.Errorf("find the adapter's own folder: %w", err)
	}
	lifeline, bridge, err := startBridge(self, engine)
	if err != nil {
		return err
	}
	defer func() { _ = lifeline.Close() }()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(srv *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(srv, &server{bridge: bridge})
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

// ownPath is where the adapter's binary stands; the engine may have started it
// through a link.
func ownPath() (string, error) {
	link, err := os.Executable()
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(link)
}

// startBridge starts the bridge with the upstream provider under a supervisor,
// so that neither outlives the adapter however it ends: each holds 550 MB.
// They live as long as the lifeline is open.
func startBridge(self, engine string) (lifeline io.Closer, bridge pulumirpc.ResourceProviderClient, err error) {
	dir := filepath.Dir(self)
	cmd := exec.Command(self, superviseCommand, filepath.Join(dir, BridgeBinary), engine)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stderr = os.Stderr
	lifeline, err = cmd.StdinPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("make the supervisor's pipe: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("read the bridge's port: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("start the bridge: %w", err)
	}
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, nil, fmt.Errorf("the bridge ended before it gave its port: %w", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	conn, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(port),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(messageBytes)))
	if err != nil {
		return nil, nil, fmt.Errorf("connect to the bridge: %w", err)
	}
	client := pulumirpc.NewResourceProviderClient(conn)
	return lifeline, client, parameterize(client, filepath.Join(dir, UpstreamBinary))
}

func parameterize(client pulumirpc.ResourceProviderClient, upstream string) error {
	args := append([]string{upstream, "--provider-name=aws"}, includes()...)
	_, err := client.Parameterize(context.Background(), &pulumirpc.ParameterizeRequest{
		Parameters: &pulumirpc.ParameterizeRequest_Args{
			Args: &pulumirpc.ParameterizeRequest_ParametersArgs{Args: args},
		},
	})
	if err != nil {
		return fmt.Errorf("load %s: %w", upstream, err)
	}
	return nil
}

// supervise runs the command in its own process group and kills the whole
// group, the command's children included, when standard input ends.
func supervise(command []string) error {
	if len(command) == 0 {
		return errors.New("supervise: no command given")
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", command[0], err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = syscall.Kill(0, syscall.SIGKILL)
	}()
	return cmd.Wait()
}
