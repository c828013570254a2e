package localcloud

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestToolsAreMadeWhenTheyAreNotThereAsPinned(t *testing.T) {
	root := t.TempDir()
	pinned, output := filepath.Join(root, "pinned"), filepath.Join(root, "output")
	made := 0
	wanted := tool{name: "a tool", output: output, pinned: []string{"pinned"}, make: func(context.Context) (string, error) {
		made++
		return "made", os.WriteFile(output, nil, 0o600)
	}}
	tools := newTools(root)
	ensure := func(context.Context, io.Writer) error { return tools.ensure(t.Context(), io.Discard, wanted) }
	for _, step := range []struct {
		name   string
		before func() error
		made   int
	}{
		{"first", func() error { return os.WriteFile(pinned, []byte("1.0"), 0o600) }, 1},
		{"again", func() error { return nil }, 1},
		{"vanished", func() error { return os.Remove(output) }, 2},
		{"pinned otherwise", func() error { return os.WriteFile(pinned, []byte("1.1"), 0o600) }, 3},
	} {
		require.NoError(t, step.before(), step.name)
		require.NoError(t, tools.locked(t.Context(), io.Discard, ensure), step.name)
		assert.Equal(t, step.made, made, step.name)
	}
}

func TestToolsAreNotMadeByTwoAtOnce(t *testing.T) {
	tools := newTools(t.TempDir())
	var working atomic.Int32
	part := func(ctx context.Context, _ io.Writer) error {
		assert.EqualValues(t, 1, working.Add(1))
		time.Sleep(50 * time.Millisecond)
		working.Add(-1)
		return ctx.Err()
	}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { assert.NoError(t, tools.locked(t.Context(), io.Discard, part)) })
	}
	all.Wait()
}
