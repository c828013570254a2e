package naming

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/log-pipeline/internal/fault"
)

const (
	projectTag   = "Project"
	stackTag     = "Stack"
	managedByTag = "ManagedBy"

	// A resource has at most 50 tags; the rest is left to the program's own and to services.
	maxTags = 40
	// docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
	maxTagKey   = 128
	maxTagValue = 256
)

// OwnTags are the keys that WithOwnTags sets itself.
func OwnTags() []string { return []string{projectTag, stackTag, managedByTag} }

// WithOwnTags builds the tags that a provider puts on everything it makes: who made it (ManagedBy), for which project and
// stack, and the caller's own. The caller's own win, except over those three, by which a resource is found again.
func WithOwnTags(project, stack string, extra map[string]string) map[string]string {
	tags := maps.Clone(extra)
	if tags == nil {
		tags = map[string]string{}
	}
	tags[projectTag] = project
	tags[stackTag] = stack
	tags[managedByTag] = "pulumi"
	return tags
}

// Tags are a caller's own tags.
var Tags = fault.Rule[map[string]string]{
	Allowed: fmt.Sprintf("an object of at most %d strings by keys of 1 to %d and values of at most %d letters, digits, spaces "+
		"and _.:/=+-@; whatever the case, no key starts with %s or is one of %s, and no two are the same",
		maxTags, maxTagKey, maxTagValue, reservedTags, strings.Join(OwnTags(), ", ")),
	Refuse: refuseTags,
	// Letters of all alphabets are left to Refuse: JavaScript has \p in its Unicode mode alone.
	Schema: map[string]any{
		"maxProperties":        maxTags,
		"propertyNames":        map[string]any{"minLength": 1, "maxLength": maxTagKey, "not": map[string]any{"pattern": "^[aA][wW][sS]:"}},
		"additionalProperties": map[string]any{"type": "string", "maxLength": maxTagValue},
	},
}

// reservedTags begins the keys that AWS keeps for itself, in any spelling.
const reservedTags = "aws:"

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// refuseTags names the first tag that is wrong, in the order of the keys. IAM takes keys that differ only in case for one
// key and refuses a resource that has it twice
// (docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules).
func refuseTags(tags map[string]string) (fault.Problem, bool) {
	if len(tags) > maxTags {
		return fault.Problemf("%d tags are too many", len(tags)), true
	}
	taken := OwnTags()
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		same := slices.IndexFunc(taken, func(other string) bool { return strings.EqualFold(other, key) })
		switch {
		case strings.HasPrefix(strings.ToLower(key), reservedTags):
			return fault.Problemf("the key %q is reserved by AWS", key), true
		case same >= 0 && same < len(OwnTags()):
			return fault.Problemf("the key %q is the program's own %s", key, taken[same]), true
		case same >= 0:
			return fault.Problemf("the keys %q and %q differ only in case, which IAM refuses", taken[same], key), true
		case key == "" || !isTag(key, maxTagKey):
			return fault.Problemf("the key %q is not allowed", key), true
		case !isTag(tags[key], maxTagValue):
			return fault.Problemf("the value of %q is not allowed", key), true
		}
		taken = append(taken, key)
	}
	return fault.Problem{}, false
}

func isTag(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && tagText.MatchString(text)
}
