package searchinside

import (
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/searchindex"
)

// made is a domain whose inside has been made, and index 2026-11-27 since.
func made(t *testing.T) *standIn {
	t.Helper()
	domain := newStandIn(t)
	_, err := domain.apply(settings())
	require.NoError(t, err)
	domain.indices["logs-2026-11-27"] = domain.made()
	domain.written()
	return domain
}

// made is an index as template and policy make it.
func (s *standIn) made() *index {
	template := s.stored["/_index_template/logs"]["template"].(object)["settings"].(object)["index"].(object)
	policy := s.stored["/_plugins/_ism/policies/logs"]["policy"].(object)
	settings := maps.Clone(template)
	settings["uuid"] = "u"
	return &index{settings: settings, policy: "logs", states: policy["states"]}
}

func (s *standIn) changes(settings searchindex.Settings) []string {
	_, err := s.apply(settings)
	require.NoError(s.t, err)
	return s.written()
}

func TestIndicesThatExistAreDeletedByTheNewRetention(t *testing.T) {
	domain := made(t)
	shorter := settings()
	shorter.DaysKept = 7
	domain.indices["logs-2026-11-26"] = &index{settings: domain.made().settings}
	domain.indices["logs-2026-11-25"] = &index{settings: domain.made().settings, policy: "of-somebody", states: []any{}}
	assert.ElementsMatch(t, []string{
		"PUT /_plugins/_ism/policies/logs?if_primary_term=1&if_seq_no=1",
		"POST /_plugins/_ism/change_policy/logs-2026-11-27",
		"POST /_plugins/_ism/add/logs-2026-11-26",
	}, domain.changes(shorter))
	age := domain.indices["logs-2026-11-27"].states.([]any)[0].(object)["transitions"].([]any)[0].(object)["conditions"]
	assert.Equal(t, object{"min_index_age": "192h"}, age, "seven days after the last document")
	assert.Equal(t, "of-somebody", domain.indices["logs-2026-11-25"].policy)
	assert.Empty(t, domain.changes(shorter))
}

func TestAPolicyThatSomebodyChangesMeanwhileIsReadAgain(t *testing.T) {
	domain := made(t)
	raced := false
	domain.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut && !raced {
			raced = true
			domain.numbers[r.URL.Path]++
		}
		return false
	}
	longer := settings()
	longer.DaysKept = 60
	assert.Equal(t, []string{
		"PUT /_plugins/_ism/policies/logs?if_primary_term=1&if_seq_no=1",
		"PUT /_plugins/_ism/policies/logs?if_primary_term=1&if_seq_no=2",
		"POST /_plugins/_ism/change_policy/logs-2026-11-27",
	}, domain.changes(longer))
}

func TestAnIndexThatDoesNotTakeThePolicyIsAskedAgain(t *testing.T) {
	domain := made(t)
	domain.failed["change_policy"] = "index is closed"
	asked := 0
	domain.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/_plugins/_ism/change_policy/logs-2026-11-27" {
			asked++
		}
		if asked == 3 {
			domain.failed = nil
		}
		return false
	}
	shorter := settings()
	shorter.DaysKept = 7
	assert.Len(t, domain.changes(shorter), 4, "the policy, and three times the index")
}

func TestAnIndexThatIsBeingDeletedIsLeftToIt(t *testing.T) {
	domain := made(t)
	domain.failed["change_policy"] = "Cannot change policy while transitioning to new state"
	shorter := settings()
	shorter.DaysKept = 7
	assert.Len(t, domain.changes(shorter), 2)
}

func TestIndicesThatExistTakeReplicasAndRefresh(t *testing.T) {
	domain := made(t)
	more := settings()
	more.Replicas, more.RefreshSeconds = 2, 30
	assert.Equal(t, []string{"PUT /_index_template/logs", "PUT /logs-*/_settings"}, domain.changes(more))
	assert.Subset(t, domain.indices["logs-2026-11-27"].settings, object{"number_of_replicas": "2", "refresh_interval": "30s", "uuid": "u"})
	assert.Empty(t, domain.changes(more))
}

func TestFormerAdminsAndReadersGoAndTheMasterStays(t *testing.T) {
	const mappings = "/_plugins/_security/api/rolesmapping/"
	domain := made(t)
	other := settings()
	other.AdminRoleARNs, other.ReaderRoleARNs = []string{roleARN("security")}, nil
	assert.Equal(t, []string{
		"PUT " + mappings + "logs_reader",
		"PUT " + mappings + "all_access", "PUT " + mappings + "security_manager",
		"PUT " + mappings + "logs_admin",
	}, domain.changes(other))
	for _, role := range []string{"all_access", "security_manager"} {
		assert.Equal(t, object{
			"backend_roles": []any{roleARN("master"), roleARN("security")}, "users": []any{"master"}, "hosts": []any{}, "and_backend_roles": []any{},
		}, domain.stored[mappings+role])
	}
	assert.Empty(t, domain.stored[mappings+"logs_reader"]["backend_roles"])
	assert.Empty(t, domain.changes(other))
}

func TestWhatSomebodyHasChangedByHandIsAsBefore(t *testing.T) {
	domain := made(t)
	const path = "/_plugins/_security/api/roles/logs_writer"
	permissions := domain.stored[path]["index_permissions"].([]any)
	domain.stored[path]["index_permissions"] = append(permissions, object{"index_patterns": []any{"*"}, "allowed_actions": []any{"*"}})
	assert.Equal(t, []string{"PUT " + path}, domain.changes(settings()))
	assert.Len(t, domain.stored[path]["index_permissions"], 1)
}

func TestTheDefaultIndexPatternThatSomebodyHasChosenStays(t *testing.T) {
	domain := newStandIn(t)
	domain.stored["advanced"] = object{"defaultIndex": "of-somebody"}
	_, err := domain.apply(settings())
	require.NoError(t, err)
	assert.Equal(t, object{"defaultIndex": "of-somebody"}, domain.stored["advanced"])
}

func TestTheAuditLogKeepsWhatIsReadOnlyAndWhatIsNotSpokenOf(t *testing.T) {
	domain := newStandIn(t)
	const path = "/_plugins/_security/api/audit/config"
	domain.readOnly = []any{"/audit/enable_rest"}
	domain.stored[path] = object{
		"enabled": false,
		"audit":   object{"enable_rest": false, "ignore_users": []any{"kibanaserver"}, "log_request_body": true},
	}
	_, err := domain.apply(settings())
	require.NoError(t, err)
	audit := domain.stored[path]["audit"].(object)
	assert.Equal(t, true, domain.stored[path]["enabled"])
	assert.Equal(t, false, audit["enable_rest"])
	assert.Equal(t, []any{"kibanaserver"}, audit["ignore_users"])
	assert.Equal(t, false, audit["log_request_body"], "it would be the events themselves")
	domain.written()
	assert.Empty(t, domain.changes(settings()))
}
