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
)

// lockFile is the first file of a cloud's folder, and so its mark.
const lockFile = "lock"

// Cloud is one emulator and the state of one stack, in a folder.
type Cloud struct {
	engine
	out      io.Writer
	lock     *flock.Flock
	emulator *emulator
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

// Close gives the cloud back. The emulator goes on.
func (c *Cloud) Close() error {
	return c.lock.Unlock()
}

// Endpoint is the URL of the emulator, for clients of AWS. Any credentials do.
func (c *Cloud) Endpoint() string { return c.emulator.endpoint() }

// Up makes the emulator hold what the program describes. It goes on from what
// an interrupted Up made.
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

// Destroy has the engine delete all that Up made. The emulator goes on, empty.
func (c *Cloud) Destroy(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.step(ctx, "destroy", "--yes", "--skip-preview", "--stack", stackName)
}

// Down ends the emulator and everything else that the cloud started, and
// removes its folder. The tools stay.
func (c *Cloud) Down(ctx context.Context) error {
	if err := killAll(ctx, c.dir); err != nil {
		return err
	}
	return os.RemoveAll(c.dir)
}

// Abandon ends at once whatever works for the cloud in dir, but for its
// emulator. The next run finds the state in doubt and starts afresh.
func Abandon(dir string) error {
	dir, err := makeFolder(dir)
	if err != nil {
		return err
	}
	found, err := readEmulator(filepath.Join(dir, "emulator.json"))
	if err != nil || found == nil {
		return errors.Join(err, killAll(context.Background(), dir))
	}
	return killAll(context.Background(), dir, found.PID)
}

// step runs the engine, and leaves no process of it behind.
func (c *Cloud) step(ctx context.Context, args ...string) error {
	err := c.run(ctx, c.out, args...)
	err = errors.Join(err, killAll(context.WithoutCancel(ctx), c.dir, c.emulator.PID))
	if err == nil || errors.Is(err, ErrInterrupted) || c.emulator.alive(context.WithoutCancel(ctx)) {
		return err
	}
	return fmt.Errorf("the emulator ended while the engine worked (its log is %s): the next run starts it and the state afresh",
		filepath.Join(c.dir, "emulator.log"))
}

// ready has the tools, an emulator and a state that describes what it holds.
func (c *Cloud) ready(ctx context.Context) error {
	if c.emulator != nil {
		return c.prepare(ctx, c.Endpoint())
	}
	tools, err := EnsureTools(ctx, c.tools.root, c.out)
	if err != nil {
		return err
	}
	c.tools = tools
	if err := c.reuse(ctx); err != nil {
		return err
	}
	if c.emulator == nil {
		err := step(c.out, "emulator", func() (string, error) {
			c.emulator, err = startEmulator(ctx, c.tools, c.dir)
			if err != nil {
				return "", err
			}
			return "listens on " + c.Endpoint(), nil
		})
		if err != nil {
			return err
		}
	}
	return c.prepare(ctx, c.Endpoint())
}

// reuse takes up the emulator of an earlier run, if it and the state can still
// belong together. Otherwise it says why, and ends and removes both.
func (c *Cloud) reuse(ctx context.Context) error {
	found, err := readEmulator(filepath.Join(c.dir, "emulator.json"))
	if err != nil {
		return err
	}
	exists, doubtful, err := c.state()
	if err != nil {
		return err
	}
	alive := found != nil && found.alive(ctx)
	current := alive && found.current(c.tools)
	if current && exists && !doubtful {
		c.emulator = found
		_, _ = fmt.Fprintf(c.out, "  %-28s still listens on %s\n", "emulator", found.endpoint())
		return killAll(ctx, c.dir, found.PID)
	}
	switch {
	case exists && !alive:
		_, _ = fmt.Fprintln(c.out, "The emulator that held the resources is gone, so the state describes nothing: starting both afresh.")
	case alive && !current:
		_, _ = fmt.Fprintln(c.out, "The emulator runs an older version of this project's code: starting it and the state afresh.")
	case doubtful:
		_, _ = fmt.Fprintln(c.out, "The last run was killed at work, so state and emulator may not match: starting both afresh.")
	}
	if err := killAll(ctx, c.dir); err != nil {
		return err
	}
	for _, left := range []string{c.stateDir(), c.projectDir(), filepath.Join(c.dir, "emulator.json")} {
		if err := os.RemoveAll(left); err != nil {
			return fmt.Errorf("remove what the last run left: %w", err)
		}
	}
	return nil
}
