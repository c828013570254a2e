package kubebridge

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// settings are those of pulumi-kubernetes's provider arguments that matter
// here. Those for charts, rendering and unreachable clusters do not.
type settings struct {
	// kubeconfig is the file's path or its content.
	kubeconfig string
	// context is empty for the kubeconfig's current one.
	context string
	// namespace is empty for the context's.
	namespace string
	// upsert has Create take what exists already.
	upsert bool
	// identifier is the program's word for which cluster it is.
	identifier string
}

// parseSettings reads a provider's arguments, of which those that are no
// strings come as JSON in a string.
func parseSettings(args *structpb.Struct) (settings, []*pulumirpc.CheckFailure) {
	text := func(name string) string {
		value := args.GetFields()[name]
		if fields := value.GetStructValue().GetFields(); fields[sig.Key].GetStringValue() == sig.Secret {
			value = fields["value"]
		}
		if yes, ok := value.GetKind().(*structpb.Value_BoolValue); ok {
			return fmt.Sprint(yes.BoolValue)
		}
		return value.GetStringValue()
	}
	parsed := settings{
		kubeconfig: text("kubeconfig"), context: text("context"), namespace: text("namespace"),
		upsert: text("upsertExistingObjects") == "true", identifier: text("clusterIdentifier"),
	}
	var failures []*pulumirpc.CheckFailure
	refuse := func(property, reason string) {
		failures = append(failures, &pulumirpc.CheckFailure{Property: property, Reason: reason})
	}
	if strings.TrimSpace(parsed.kubeconfig) == "" {
		refuse("kubeconfig", "not set: the local cloud reaches only the cluster that it is told; "+
			"allowed is a kubeconfig's path or its content")
	}
	if text("enableServerSideApply") == "false" {
		refuse("enableServerSideApply", "false is not allowed: the local cloud applies server-side only")
	}
	if text("renderYamlToDirectory") != "" {
		refuse("renderYamlToDirectory", "not allowed: the local cloud applies objects and renders none")
	}
	if text("cluster") != "" {
		refuse("cluster", "not allowed in the local cloud: name a context, which has its cluster")
	}
	return parsed, failures
}

// isUnknown tells whether a text is what the engine sends in a preview for a
// value that only up can know. It comes as JSON where a setting is no string.
func isUnknown(text string) bool {
	var inner string
	if json.Unmarshal([]byte(text), &inner) == nil {
		text = inner
	}
	switch text {
	case plugin.UnknownStringValue, plugin.UnknownBoolValue, plugin.UnknownNumberValue, plugin.UnknownArrayValue,
		plugin.UnknownObjectValue, plugin.UnknownAssetValue, plugin.UnknownArchiveValue:
		return true
	}
	return false
}
