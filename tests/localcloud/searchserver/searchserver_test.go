//go:build localcloud

package searchserver_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/searchserver"
)

const (
	master = "arn:aws:iam::111111111111:role/master"
	reader = "arn:aws:iam::111111111111:role/reader"
)

func newServer(t *testing.T) *searchserver.Server {
	t.Helper()
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	// Not the test's own folder, which is removed before what is cleaned up first.
	dir, err := os.MkdirTemp("", "searchserver")
	require.NoError(t, err)
	cloud, err := localcloud.Open(root, dir, os.Stderr)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, cloud.Down(context.Background()))
		assert.NoError(t, cloud.Close())
		left, err := localcloud.Processes(dir)
		assert.NoError(t, err)
		assert.Empty(t, left)
	})
	server, err := cloud.StartOpenSearch(t.Context(), master)
	require.NoError(t, err)
	return server
}

// ask sends a request as that role, as nobody without one.
func ask(t *testing.T, server *searchserver.Server, role, method, path, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	client := http.DefaultClient
	if role != "" {
		client = &http.Client{Transport: searchserver.As(role)}
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(answer)
}

func TestServer(t *testing.T) {
	server := newServer(t)
	t.Run("who is not mapped may do nothing", func(t *testing.T) {
		status, said := ask(t, server, "", http.MethodGet, "/_cluster/health", "")
		assert.Equal(t, http.StatusUnauthorized, status, said)
		status, said = ask(t, server, master, http.MethodPost, "/logs-1/_doc?refresh=true", `{"message": "found"}`)
		require.Equal(t, http.StatusCreated, status, said)
		status, said = ask(t, server, reader, http.MethodGet, "/logs-*/_search", "")
		assert.Equal(t, http.StatusForbidden, status, said)
		assert.Contains(t, said, "no permissions for [indices:data/read/search] and User [name="+reader)

		for _, put := range [][2]string{
			{"roles", `{"index_permissions": [{"index_patterns": ["logs-*"], "allowed_actions": ["read"]}]}`},
			{"rolesmapping", `{"backend_roles": ["` + reader + `"]}`},
		} {
			status, said = ask(t, server, master, http.MethodPut, "/_plugins/_security/api/"+put[0]+"/logs-reader", put[1])
			require.Equal(t, http.StatusCreated, status, said)
		}
		status, said = ask(t, server, reader, http.MethodGet, "/logs-*/_search", "")
		assert.Equal(t, http.StatusOK, status, said)
		assert.Contains(t, said, "found")
		status, said = ask(t, server, reader, http.MethodPost, "/logs-1/_doc", `{}`)
		assert.Equal(t, http.StatusForbidden, status, said)
	})
	// By the modules that the local cloud adds to the release.
	t.Run("pipelines run scripts", func(t *testing.T) {
		status, said := ask(t, server, master, http.MethodPost, "/_ingest/pipeline/_simulate", `{
			"pipeline": {"processors": [{"set": {"field": "a", "value": 1}}, {"script": {"source": "ctx.b = ctx.a + 1"}}]},
			"docs": [{"_source": {}}]}`)
		assert.Equal(t, http.StatusOK, status, said)
		assert.Contains(t, said, `"b":2`)
	})
}
