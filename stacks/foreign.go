package stacks

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

const (
	awsNamespace        = "aws:"
	kubernetesNamespace = "kubernetes:"
)

// awsReplacements are keys of the AWS provider that people set out of habit, and ours that do it. Default providers are
// disabled, so theirs would do nothing at all.
var awsReplacements = map[string]fault.Path{
	"region":            "accounts.data.region",
	"allowedAccountIds": "accounts.data.id",
	"assumeRole":        "accounts.data.roleArn",
	"assumeRoles":       "accounts.data.roleArn",
	"defaultTags":       "tags",
	"endpoints":         "emulatorEndpoint",
}

func providerKeys() []string {
	keys := slices.Sorted(maps.Keys(awsReplacements))
	for i, key := range keys {
		keys[i] = awsNamespace + key
	}
	return keys
}

// foreignKeys refuse keys of providers. Their values are not shown: they may be secrets.
func foreignKeys(source settings.Source) fault.List {
	const effect = "has no effect, as default providers are disabled; "
	var found fault.List
	for _, key := range slices.Sorted(maps.Keys(source.Values)) {
		name, aws := strings.CutPrefix(key, awsNamespace)
		ours, replaced := awsReplacements[name]
		f := fault.Fault{Path: fault.Path(key)}
		switch {
		case aws && replaced:
			f.Problem = fault.Problemf(effect+"use %s", ours)
		case aws:
			f.Problem = fault.Problemf(effect + "credentials come from the environment (AWS_PROFILE and the like)")
		case strings.HasPrefix(key, kubernetesNamespace):
			f.Problem = fault.Problemf(effect+"use %s and %s", fault.Path("clusters"), fault.Path("kubeconfig"))
		default:
			continue
		}
		found = append(found, f)
	}
	return found
}

// Rules of settings that no component has.
var (
	httpURL = fault.Passing("an http or https URL of a host", func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
	})
	// A list or an object in its place comes as JSON.
	anyPath    = fault.Matching(regexp.MustCompile(`^[^[{]`), "the path of a file")
	anyZone    = fault.Matching(regexp.MustCompile(`^[a-z0-9-]+$`), "an availability zone, such as eu-west-1a")
	anyMetric  = fault.Rule[string]{Allowed: "a metric or a ratio of the spec"}
	anyContext = fault.Rule[string]{Allowed: "a context of the kubeconfig"}
)
