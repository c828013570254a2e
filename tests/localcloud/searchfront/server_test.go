//go:build localcloud

package searchfront_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/searchfront"
)

// newRealDomain starts a front of a real OpenSearch. It ends with the test.
func newRealDomain(t *testing.T) domain {
	t.Helper()
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	// Not the test's own folder, which is removed before what is cleaned up first.
	dir, err := os.MkdirTemp("", "searchfront")
	require.NoError(t, err)
	cloud, err := localcloud.Open(root, dir, os.Stderr)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, cloud.Down(context.Background()))
		assert.NoError(t, cloud.Close())
	})
	server, err := cloud.StartOpenSearch(t.Context(), searchfront.Master)
	require.NoError(t, err)
	return newDomain(t, server.URL)
}

func TestRealDomain(t *testing.T) {
	d := newRealDomain(t)
	as := func(key, method, path, body string) (int, string) {
		return d.ask(t, request{method: method, path: path, body: body, header: xsrf, key: key})
	}
	t.Run("a role that is not mapped may do nothing", func(t *testing.T) {
		for path, says := range map[string]string{
			"/logs-1/_search":               "no permissions for [indices:data/read/search] and User [name=" + writer + ", backend_roles=[" + writer + "]",
			"/_plugins/_security/api/roles": "",
			"/_plugins/_ism/policies/logs":  "no permissions for [cluster:admin/opendistro/ism/policy/get] and User [name=" + writer + ", backend_roles=[" + writer + "]",
			pattern:                         "no permissions",
		} {
			status, answer := as(writerKey, http.MethodGet, path, "")
			assert.Equal(t, http.StatusForbidden, status, path)
			assert.Contains(t, answer, says)
		}
	})
	t.Run("the master maps it", func(t *testing.T) {
		for _, put := range [][2]string{
			{"roles", `{"cluster_permissions": ["cluster_composite_ops", "cluster:admin/opendistro/ism/managedindex/explain"],
				"index_permissions": [{"index_patterns": ["logs-*"], "allowed_actions": ["crud", "create_index"]}],
				"tenant_permissions": [{"tenant_patterns": ["global_tenant"], "allowed_actions": ["kibana_all_read"]}]}`},
			{"rolesmapping", `{"backend_roles": ["` + writer + `"]}`},
		} {
			status, answer := as(masterKey, http.MethodPut, "/_plugins/_security/api/"+put[0]+"/logs", put[1])
			require.Equal(t, http.StatusCreated, status, answer)
		}
	})
	t.Run("then it may do what its role says", func(t *testing.T) {
		status, answer := as(masterKey, http.MethodPut, "/_plugins/_ism/policies/logs", deleting("30d", 1))
		require.Equal(t, http.StatusCreated, status, answer)
		status, answer = as(writerKey, http.MethodPost, "/_bulk?refresh=true", `{"index": {"_index": "logs-1"}}`+"\n"+`{"message": "found"}`+"\n")
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, answer, `"errors":false`)
		_, answer = as(writerKey, http.MethodGet, "/logs-1/_search", "")
		assert.Contains(t, answer, "found")
		_, answer = as(writerKey, http.MethodGet, "/_plugins/_ism/explain/logs-*", "")
		assert.Contains(t, answer, `"policy_id":"logs"`)
		status, _ = as(writerKey, http.MethodPut, "/_plugins/_ism/policies/logs", deleting("1d", 1))
		assert.Equal(t, http.StatusForbidden, status)
	})
	t.Run("and see what the master saves for all", func(t *testing.T) {
		status, answer := as(masterKey, http.MethodPost, pattern, patternBody)
		require.Equal(t, http.StatusOK, status, answer)
		status, answer = as(writerKey, http.MethodGet, pattern, "")
		assert.Equal(t, http.StatusOK, status, answer)
		status, _ = as(writerKey, http.MethodPost, pattern+"?overwrite=true", patternBody)
		assert.Equal(t, http.StatusForbidden, status)
	})
}
