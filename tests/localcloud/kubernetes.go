package localcloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/log-pipeline/tests/localcloud/apiserver"
	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

// ensureCluster builds what the cloud's own API server is made of, unless the
// user names a cluster, and the provider that applies objects to either.
func (t *Tools) ensureCluster(ctx context.Context, out io.Writer) error {
	if os.Getenv(KubeconfigVariable) == "" {
		err := t.ensure(ctx, out, t.goTool("etcd "+etcdVersion, "tools/kubernetes",
			"go.etcd.io/etcd/server/v3", t.server.Etcd, "-s -w"))
		if err != nil {
			return err
		}
		err = t.ensure(ctx, out, t.goTool("kube-apiserver "+kubernetesVersion, "tools/kubernetes",
			"k8s.io/kubernetes/cmd/kube-apiserver", t.server.APIServer, "-s -w"))
		if err != nil {
			return err
		}
	}
	err := t.ensure(ctx, out, tool{
		name:   "operator kinds",
		output: t.definitions,
		pinned: []string{"tests/operator/go.mod", "tests/operator/crds.go"},
		make: func(ctx context.Context) (string, error) {
			return "made from its Go types", t.command(ctx, filepath.Join(t.root, "tests", "operator"), "go", "run", "./cmd/operator-crds", t.definitions)
		},
	})
	if err != nil {
		return err
	}
	return t.buildOwn(ctx, out, "pulumi-resource-kubernetes", filepath.Dir(t.objectsPlugin))
}

// Kubeconfig is the path of the file by which clients reach the cluster that
// holds the program's objects. Its one context is called local.
func (c *Cloud) Kubeconfig() string {
	if c.user != nil {
		return c.userKubeconfig()
	}
	return c.server.Kubeconfig()
}

// serverSource is the hash of what the API server is started from.
func serverSource(tools *Tools) (string, error) {
	hash := sha256.New()
	_, _ = io.WriteString(hash, strings.Join(append(apiserver.Flags(), kubernetesVersion, etcdVersion), "\n"))
	definitions, err := os.ReadFile(tools.definitions)
	if err != nil {
		return "", fmt.Errorf("read the definitions of the operator's kinds: %w", err)
	}
	hash.Write(definitions)
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// StartServer starts an API server that knows the operator's kinds, for the
// cloud in dir: Processes finds its two processes.
func (t *Tools) StartServer(ctx context.Context, dir string) (*apiserver.Server, error) {
	source, err := serverSource(t)
	if err != nil {
		return nil, err
	}
	definitions, err := os.ReadFile(t.definitions)
	if err != nil {
		return nil, fmt.Errorf("read the definitions of the operator's kinds: %w", err)
	}
	return apiserver.Start(ctx, t.server, serverDir(dir), environment(dir), source, definitions)
}

// serverDir is the folder of a cloud's own API server.
func serverDir(cloud string) string { return filepath.Join(cloud, "kubernetes") }

func (c *Cloud) startServer(ctx context.Context) error {
	return step(c.out, "API server", func() (string, error) {
		var err error
		if c.server, err = c.tools.StartServer(ctx, c.dir); err != nil {
			return "", err
		}
		return "listens on " + c.server.URL(), nil
	})
}

// defineKinds adds the operator's kinds to the user's cluster where they are
// missing, and changes none that is there.
func (c *Cloud) defineKinds(ctx context.Context) error {
	return step(c.out, "cluster "+c.user.context, func() (string, error) {
		definitions, err := os.ReadFile(c.tools.definitions)
		if err != nil {
			return "", fmt.Errorf("read the definitions of the operator's kinds: %w", err)
		}
		cluster, err := kubebridge.Connect(c.userKubeconfig(), "")
		if err != nil {
			return "", err
		}
		missing, err := cluster.Define(ctx, definitions)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s, with %d of the operator's kinds added", c.user.server, missing), nil
	})
}
