// Command pulumi-resource-kubernetes is the plugin that the engine finds in
// the local cloud. See package kubebridge.
package main

import (
	"fmt"
	"os"

	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

func main() {
	if err := kubebridge.Main(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
