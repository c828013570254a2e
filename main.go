// Command log-pipeline is the Pulumi program: package stacks says what an
// environment is, and Pulumi.yaml how it is configured.
package main

import (
	"example.com/log-pipeline/internal/program"
	"example.com/log-pipeline/stacks"
)

func main() {
	program.Run(stacks.Deploy)
}
