// Package bench measures what the program costs: to build, to preview and to
// bring up in the local cloud. `make bench` prints it. Nothing here decides
// whether a figure is good; the aims stand beside the figures.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/awsbridge"
)

// Run measures everything and prints a line for each figure. It takes minutes.
func Run(ctx context.Context, root string, out io.Writer) error {
	scratch, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return fmt.Errorf("make a folder to measure in: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	program := filepath.Join(scratch, "program")
	if err := coldBuild(ctx, root, scratch, program, out); err != nil {
		return err
	}
	if err := firstRegistration(ctx, root, program, out); err != nil {
		return err
	}
	if err := serverStart(ctx, root, filepath.Join(scratch, "server"), out); err != nil {
		return err
	}
	return cloud(ctx, root, filepath.Join(scratch, "cloud"), out)
}

func figure(out io.Writer, name, value, aim string) {
	if aim != "" {
		aim = "  (aim: " + aim + ")"
	}
	_, _ = fmt.Fprintf(out, "%-38s %12s%s\n", name, value, aim)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func gibibytes(bytes uint64) string { return fmt.Sprintf("%.2f GiB", float64(bytes)/(1<<30)) }

func cloud(ctx context.Context, root, dir string, out io.Writer) error {
	if _, err := localcloud.EnsureTools(ctx, root, io.Discard); err != nil {
		return err
	}
	c, err := localcloud.Open(root, dir, io.Discard)
	if err != nil {
		return err
	}
	defer func() {
		_ = c.Down(context.WithoutCancel(ctx))
		_ = c.Close()
	}()
	if _, err := measured(ctx, dir, out, "up from nothing", "", c.Up); err != nil {
		return err
	}
	resources, err := c.Resources(ctx)
	if err != nil {
		return err
	}
	figure(out, "AWS resources", fmt.Sprint(len(resources)), "")
	if err := objects(ctx, c, out); err != nil {
		return err
	}
	peaks, err := measured(ctx, dir, out, "preview without a change", "under 20 s", func(ctx context.Context) error {
		return c.Preview(ctx, true)
	})
	if err != nil {
		return err
	}
	if _, err := measured(ctx, dir, out, "up without a change", "", c.Up); err != nil {
		return err
	}
	for _, p := range []struct{ binary, name string }{
		{"program", "program"}, {"pulumi", "engine"}, {"pulumi-resource-aws", "provider's adapter"},
		{awsbridge.BridgeBinary, "provider's bridge"}, {awsbridge.UpstreamBinary, "upstream provider"},
		{"pulumi-resource-kubernetes", "objects' provider"}, {"kube-apiserver", "API server"}, {"etcd", "etcd"},
	} {
		figure(out, "memory at preview, "+p.name, gibibytes(peaks[p.binary]), "")
	}
	_, err = measured(ctx, dir, out, "destroy", "", c.Destroy)
	return err
}

// measured times a step and returns the largest resident memory of each of the
// cloud's programs meanwhile.
func measured(ctx context.Context, dir string, out io.Writer, name, aim string, do func(context.Context) error) (map[string]uint64, error) {
	sampling, stop := context.WithCancel(ctx)
	peaks := make(chan map[string]uint64, 1)
	go func() { peaks <- samplePeaks(sampling, dir) }()
	start := time.Now()
	err := do(ctx)
	took := time.Since(start)
	stop()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	figure(out, name, seconds(took), aim)
	return <-peaks, nil
}

func samplePeaks(ctx context.Context, dir string) map[string]uint64 {
	peaks := map[string]uint64{}
	for ctx.Err() == nil {
		running, err := localcloud.Processes(dir)
		if err != nil {
			return peaks
		}
		for _, p := range running {
			binary, err := p.ExeWithContext(ctx)
			memory, memoryErr := p.MemoryInfoWithContext(ctx)
			if err == nil && memoryErr == nil {
				name := binaryName(binary)
				peaks[name] = max(peaks[name], memory.RSS)
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	return peaks
}
