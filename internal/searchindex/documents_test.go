package searchindex_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/internal/searchindex"
	"example.com/log-pipeline/tests/mocks"
)

// settings are those of a domain with roles of each kind.
func settings() searchindex.Settings {
	return searchindex.Settings{
		Replicas:       1,
		WriterRoleARN:  "arn:aws:iam::111111111111:role/firehose",
		ReaderRoleARNs: []string{"arn:aws:iam::111111111111:role/developers", "arn:aws:iam::111111111111:role/support"},
		AdminRoleARNs:  []string{"arn:aws:iam::111111111111:role/platform"},
	}
}

func TestTheDocumentsAreAsTheyWere(t *testing.T) {
	for _, document := range settings().Documents() {
		name := strings.NewReplacer(" ", "-", "*", "all").Replace(document.String())
		mocks.Golden(t, name+".json", string(document.Body))
	}
}

// bodyOf reads the only document of a kind.
func bodyOf(t *testing.T, settings searchindex.Settings, kind searchindex.Kind, into any) {
	t.Helper()
	for _, document := range settings.Documents() {
		if document.Kind == kind {
			require.NoError(t, json.Unmarshal(document.Body, into))
			return
		}
	}
	t.Fatalf("there is no %s", kind)
}

// mapped is a field of the mapping.
type mapped struct {
	Type               string
	Properties, Fields map[string]mapped
}

// count is how many fields there are within.
func (m mapped) count() int {
	total := len(m.Properties) + len(m.Fields)
	for _, of := range []map[string]mapped{m.Properties, m.Fields} {
		for _, field := range of {
			total += field.count()
		}
	}
	return total
}

// What a query of Athena finds by a column a search finds by the field of its name.
func TestEveryColumnOfRawLogsIsAField(t *testing.T) {
	var template struct{ Template struct{ Mappings mapped } }
	bodyOf(t, settings(), searchindex.Template, &template)
	assert.Equal(t, 46, template.Template.Mappings.count(), "as the package says")
	types := map[string][]string{
		"string": {"keyword", "text"}, "boolean": {"boolean"}, "int": {"long"}, "bigint": {"long"},
	}
	for _, column := range delivery.DefaultColumns() {
		field, known := template.Template.Mappings.Properties[column.Name]
		require.True(t, known, column.Name)
		if column.Name != "kubernetes" {
			assert.Contains(t, types[column.Type], field.Type, column.Name)
		}
	}
}

// An index is made when its first document arrives, and written for a rotation.
func TestTheYoungestDocumentIsKeptForAsLongAsIsSaid(t *testing.T) {
	for rotation, age := range map[string]string{
		searchindex.OneHour: "745h", searchindex.OneDay: "768h", searchindex.OneWeek: "912h", searchindex.OneMonth: "1488h",
	} {
		kept := settings()
		kept.Rotation, kept.DaysKept = rotation, 31
		var policy struct {
			Policy struct {
				States []struct {
					Transitions []struct{ Conditions map[string]string }
				}
			}
		}
		bodyOf(t, kept, searchindex.Policy, &policy)
		assert.Equal(t, map[string]string{"min_index_age": age}, policy.Policy.States[0].Transitions[0].Conditions, rotation)
	}
}
