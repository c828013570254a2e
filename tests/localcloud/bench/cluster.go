package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/kubebridge"
	"example.com/log-pipeline/tests/operator/rendering"
)

// serverStart starts an API server until it knows the operator's kinds.
func serverStart(ctx context.Context, root, dir string, out io.Writer) error {
	tools, err := localcloud.EnsureTools(ctx, root, io.Discard)
	if err != nil {
		return err
	}
	start := time.Now()
	server, err := tools.StartServer(ctx, dir)
	if err != nil {
		return err
	}
	figure(out, "API server start", seconds(time.Since(start)), "under 60 s")
	server.Kill()
	return nil
}

// objects has the API server validate every Kubernetes object of the program,
// and the operator render them.
func objects(ctx context.Context, c *localcloud.Cloud, out io.Writer) error {
	resources, err := c.Objects()
	if err != nil {
		return err
	}
	var all []*unstructured.Unstructured
	for _, r := range resources {
		// Through JSON, so that whole numbers are such again.
		content, err := json.Marshal(r.Inputs)
		if err != nil {
			return fmt.Errorf("encode %s: %w", r.URN, err)
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(content); err != nil {
			return fmt.Errorf("read %s: %w", r.URN, err)
		}
		all = append(all, object)
	}
	figure(out, "Kubernetes objects", fmt.Sprint(len(all)), "")
	cluster, err := kubebridge.Connect(c.Kubeconfig(), "")
	if err != nil {
		return err
	}
	start := time.Now()
	for _, object := range all {
		if err := cluster.TryApply(ctx, object); err != nil {
			return fmt.Errorf("strict validation: %w", err)
		}
	}
	figure(out, "strict validation of all of them", seconds(time.Since(start)), "")
	start = time.Now()
	if _, err := rendering.Render(ctx, all); err != nil {
		return fmt.Errorf("rendering: %w", err)
	}
	figure(out, "rendering of their configuration", seconds(time.Since(start)), "")
	return nil
}
