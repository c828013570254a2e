// Command log-pipeline is the Pulumi program: package stacks says what an
// environment is, and Pulumi.yaml how it is configured.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/stacks"
)

func main() {
	pulumi.Run(stacks.Deploy)
}
