package naming

import "maps"

// Tags builds the tags that a provider puts on everything it makes: who made it (ManagedBy), for which project and
// stack, and the caller's own. The caller's own win, except over those three, by which a resource is found again.
func Tags(project, stack string, extra map[string]string) map[string]string {
	tags := maps.Clone(extra)
	if tags == nil {
		tags = map[string]string{}
	}
	tags["Project"] = project
	tags["Stack"] = stack
	tags["ManagedBy"] = "pulumi"
	return tags
}
