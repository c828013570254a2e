package searchfront_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// deleting is a policy that deletes indices of that age, under that priority.
func deleting(age string, priority int) string {
	return fmt.Sprintf(`{"policy": {"description": "d", "default_state": "kept",
		"states": [{"name": "kept", "transitions": [{"state_name": "deleted", "conditions": {"min_index_age": %q}}]},
			{"name": "deleted", "actions": [{"delete": {}}]}],
		"ism_template": [{"index_patterns": ["logs-*"], "priority": %d}]}}`, age, priority)
}

// put puts a policy as the master.
func (d domain) put(t *testing.T, path, body string) (int, string) {
	t.Helper()
	return d.ask(t, request{method: http.MethodPut, path: "/_plugins/_ism/policies/" + path, body: body, key: masterKey})
}

func TestPolicyIsAnsweredAsIndexStateManagementStoresIt(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	status, _ := d.ask(t, request{method: http.MethodGet, path: "/_plugins/_ism/policies/logs", key: masterKey})
	assert.Equal(t, http.StatusNotFound, status)
	status, answer := d.put(t, "logs", deleting("30d", 1))
	require.Equal(t, http.StatusCreated, status, answer)
	status, answer = d.ask(t, request{method: http.MethodGet, path: "/_plugins/_ism/policies/logs", key: masterKey})
	require.Equal(t, http.StatusOK, status, answer)

	var found struct {
		Policy map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(answer), &found))
	template := found.Policy["ism_template"].([]any)[0].(map[string]any)
	assert.NotZero(t, template["last_updated_time"])
	template["last_updated_time"], found.Policy["last_updated_time"] = 0, 0
	content, err := json.Marshal(found.Policy)
	require.NoError(t, err)
	assert.JSONEq(t, `{"policy_id": "logs", "description": "d", "last_updated_time": 0, "schema_version": 21, "error_notification": null,
		"default_state": "kept", "states": [
			{"name": "kept", "actions": [], "transitions": [{"state_name": "deleted", "conditions": {"min_index_age": "30d"}}]},
			{"name": "deleted", "actions": [{"retry": {"count": 3, "backoff": "exponential", "delay": "1m"}, "delete": {}}], "transitions": []}],
		"ism_template": [{"index_patterns": ["logs-*"], "priority": 1, "last_updated_time": 0}]}`, string(content))
}

func TestPolicyIsNotWrittenOverUnseen(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	for _, step := range []struct {
		path   string
		status int
		says   string
	}{
		{"logs?if_seq_no=0&if_primary_term=1", http.StatusConflict, "but no document was found"},
		{"logs", http.StatusCreated, `"_seq_no":0`},
		{"logs", http.StatusConflict, "[logs]: version conflict, document already exists (current version [1])"},
		{"logs?if_seq_no=0&if_primary_term=1", http.StatusOK, `"_seq_no":1`},
		{"logs?if_seq_no=0&if_primary_term=1", http.StatusConflict, "current document has seqNo [1] and primary term [1]"},
	} {
		status, answer := d.put(t, step.path, deleting("30d", 1))
		assert.Equal(t, step.status, status, answer)
		assert.Contains(t, answer, step.says)
	}
}

func TestPoliciesThatAreRefused(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	status, answer := d.put(t, "taken", deleting("30d", 7))
	require.Equal(t, http.StatusCreated, status, answer)
	for name, test := range map[string]struct{ body, says string }{
		"no envelope":         {`{"description": "d"}`, "Invalid field: [description] found"},
		"unknown field":       {`{"policy": {"describes": "d"}}`, "Invalid field: [describes] found"},
		"no description":      {`{"policy": {}}`, "description is null"},
		"no states":           {`{"policy": {"description": "d", "default_state": "a"}}`, "Policy must contain at least one State"},
		"other default state": {`{"policy": {"description": "d", "default_state": "a", "states": [{"name": "b"}]}}`, "Policy must have a valid default state"},
		"nowhere to go": {`{"policy": {"description": "d", "default_state": "a", "states": [{"name": "a", "transitions": [{"state_name": "b"}]}]}}`,
			"Policy contains a transition in state=a pointing to a nonexistent state=b"},
		"after the end": {`{"policy": {"description": "d", "default_state": "a", "states": [
			{"name": "a", "actions": [{"delete": {}}], "transitions": [{"state_name": "a"}]}]}}`, "cannot contain transitions if using delete action"},
		"another action":      {`{"policy": {"description": "d", "default_state": "a", "states": [{"name": "a", "actions": [{"delet": {}}]}]}}`, "Invalid field: [delet] found"},
		"no unit":             {deleting("30", 1), "failed to parse setting [min_index_age] with value [30] as a time value"},
		"negative priority":   {deleting("30d", -1), "Requires priority to be >= 0"},
		"priority that clash": {deleting("30d", 7), "please use a different priority than 7"},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := d.put(t, "logs", test.body)
			assert.Equal(t, http.StatusBadRequest, status)
			assert.Contains(t, answer, test.says)
		})
	}
}

