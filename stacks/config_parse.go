package stacks

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"

	"example.com/log-pipeline/internal/naming"
)

// rawConfig is the configuration of a stack as Pulumi hands it over.
type rawConfig struct {
	// Project is the namespace of the keys.
	Project string
	Stack   string
	// Values by full key, such as log-pipeline:region. Lists and objects are JSON. An empty value is not set: that is
	// how Pulumi.yaml writes a default that is computed or missing.
	Values map[string]string
	// Secret are the full keys whose values are encrypted, and so never shown.
	Secret map[string]bool
}

const (
	awsNamespace        = "aws:"
	kubernetesNamespace = "kubernetes:"
)

// awsReplacements are keys of the AWS provider that people set out of habit, and ours that do it. Default providers are
// disabled, so theirs would do nothing at all.
var awsReplacements = map[string]string{
	"region":            "region",
	"allowedAccountIds": "dataAccountId",
	"assumeRole":        "dataRoleArn",
	"assumeRoles":       "dataRoleArn",
	"defaultTags":       "tags",
	"endpoints":         "emulatorEndpoint",
}

// parseConfig checks a configuration and makes it typed. Its error is a *configError with every fault.
func parseConfig(raw rawConfig) (*Config, error) {
	p := &parser{raw: raw, settings: newSettings()}
	for _, key := range configKeys {
		p.read(key)
	}
	config := p.config()
	p.strangers()
	if len(p.faults) > 0 {
		return nil, newConfigError(raw.Stack, p.faults)
	}
	return config, nil
}

// parser holds the values that are read so far, and what is wrong with the others.
type parser struct {
	settings
	raw      rawConfig
	faults   []fault
	warnings []string
	// secrets are what secretTexts found.
	secrets []secret
}

// read takes over a value or its default. A default also stands in for a faulty value, so that the checks that follow
// find what else is wrong.
func (p *parser) read(key configKey) {
	if key.fallback != "" {
		p.values[key.name], _ = key.parse(key.fallback)
	}
	text := p.raw.Values[p.full(key.name)]
	if text == "" {
		if key.required {
			p.fault(key.name, "not set, but required")
		}
		return
	}
	if key.kind == objectsKind {
		p.readObjects(key, text)
		return
	}
	value, problem := key.parse(text)
	if problem != "" {
		p.fault(key.name, "%s", problem)
		return
	}
	p.values[key.name] = value
}

// parse makes a value of a text, or says what is wrong with the text.
func (k configKey) parse(text string) (value any, problem string) {
	switch k.kind {
	case integerKind:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, "not an integer"
		}
		return n, k.check(float64(n), text)
	case numberKind:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, "not a number"
		}
		return x, k.check(x, text)
	case booleanKind:
		if text != "true" && text != "false" {
			return nil, "not a boolean"
		}
		return text == "true", ""
	case listKind:
		return k.parseList(text)
	case tagsKind:
		return parseTags(text)
	case labelsKind:
		return parseLabels(text)
	default:
		return text, k.checkText(text)
	}
}

func (k configKey) check(x float64, text string) string {
	if x < k.min || x > k.max {
		return "out of range"
	}
	return k.checkText(text)
}

func (k configKey) checkText(text string) string {
	if k.valid == nil || k.valid(text) {
		return ""
	}
	if k.hint != nil {
		if hint := k.hint(text); hint != "" {
			return "not allowed: " + hint
		}
	}
	return "not allowed"
}

func (k configKey) parseList(text string) (value any, problem string) {
	var elements []any
	if err := json.Unmarshal([]byte(text), &elements); err != nil || elements == nil {
		return nil, "not a list"
	}
	if k.most > 0 && len(elements) > k.most {
		return nil, fmt.Sprintf("%d elements are too many", len(elements))
	}
	list := make([]string, 0, len(elements))
	for i, element := range elements {
		s, ok := element.(string)
		if !ok {
			return nil, fmt.Sprintf("element %d is not a string: quote it", i+1)
		}
		if problem := k.checkText(s); problem != "" {
			return nil, fmt.Sprintf("element %d is %s", i+1, problem)
		}
		if slices.Contains(list, s) {
			return nil, fmt.Sprintf("element %d is there twice", i+1)
		}
		list = append(list, s)
	}
	return list, ""
}

func parseTags(text string) (value any, problem string) {
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil || object == nil {
		return nil, "not an object"
	}
	if len(object) > maxTags {
		return nil, fmt.Sprintf("%d tags are too many", len(object))
	}
	tags := make(map[string]string, len(object))
	taken := naming.OwnTags()
	for _, key := range sortedKeys(object) {
		value, ok := object[key].(string)
		same := slices.IndexFunc(taken, func(other string) bool { return strings.EqualFold(other, key) })
		switch {
		case !ok:
			return nil, fmt.Sprintf("the value of %q is not a string: quote it", key)
		case strings.HasPrefix(strings.ToLower(key), awsNamespace):
			return nil, fmt.Sprintf("the key %q is reserved by AWS", key)
		case same >= 0 && same < len(naming.OwnTags()):
			return nil, fmt.Sprintf("the key %q is the program's own %s", key, taken[same])
		case same >= 0:
			return nil, fmt.Sprintf("the keys %q and %q differ only in case, which IAM refuses", taken[same], key)
		case !isTag(key, 1, 128):
			return nil, fmt.Sprintf("the key %q is not allowed", key)
		case !isTag(value, 0, 256):
			return nil, fmt.Sprintf("the value of %q is not allowed", key)
		}
		tags[key] = value
		taken = append(taken, key)
	}
	return tags, ""
}

// strangers reports keys that nothing reads. Their values are not shown: a misspelt key may hold a secret.
func (p *parser) strangers() {
	known := make(map[string]bool)
	for _, key := range configKeys {
		known[p.full(key.name)] = true
	}
	for _, full := range sortedKeys(p.raw.Values) {
		name, ours := strings.CutPrefix(full, p.raw.Project+":")
		awsName, aws := strings.CutPrefix(full, awsNamespace)
		_, kubernetes := strings.CutPrefix(full, kubernetesNamespace)
		switch {
		case known[full]:
		case ours:
			p.add(fault{key: full, problem: "unknown key; the nearest is " + p.full(nearestKey(configKeys, name))})
		case kubernetes:
			p.add(fault{key: full, problem: fmt.Sprintf("has no effect, as default providers are disabled; use %s and %s",
				p.full("clusters"), p.full("kubeconfig"))})
		case aws:
			p.add(fault{key: full, problem: "has no effect, as default providers are disabled; " + p.awsAdvice(awsName)})
		}
	}
}

func (p *parser) awsAdvice(name string) string {
	if ours, ok := awsReplacements[name]; ok {
		return "use " + p.full(ours)
	}
	return "credentials come from the environment (AWS_PROFILE and the like)"
}

// nearestKey is the one of the keys that is most alike; a common beginning counts extra, so retention is retentionHours.
func nearestKey(keys []configKey, name string) string {
	params := levenshtein.NewParams().BonusThreshold(0)
	nearest, most := "", -1.0
	for _, key := range keys {
		alike := levenshtein.Match(strings.ToLower(name), strings.ToLower(key.name), params)
		if alike > most {
			nearest, most = key.name, alike
		}
	}
	return nearest
}

func (p *parser) full(name string) string { return p.raw.Project + ":" + name }

// given says whether a key is set, rightly or wrongly.
func (p *parser) given(name string) bool { return p.raw.Values[p.full(name)] != "" }
