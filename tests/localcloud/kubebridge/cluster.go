package kubebridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// answerTime is how long one request to the API server may take.
const answerTime = 30 * time.Second

// Cluster is an API server and what it knows.
type Cluster struct {
	objects dynamic.Interface
	http    *http.Client
	url     string
	// namespace is the one of the kubeconfig's context.
	namespace string

	mu    sync.Mutex
	kinds map[schema.GroupVersion]map[string]*kindOfObject
}

// kindOfObject is how the API server serves a kind.
type kindOfObject struct {
	resource   schema.GroupVersionResource
	namespaced bool
}

// Connect makes a client from a kubeconfig, which is a file's path or the
// content of one, and one of its contexts, empty for its current one. It sends
// nothing yet.
func Connect(kubeconfig, context string) (*Cluster, error) {
	read, err := readKubeconfig(kubeconfig)
	if err != nil {
		return nil, err
	}
	client := clientcmd.NewNonInteractiveClientConfig(*read, context, &clientcmd.ConfigOverrides{}, nil)
	config, err := client.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	namespace, _, err := client.Namespace()
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	config.QPS = -1 // an `up` sends its objects at once
	config.Timeout = answerTime
	config.WarningHandler = rest.NoWarnings{}
	httpClient, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	objects, err := dynamic.NewForConfigAndClient(config, httpClient)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	server, _, err := rest.DefaultServerUrlFor(config)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	return &Cluster{
		objects: objects, http: httpClient, url: server.String(), namespace: namespace,
		kinds: map[schema.GroupVersion]map[string]*kindOfObject{},
	}, nil
}

func readKubeconfig(kubeconfig string) (*clientcmdapi.Config, error) {
	if _, err := os.Stat(kubeconfig); err == nil {
		read, err := clientcmd.LoadFromFile(kubeconfig)
		if err != nil {
			return nil, fmt.Errorf("kubeconfig %s: %w", kubeconfig, err)
		}
		return read, clientcmd.ResolveLocalPaths(read)
	}
	read, err := clientcmd.Load([]byte(kubeconfig))
	if err != nil || len(read.Clusters) == 0 {
		return nil, errors.New("kubeconfig is neither the path of a file that is there nor a kubeconfig's content")
	}
	return read, nil
}

// fetch requests a path of the API server and returns nil if there is no such one.
func (c *Cluster) fetch(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the API server: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, fmt.Errorf("ask the API server: %w", err)
	case response.StatusCode == http.StatusNotFound:
		return nil, nil
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ask the API server for %s: %s: %s", path, response.Status, content)
	}
	return content, nil
}

// Ready tells whether the API server answers that it is.
func (c *Cluster) Ready(ctx context.Context) bool {
	answer, err := c.fetch(ctx, "/readyz")
	return err == nil && string(answer) == "ok"
}

// lookup returns how the API server serves a kind, nil if it does not.
func (c *Cluster) lookup(ctx context.Context, of schema.GroupVersionKind) (*kindOfObject, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.kinds[of.GroupVersion()][of.Kind]; known != nil {
		return known, nil
	}
	path := "/apis/" + of.GroupVersion().String()
	if of.Group == "" {
		path = "/api/" + of.Version
	}
	content, err := c.fetch(ctx, path)
	if err != nil || content == nil {
		return nil, err
	}
	var served metav1.APIResourceList
	if err := json.Unmarshal(content, &served); err != nil {
		return nil, fmt.Errorf("read the API server's kinds of %s: %w", of.GroupVersion(), err)
	}
	kinds := map[string]*kindOfObject{}
	for _, r := range served.APIResources {
		// A subresource has the kind of another: serviceaccounts/token, deployments/scale.
		if !strings.Contains(r.Name, "/") {
			kinds[r.Kind] = &kindOfObject{resource: of.GroupVersion().WithResource(r.Name), namespaced: r.Namespaced}
		}
	}
	c.kinds[of.GroupVersion()] = kinds
	return kinds[of.Kind], nil
}
