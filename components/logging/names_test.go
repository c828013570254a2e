package logging_test

import (
	"regexp"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"
	"pgregory.net/rapid"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/fault"
)

// names are what may be a name, and more often what comes close to one.
func names() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[a-zA-Z0-9_./-]{0,8}`),
		rapid.StringMatching(`[a-z0-9]{0,2}[a-z0-9-]{60,66}`),
		rapid.StringMatching(`[a-z0-9.-]{250,256}`),
		rapid.StringMatching(`(kube-|default|deliver)[a-z-]{0,3}`),
	)
}

// The rules are Kubernetes' own, and their schemas say the same.
func TestNamesAreThoseOfKubernetes(t *testing.T) {
	taken := func(pattern string) func(string) bool { return regexp.MustCompile(pattern).MatchString }
	isLabel := func(name string) bool { return len(validation.IsDNS1123Label(name)) == 0 }
	ofCluster, ofDelivery := taken(`^default$|^kube-`), taken(`^deliver$|^deliver-`)
	for name, test := range map[string]struct {
		rule fault.Rule[string]
		want func(string) bool
	}{
		"label":         {logging.Label, isLabel},
		"namespace":     {logging.Namespace, func(name string) bool { return isLabel(name) && !ofCluster(name) }},
		"flow":          {logging.FlowName, func(name string) bool { return isLabel(name) && !ofDelivery(name) }},
		"storage class": {logging.StorageClass, func(name string) bool { return len(validation.IsDNS1123Subdomain(name)) == 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				name := names().Draw(t, "name")
				_, refused := test.rule.Refuse(name)
				if refused == test.want(name) {
					t.Fatalf("%q: refused is %t", name, refused)
				}
				if inSchema(test.rule.Schema, name) == refused {
					t.Fatalf("%q: the schema says otherwise", name)
				}
			})
		})
	}
}

// inSchema says whether a text is in a schema with the keywords that the rules have.
func inSchema(schema map[string]any, text string) bool {
	matches := func(schema map[string]any) bool {
		return regexp.MustCompile(schema["pattern"].(string)).MatchString(text)
	}
	if most, ok := schema["maxLength"]; ok && len(text) > most.(int) {
		return false
	}
	if others, ok := schema["not"]; ok && matches(others.(map[string]any)) {
		return false
	}
	return matches(schema)
}

func TestLabelsAreThoseOfKubernetes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, value := names().Draw(t, "key"), names().Draw(t, "value")
		if rapid.Bool().Draw(t, "prefixed") {
			key = names().Draw(t, "prefix") + "/" + key
		}
		want := len(validation.IsQualifiedName(key)) == 0 && len(validation.IsValidLabelValue(value)) == 0 && value != ""
		if _, refused := logging.Labels.Refuse(map[string]string{"app": "web", key: value}); refused == want {
			t.Fatalf("%q: %q: refused is %t", key, value, refused)
		}
	})
}
