package localcloud

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"example.com/log-pipeline/tests/localcloud/apiserver"
)

const (
	// KubeconfigVariable is the environment variable with the kubeconfig of a
	// cluster to use instead of the cloud's own API server. KUBECONFIG itself is
	// not looked at: it may lead to production.
	KubeconfigVariable = "LOG_PIPELINE_KUBECONFIG"
	// ContextVariable is the one with that kubeconfig's context, where it is not
	// the current one.
	ContextVariable = "LOG_PIPELINE_KUBECONTEXT"
)

// userCluster is a cluster that the user names. The cloud neither starts nor
// ends it. It adds the operator's kinds that are missing, which stay, and the
// program's objects, which the engine deletes at Destroy and Down. When it has
// to start afresh, since the emulator is gone or a run was killed, the objects
// stay and the next Up takes them up again.
type userCluster struct {
	// context is its name in the user's kubeconfig, server its URL.
	context, server string
	config          *clientcmdapi.Config
}

// namedCluster returns the cluster that the environment names, nil if it names none.
func namedCluster() (*userCluster, error) {
	file, context := os.Getenv(KubeconfigVariable), os.Getenv(ContextVariable)
	if file == "" {
		if context != "" {
			return nil, fmt.Errorf("%s is %q, and %s is not set: name the context's file too", ContextVariable, context, KubeconfigVariable)
		}
		return nil, nil
	}
	config, err := clientcmd.LoadFromFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", KubeconfigVariable, err)
	}
	if context != "" {
		config.CurrentContext = context
	}
	if _, ok := config.Contexts[config.CurrentContext]; !ok {
		return nil, fmt.Errorf("%s: %s has no context %q: allowed are %s", ContextVariable, file, config.CurrentContext,
			strings.Join(slices.Sorted(maps.Keys(config.Contexts)), ", "))
	}
	if err := errors.Join(clientcmd.ResolveLocalPaths(config), clientcmdapi.MinifyConfig(config)); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", KubeconfigVariable, file, err)
	}
	return newUserCluster(config), nil
}

func newUserCluster(config *clientcmdapi.Config) *userCluster {
	name := config.CurrentContext
	return &userCluster{context: name, server: config.Clusters[config.Contexts[name].Cluster].Server, config: config}
}

// userKubeconfig is the copy that has the one context only.
func (e *engine) userKubeconfig() string { return filepath.Join(e.dir, "user-kubeconfig") }

// keep writes the cluster's kubeconfig for this run and the next, with the
// context under the name that the local stack has for it.
func (u *userCluster) keep(file string) error {
	config := u.config.DeepCopy()
	config.Contexts[apiserver.ContextName] = config.Contexts[u.context]
	config.CurrentContext = apiserver.ContextName
	if err := clientcmd.WriteToFile(*config, file); err != nil {
		return fmt.Errorf("write the kubeconfig: %w", err)
	}
	return nil
}

// lastCluster returns the user's cluster of the last run, nil if that had none.
func (e *engine) lastCluster() (*userCluster, error) {
	config, err := clientcmd.LoadFromFile(e.userKubeconfig())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the last run's kubeconfig: %w", err)
	}
	for name := range config.Contexts {
		if name != apiserver.ContextName || len(config.Contexts) == 1 {
			config.CurrentContext = name
		}
	}
	if config.Contexts[config.CurrentContext] == nil {
		return nil, fmt.Errorf("the last run's kubeconfig %s has no context", e.userKubeconfig())
	}
	return newUserCluster(config), nil
}
