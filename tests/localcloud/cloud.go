package localcloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/gofrs/flock"

	"example.com/log-pipeline/tests/localcloud/apiserver"
	"example.com/log-pipeline/tests/localcloud/searchfront"
)

// lockFile is the first file of a cloud's folder, and so its mark.
const lockFile = "lock"

// Cloud is one emulator, one cluster and the state of one stack, in a folder.
type Cloud struct {
	engine
	out      io.Writer
	lock     *flock.Flock
	emulator *emulator
	// server is the cloud's own API server, nil with a cluster of the user's.
	server *apiserver.Server
	user   *userCluster
	// search is the endpoint of the search domain, nil where the stack has none.
	search *searchfront.Process
}

// Open takes the cloud in dir for this process alone; its tools stand below
// root, the project's folder. Close gives it back. It needs Linux, since it
// finds the processes of a killed run by their environment, in /proc.
func Open(root, dir string, out io.Writer) (*Cloud, error) {
	if runtime.GOOS != "linux" {
		return nil, fmt.Errorf("the local cloud runs on Linux only, and this is %s", runtime.GOOS)
	}
	dir, err := makeFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("make the local cloud's folder: %w", err)
	}
	if err := checkIsCloud(dir); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	free, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if !free {
		return nil, fmt.Errorf("the local cloud in %s is in use by another run: wait for it, or end it", dir)
	}
	return &Cloud{engine: engine{tools: &Tools{root: root}, dir: dir}, out: out, lock: lock}, nil
}

// makeFolder makes dir and returns its one name, whatever links lead to it:
// processes are found by it.
func makeFolder(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	return filepath.Abs(dir)
}

// checkIsCloud refuses a folder that holds something else: Down removes it.
func checkIsCloud(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read the local cloud's folder: %w", err)
	}
	isLock := func(entry os.DirEntry) bool { return entry.Name() == lockFile }
	if len(entries) > 0 && !slices.ContainsFunc(entries, isLock) {
		return fmt.Errorf("%s is not empty and no local cloud's folder: name another, or an empty one", dir)
	}
	return nil
}

// Close gives the cloud back. The emulator, the API server and the search domain go on.
func (c *Cloud) Close() error {
	return c.lock.Unlock()
}

// Endpoint is the URL of the emulator, for clients of AWS. Any credentials do.
func (c *Cloud) Endpoint() string { return c.emulator.endpoint() }

// Up makes the emulator and the cluster hold what the program describes. It goes
// on from what an interrupted Up made.
func (c *Cloud) Up(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.step(ctx, "up", "--yes", "--skip-preview", "--stack", stackName)
}

// Preview shows what Up would change. With expectNone a change is an error.
func (c *Cloud) Preview(ctx context.Context, expectNone bool) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	args := []string{"preview", "--diff", "--stack", stackName}
	if expectNone {
		args = append(args, "--expect-no-changes")
	}
	return c.step(ctx, args...)
}

// Refresh has the engine read what the emulator and the cluster hold, whoever
// has changed it.
func (c *Cloud) Refresh(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.step(ctx, "refresh", "--yes", "--skip-preview", "--stack", stackName)
}

// Destroy has the engine delete all that Up made. The emulator and the cluster
// go on, empty. So does the search domain, with its logs.
func (c *Cloud) Destroy(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.step(ctx, "destroy", "--yes", "--skip-preview", "--stack", stackName)
}

// Down ends the emulator, the API server, the search domain and everything else
// that the cloud started, and removes its folder. The tools stay. From a cluster of the user's
// it has the engine delete the program's objects first, and nothing else.
func (c *Cloud) Down(ctx context.Context) error {
	if err := c.removeObjects(ctx); err != nil {
		return err
	}
	if err := killAll(ctx, c.dir); err != nil {
		return err
	}
	return os.RemoveAll(c.dir)
}