func TestPoliciesManageWhatIsCreatedLaterOrGivenThem(t *testing.T) {
	managed := func(d domain) string {
		_, answer := d.ask(t, request{method: http.MethodGet, path: "/_plugins/_ism/explain/*", key: masterKey})
		return answer
	}
	const (
		by   = `"index.opendistro.index_state_management.policy_id":"logs"`
		none = `"total_managed_indices":0`
		one  = `"total_managed_indices":1`
		two  = `"total_managed_indices":2`
	)
	t.Run("later", func(t *testing.T) {
		d := newDomain(t, startOpenSearch(t, time.Now().Add(time.Hour)))
		d.put(t, "logs", deleting("30d", 1))
		assert.Contains(t, managed(d), by)
		assert.Contains(t, managed(d), one, "the other index is not of its template")
	})
	t.Run("with the copy that they were given", func(t *testing.T) {
		d := newDomain(t, startOpenSearch(t, time.Now().Add(time.Hour)))
		followed := func() string {
			_, answer := d.ask(t, request{method: http.MethodGet, path: "/_plugins/_ism/explain/logs-1?show_policy=true", key: masterKey})
			return answer
		}
		d.put(t, "logs", deleting("30d", 1))
		status, answer := d.put(t, "logs?if_seq_no=0&if_primary_term=1", deleting("60d", 1))
		require.Equal(t, http.StatusOK, status, answer)
		assert.Contains(t, followed(), `"min_index_age":"30d"`)
		status, answer = d.ask(t, request{method: http.MethodPost, path: "/_plugins/_ism/change_policy/logs-1", body: `{"policy_id": "logs"}`, key: masterKey})
		require.Equal(t, http.StatusOK, status, answer)
		assert.Contains(t, followed(), `"min_index_age":"60d"`)
	})
	t.Run("given", func(t *testing.T) {
		d := newDomain(t, startOpenSearch(t, time.Now().Add(-time.Hour)))
		d.put(t, "logs", deleting("30d", 1))
		assert.Contains(t, managed(d), none)
		give := func(verb string) string {
			_, answer := d.ask(t, request{method: http.MethodPost, path: "/_plugins/_ism/" + verb + "/*", body: `{"policy_id": "logs"}`, key: masterKey})
			return answer
		}
		assert.Contains(t, give("change_policy"), "This index is not being managed")
		assert.JSONEq(t, `{"updated_indices": 2, "failures": false, "failed_indices": []}`, give("add"))
		assert.Contains(t, managed(d), two)
		assert.Contains(t, give("add"), "This index already has a policy")
		assert.JSONEq(t, `{"updated_indices": 2, "failures": false, "failed_indices": []}`, give("change_policy"))
	})
}

func TestWhoMayManagePolicies(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	status, answer := d.ask(t, request{method: http.MethodPut, path: "/_plugins/_ism/policies/logs", body: deleting("30d", 1), key: writerKey})
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, answer, "no permissions for [cluster:admin/opendistro/ism/policy/write] and User [name="+writer)
	status, _ = d.ask(t, request{method: http.MethodGet, path: "/_plugins/_ism/policies/logs", key: writerKey})
	assert.Equal(t, http.StatusNotFound, status, "its role has an action group that lets it read")
}
