//go:build localcloud

package localcloud

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/searchdelivery"
)

const (
	searchRegion = "eu-west-1"
	searchMaster = "arn:aws:iam::123456789012:role/master"
	searchReader = "arn:aws:iam::123456789012:role/reader"
)

// startSearchCloud starts a search domain and the emulator. They end with the test.
func startSearchCloud(t *testing.T) *Cloud {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	// Not the test's own folder, which is removed before what is cleaned up first.
	dir, err := os.MkdirTemp("", "search")
	require.NoError(t, err)
	cloud, err := Open(root, dir, os.Stderr)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, cloud.Down(context.Background())) })
	_, err = cloud.SearchClient()
	require.ErrorContains(t, err, "no search domain")
	require.NoError(t, cloud.StartSearch(t.Context()))
	return cloud
}

// createDomain has the emulator make a domain, and returns its endpoint.
func createDomain(t *testing.T, config aws.Config) string {
	t.Helper()
	body := `{"DomainName": "logs", "EngineVersion": "OpenSearch_2.19",
		"AdvancedSecurityOptions": {"Enabled": true, "MasterUserOptions": {"MasterUserARN": "` + searchMaster + `"}}}`
	answer := askSigned(t, config, http.DefaultClient, http.MethodPost, *config.BaseEndpoint+"/2021-01-01/opensearch/domain", body)
	answer, ok := strings.CutPrefix(answer, "200 OK ")
	require.True(t, ok, answer)
	var created struct{ DomainStatus struct{ Endpoint string } }
	require.NoError(t, json.Unmarshal([]byte(answer), &created), answer)
	return created.DomainStatus.Endpoint
}

func askSigned(t *testing.T, config aws.Config, client *http.Client, method, url, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, searchdelivery.Sign(t.Context(), config, request, []byte(body)))
	return ask(t, client, request)
}

func ask(t *testing.T, client *http.Client, request *http.Request) string {
	t.Helper()
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.Status + " " + string(answer)
}

func TestSearchDomain(t *testing.T) {
	cloud := startSearchCloud(t)
	client, err := cloud.SearchClient()
	require.NoError(t, err)
	anybody := aws.Config{
		Region: searchRegion, BaseEndpoint: aws.String(cloud.Endpoint()), Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
	endpoint := createDomain(t, anybody)
	require.Equal(t, cloud.search.Endpoint(), endpoint)
	for name, test := range map[string]struct{ role, says string }{
		"its master may do everything": {searchMaster, "200 OK "},
		"a role that it does not know may do nothing": {
			searchReader, "no permissions for [cluster:monitor/health] and User [name=" + searchReader,
		},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := searchdelivery.Assume(t.Context(), anybody, test.role, "test")
			require.NoError(t, err)
			assert.Contains(t, askSigned(t, config, client, http.MethodGet, "https://"+endpoint+"/_cluster/health", ""), test.says)
		})
	}
	t.Run("it lasts until down, whatever else is ended", func(t *testing.T) {
		require.NoError(t, cloud.EndWork())
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+endpoint, nil)
		require.NoError(t, err)
		assert.Contains(t, ask(t, client, request), "403 Forbidden {\"Message\":\"User: anonymous is not authorized to perform: es:ESHttpGet")
		lasting, err := Processes(cloud.Folder())
		require.NoError(t, err)
		assert.Len(t, lasting, 3, "emulator, front and OpenSearch")
		require.NoError(t, cloud.Down(t.Context()))
		left, err := Processes(cloud.Folder())
		require.NoError(t, err)
		assert.Empty(t, left)
	})
}
