// Command pulumi-resource-aws is the plugin that the engine finds on the PATH
// of the local cloud. See package awsbridge.
package main

import (
	"fmt"
	"os"

	"example.com/log-pipeline/tests/localcloud/awsbridge"
)

func main() {
	if err := awsbridge.Main(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