// Abandon ends at once whatever works for the cloud in dir, but for its
// emulator, API server and search domain. The next run finds the state in doubt and starts afresh.
func Abandon(dir string) error {
	dir, err := makeFolder(dir)
	if err != nil {
		return err
	}
	cloud := &Cloud{engine: engine{dir: dir}}
	var faults [3]error
	cloud.emulator, faults[0] = readEmulator(emulatorFile(dir))
	cloud.server, faults[1] = apiserver.Read(serverDir(dir))
	cloud.search, faults[2] = searchfront.Read(searchDir(dir))
	return errors.Join(append(faults[:], killAll(context.Background(), dir, cloud.lasting()...))...)
}

// lasting are the processes that outlive a run.
func (c *Cloud) lasting() []int32 {
	var lasting []int32
	if c.emulator != nil {
		lasting = append(lasting, c.emulator.PID)
	}
	if c.server != nil {
		lasting = append(lasting, c.server.PIDs...)
	}
	if c.search != nil {
		lasting = append(lasting, c.search.PIDs...)
	}
	return lasting
}

// step runs the engine, and leaves no process of it behind.
func (c *Cloud) step(ctx context.Context, args ...string) error {
	err := c.run(ctx, c.out, args...)
	lasting := context.WithoutCancel(ctx)
	err = errors.Join(err, killAll(lasting, c.dir, c.lasting()...))
	switch {
	case err == nil || errors.Is(err, ErrInterrupted):
		return err
	case !c.emulator.alive(lasting):
		return fmt.Errorf("the emulator ended while the engine worked (its log is %s): the next run starts all afresh",
			filepath.Join(c.dir, "emulator.log"))
	case c.server != nil && !c.server.Alive(lasting):
		return fmt.Errorf("the API server ended while the engine worked (its logs are in %s): the next run starts all afresh", serverDir(c.dir))
	case c.search != nil && !c.search.Alive(lasting):
		return fmt.Errorf("the search domain ended while the engine worked (its logs are in %s): the next run starts all afresh", searchDir(c.dir))
	}
	return err
}

// ready has the tools, an emulator, a cluster and a state that describes what
// they hold.
func (c *Cloud) ready(ctx context.Context) error {
	if c.emulator == nil {
		if err := c.start(ctx); err != nil {
			return err
		}
	}
	reach := map[string]any{endpointKey: c.Endpoint(), kubeconfigKey: c.Kubeconfig()}
	overlay(reach, c.searchReach())
	return c.prepare(ctx, reach)
}

func (c *Cloud) start(ctx context.Context) error {
	var err error
	if c.user == nil {
		if c.user, err = namedCluster(); err != nil {
			return err
		}
	}
	c.own = c.user == nil
	if c.tools, err = EnsureTools(ctx, c.tools.root, c.out); err != nil {
		return err
	}
	search, err := c.wantedSearch(ctx)
	if err != nil {
		return err
	}
	if err := c.reuse(ctx, search); err != nil {
		return err
	}
	if c.user != nil {
		if err := errors.Join(c.user.keep(c.userKubeconfig()), c.defineKinds(ctx)); err != nil {
			return err
		}
	}
	if c.emulator != nil {
		return nil
	}
	// OpenSearch takes the longest to start, so it is waited for last.
	if err := c.startSearch(ctx, search); err != nil {
		return err
	}
	if c.own {
		if err := c.startServer(ctx); err != nil {
			return err
		}
	}
	if err := c.startEmulator(ctx); err != nil {
		return err
	}
	return c.awaitSearch(ctx)
}

// StartEmulator starts the emulator alone, for work that needs neither the program nor a cluster. Down ends it.
func (c *Cloud) StartEmulator(ctx context.Context) error {
	c.tools = newTools(c.tools.root)
	if err := c.tools.locked(ctx, c.out, c.tools.ensurePython); err != nil {
		return err
	}
	return c.startEmulator(ctx)
}

func (c *Cloud) startEmulator(ctx context.Context) error {
	return step(c.out, "emulator", func() (string, error) {
		var err error
		if c.emulator, err = startEmulator(ctx, c.tools, c.dir, c.searchEnvironment()); err != nil {
			return "", err
		}
		return "listens on " + c.Endpoint(), nil
	})
}
