package naming

import "maps"

const (
	projectTag   = "Project"
	stackTag     = "Stack"
	managedByTag = "ManagedBy"
)

// OwnTags are the keys that Tags sets itself. IAM takes keys that differ only in case for one key and refuses a resource
// that has it twice, so nobody's own may be one of these in any spelling
// (docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules).
func OwnTags() []string { return []string{projectTag, stackTag, managedByTag} }

// Tags builds the tags that a provider puts on everything it makes: who made it (ManagedBy), for which project and
// stack, and the caller's own. The caller's own win, except over those three, by which a resource is found again.
func Tags(project, stack string, extra map[string]string) map[string]string {
	tags := maps.Clone(extra)
	if tags == nil {
		tags = map[string]string{}
	}
	tags[projectTag] = project
	tags[stackTag] = stack
	tags[managedByTag] = "pulumi"
	return tags
}
