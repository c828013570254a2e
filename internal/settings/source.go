package settings

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Source is the configuration of a stack as Pulumi hands it over.
type Source struct {
	// Project is the namespace of the keys.
	Project string
	// Stack is the stack's name.
	Stack string
	// Values by full key, such as log-pipeline:stream. Lists and objects are JSON. An empty value is not set: that is how
	// Pulumi.yaml writes that there is no default.
	Values map[string]string
	// Secret are the full keys whose values are encrypted, in whole or in part, and so never shown.
	Secret map[string]bool
}

// FromContext is the configuration of the stack that the program runs for. The SDK can only be asked for one key at a time,
// which finds no misspelt ones, so that the map that the language host hands over is read as well. Where there is none, as in
// an inline program, only the root's keys and the foreign ones are found.
func FromContext(ctx *pulumi.Context, root *Section, foreign ...string) (Source, error) {
	values := make(map[string]string)
	if handed := os.Getenv(pulumi.EnvConfig); handed != "" {
		if err := json.Unmarshal([]byte(handed), &values); err != nil {
			// The value itself may hold secrets.
			return Source{}, fmt.Errorf("the environment variable %s is not a JSON object of strings", pulumi.EnvConfig)
		}
	}
	known := foreign
	for _, f := range root.fields {
		known = append(known, ctx.Project()+":"+f.name)
	}
	for _, key := range known {
		delete(values, key)
		if value, ok := ctx.GetConfig(key); ok {
			values[key] = value
		}
	}
	secret := make(map[string]bool)
	for key := range values {
		secret[key] = ctx.IsConfigSecret(key)
	}
	return Source{Project: ctx.Project(), Stack: ctx.Stack(), Values: values, Secret: secret}, nil
}
