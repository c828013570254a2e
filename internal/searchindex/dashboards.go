package searchindex

import "strings"

// dashboards begins the paths of OpenSearch Dashboards at a domain's endpoint.
const dashboards = "/_dashboards/api/"

// indexPattern is how Dashboards sees the indices: by [Settings.Pattern], in the order of [TimeField].
func (s Settings) indexPattern() Document {
	return Document{
		Kind: SavedObject, Name: s.Pattern(), Method: "POST", Path: dashboards + "saved_objects/index-pattern/" + s.IndexName,
		Body: body(values{"attributes": values{"title": s.Pattern(), "timeFieldName": TimeField}}),
	}
}

// defaultIndex is what Dashboards opens with.
func (s Settings) defaultIndex() Document {
	return Document{
		Kind: DefaultIndex, Name: s.Pattern(), Method: "POST", Path: dashboards + "opensearch-dashboards/settings",
		Body: body(values{"changes": values{"defaultIndex": s.IndexName}}),
	}
}

// OfDashboards says whether a path is one of Dashboards' own, which asks for headers of its own.
func OfDashboards(path string) bool { return strings.HasPrefix(path, dashboards) }
