package searchfront_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	pattern     = "/_dashboards/api/saved_objects/index-pattern/logs"
	patternBody = `{"attributes": {"title": "logs-*", "timeFieldName": "@timestamp"}}`
)

var xsrf = map[string]string{"osd-xsrf": "true"}

func TestSavedObjectIsKeptForAllWhoMayReadIt(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	create := func(query string) int {
		status, _ := d.ask(t, request{method: http.MethodPost, path: pattern + query, body: patternBody, header: xsrf, key: masterKey})
		return status
	}
	assert.Equal(t, http.StatusOK, create(""))
	assert.Equal(t, http.StatusConflict, create(""))
	assert.Equal(t, http.StatusOK, create("?overwrite=true"))
	status, answer := d.ask(t, request{method: http.MethodGet, path: pattern, key: writerKey})
	require.Equal(t, http.StatusOK, status, answer)
	assert.Contains(t, answer, `"attributes":{"timeFieldName":"@timestamp","title":"logs-*"}`)
}

func TestSettingsOfDashboardsAreThoseThatWereChosen(t *testing.T) {
	const path = "/_dashboards/api/opensearch-dashboards/settings"
	d := newDomain(t, startOpenSearch(t, time.Now()))
	chosen := func() string {
		_, answer := d.ask(t, request{method: http.MethodGet, path: path, key: writerKey})
		return answer
	}
	choose := func(changes, key string) int {
		status, _ := d.ask(t, request{method: http.MethodPost, path: path, body: `{"changes": ` + changes + `}`, header: xsrf, key: key})
		return status
	}
	assert.JSONEq(t, `{"settings": {}}`, chosen())
	assert.Equal(t, http.StatusForbidden, choose(`{"defaultIndex": "mine"}`, writerKey))
	assert.Equal(t, http.StatusOK, choose(`{"defaultIndex": "logs", "theme:darkMode": true}`, masterKey))
	assert.Equal(t, http.StatusOK, choose(`{"theme:darkMode": null}`, masterKey))
	assert.JSONEq(t, `{"settings": {"defaultIndex": {"userValue": "logs"}}}`, chosen())
	assert.Equal(t, http.StatusBadRequest, choose(`"defaultIndex"`, masterKey))
}

func TestRequestsThatDashboardsRefuses(t *testing.T) {
	d := newDomain(t, startOpenSearch(t, time.Now()))
	for name, test := range map[string]struct {
		request request
		status  int
		says    string
	}{
		"not from a client of its own": {request{path: pattern, body: patternBody, key: masterKey}, 400, "Request must contain the osd-xsrf header."},
		"by who only reads": {request{path: pattern, body: patternBody, header: xsrf, key: writerKey}, 403,
			"no permissions in the tenant global_tenant"},
		"for a tenant that is not there": {request{
			path: pattern, body: patternBody, header: map[string]string{"osd-xsrf": "true", "securitytenant": "other"}, key: masterKey,
		}, 403, "no permissions in the tenant other"},
		"of no such type": {request{path: "/_dashboards/api/saved_objects/index_pattern/logs", body: patternBody, header: xsrf, key: masterKey}, 400,
			"Unsupported saved object type: 'index_pattern': Bad Request"},
		"without attributes": {request{path: pattern, body: `{}`, header: xsrf, key: masterKey}, 400,
			"[request body.attributes]: expected value of type [object] but got [undefined]"},
		"with something else": {request{path: pattern, body: `{"title": "logs-*"}`, header: xsrf, key: masterKey}, 400,
			"[request body.title]: definition for this key is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			test.request.method = http.MethodPost
			status, answer := d.ask(t, test.request)
			assert.Equal(t, test.status, status)
			assert.Contains(t, answer, test.says)
		})
	}
	status, _ := d.ask(t, request{method: http.MethodGet, path: pattern, key: masterKey})
	assert.Equal(t, http.StatusNotFound, status, "nothing of it is kept")
}
