package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// engine records what a program says and does.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	pulumirpc.UnimplementedResourceMonitorServer

	mu     sync.Mutex
	shown  []string
	calls  []string
	refuse string // the call that fails
}

func (e *engine) note(call string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, call)
	if call == e.refuse {
		return errors.New(call + " refused")
	}
	return nil
}

func (e *engine) Log(_ context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shown = append(e.shown, req.GetSeverity().String()+": "+req.GetMessage())
	return &emptypb.Empty{}, nil
}

func (e *engine) SupportsFeature(context.Context, *pulumirpc.SupportsFeatureRequest) (*pulumirpc.SupportsFeatureResponse, error) {
	return &pulumirpc.SupportsFeatureResponse{}, nil
}

func (e *engine) RegisterResource(_ context.Context, req *pulumirpc.RegisterResourceRequest) (*pulumirpc.RegisterResourceResponse, error) {
	urn := "urn:pulumi:dev::logs::" + req.GetType() + "::" + req.GetName()
	return &pulumirpc.RegisterResourceResponse{Urn: urn}, e.note(req.GetName())
}

func (e *engine) RegisterResourceOutputs(context.Context, *pulumirpc.RegisterResourceOutputsRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, e.note("outputs")
}

func (e *engine) SignalAndWaitForShutdown(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, e.note("done")
}

// serve has programs of this process run for the engine, as a language host would.
func (e *engine) serve(t *testing.T) {
	t.Helper()
	stop := make(chan bool, 1)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterEngineServer(server, e)
			pulumirpc.RegisterResourceMonitorServer(server, e)
			return nil
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { stop <- true; <-handle.Done })
	address := "127.0.0.1:" + strconv.Itoa(handle.Port)
	for name, value := range map[string]string{
		pulumi.EnvProject: "logs", pulumi.EnvStack: "dev", pulumi.EnvMonitor: address, pulumi.EnvEngine: address,
	} {
		t.Setenv(name, value)
	}
}

type faults []string

func (f faults) Error() string         { return fmt.Sprintf("%d faults", len(f)) }
func (f faults) Diagnostics() []string { return f }

type headed struct{ faults }

func (h headed) Heading() string { return h.Error() + " in all" }

func TestEachThingThatIsWrongIsADiagnostic(t *testing.T) {
	register := func(ctx *pulumi.Context) error {
		return ctx.RegisterComponentResource("logs:index:Part", "part", &pulumi.ResourceState{})
	}
	for name, tc := range map[string]struct {
		body   pulumi.RunFunc
		refuse string
		shown  []string
		calls  []string
	}{
		"nothing": {
			body:  register,
			calls: []string{"logs-dev", "part", "outputs", "done"},
		},
		"faults": {
			body:  func(*pulumi.Context) error { return faults{"region: not set", "shards: out of range"} },
			shown: []string{"ERROR: region: not set", "ERROR: shards: out of range"},
			calls: []string{"logs-dev", "outputs"},
		},
		"faults under a heading": {
			body:  func(*pulumi.Context) error { return fmt.Errorf("load: %w", headed{faults{"region: not set"}}) },
			shown: []string{"INFO: 1 faults in all", "ERROR: region: not set"},
			calls: []string{"logs-dev", "outputs"},
		},
		"faults in an error": {
			body:  func(*pulumi.Context) error { return fmt.Errorf("load: %w", faults{"region: not set"}) },
			shown: []string{"ERROR: region: not set"},
			calls: []string{"logs-dev", "outputs"},
		},
		"no faults in the list": {
			body:  func(*pulumi.Context) error { return faults{} },
			shown: []string{"ERROR: 0 faults"},
			calls: []string{"logs-dev", "outputs"},
		},
		"another error": {
			body:  func(*pulumi.Context) error { return fmt.Errorf("lake: %w", errors.New("no key")) },
			shown: []string{"ERROR: lake: no key"},
			calls: []string{"logs-dev", "outputs"},
		},
		"after the body": {
			body:   register,
			refuse: "outputs",
			shown:  []string{"ERROR: waiting for RPCs: rpc error: code = Unknown desc = outputs refused"},
			calls:  []string{"logs-dev", "part", "outputs"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := &engine{refuse: tc.refuse}
			e.serve(t)
			want := constant.ExitStatusLoggedError
			if tc.shown == nil {
				want = 0
			}
			assert.Equal(t, want, run(tc.body))
			assert.Equal(t, tc.shown, e.shown)
			// A program that fails must not say that it is done: the engine would go on to delete what it did not register.
			assert.ElementsMatch(t, tc.calls, e.calls)
		})
	}
}

func TestSeveralErrorsOfARun(t *testing.T) {
	assert.Equal(t, []diagnostic{{text: "a"}, {text: "b"}, {text: "c"}}, diagnostics(list{faults{"a", "b"}, errors.New("c")}))
}

type list []error

func (l list) Error() string          { return "several" }
func (l list) WrappedErrors() []error { return l }

const asProgram = "RUN_AS_PROGRAM"

// TestMain runs this very binary as a program where a test asks for it.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		pulumi.RegisterPackage(pulumi.PackageInfo{Name: "aws"})
		Run(func(*pulumi.Context) error { return nil })
		return
	}
	os.Exit(m.Run())
}

func runAlone(t *testing.T, environment ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = slices.Concat(os.Environ(), []string{asProgram + "=true"}, environment)
	out, err := cmd.Output()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	return string(out), string(exit.Stderr), exit.ExitCode()
}

func TestWithoutAnEngineTheTerminalHasIt(t *testing.T) {
	stdout, stderr, status := runAlone(t)
	assert.Empty(t, stdout)
	assert.Equal(t, "this program is run by the Pulumi command line, as in pulumi preview: missing project name\n", stderr)
	assert.Equal(t, 1, status)
}

func TestAnEngineThatIsGone(t *testing.T) {
	_, stderr, status := runAlone(t, pulumi.EnvProject+"=logs", pulumi.EnvStack+"=dev",
		pulumi.EnvMonitor+"=127.0.0.1:1", pulumi.EnvEngine+"=127.0.0.1:1")
	assert.Contains(t, stderr, "checking monitor features")
	assert.Equal(t, 1, status)
}

func TestThePluginsAreStillPrinted(t *testing.T) {
	stdout, stderr, status := runAlone(t, "PULUMI_PLUGINS=true")
	assert.Contains(t, stdout, `{"plugins":[{"name":"aws"`)
	assert.Empty(t, stderr)
	assert.Equal(t, constant.ExitStatusLoggedError, status)
}
