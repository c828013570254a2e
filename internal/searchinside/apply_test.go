package searchinside

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/opensearch-project/opensearch-go/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/searchindex"
)

func roleARN(name string) string { return "arn:aws:iam::111111111111:role/" + name }

func settings() searchindex.Settings {
	return searchindex.Settings{
		Replicas:       1,
		WriterRoleARN:  roleARN("firehose"),
		ReaderRoleARNs: []string{roleARN("developers")},
		AdminRoleARNs:  []string{roleARN("platform")},
	}
}

func TestEachDocumentIsPutOnceAndThenLeftAlone(t *testing.T) {
	domain := newStandIn(t)
	result, err := domain.apply(settings())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"PUT /_ingest/pipeline/logs",
		"PUT /_index_template/logs",
		"PUT /_plugins/_ism/policies/logs",
		"PUT /_plugins/_security/api/audit/config",
		"PUT /_plugins/_security/api/roles/logs_writer",
		"PUT /_plugins/_security/api/roles/logs_reader",
		"PUT /_plugins/_security/api/roles/logs_admin",
		"PUT /_plugins/_security/api/rolesmapping/logs_writer",
		"PUT /_plugins/_security/api/rolesmapping/logs_reader",
		"PUT /_plugins/_security/api/rolesmapping/all_access",
		"PUT /_plugins/_security/api/rolesmapping/security_manager",
		"PUT /_plugins/_security/api/rolesmapping/logs_admin",
		"POST /_dashboards/api/saved_objects/index-pattern/logs?overwrite=true",
		"POST /_dashboards/api/opensearch-dashboards/settings",
	}, domain.written())
	assert.Len(t, result.Applied, len(settings().Documents()))
	assert.Len(t, result.Changed, 14, "all but the settings and the policy of indices, of which there are none")

	again, err := domain.apply(settings())
	require.NoError(t, err)
	assert.Empty(t, domain.written())
	assert.Equal(t, result.Applied, again.Applied)
	assert.Empty(t, again.Changed)
}

func TestWhatWasCutOffIsCompletedAndNothingIsPutTwice(t *testing.T) {
	whole := newStandIn(t)
	_, err := whole.apply(settings())
	require.NoError(t, err)
	writes := whole.written()
	for reached := range writes {
		domain := newStandIn(t)
		left := reached
		domain.before = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				return false
			}
			left--
			if left < 0 {
				w.WriteHeader(http.StatusForbidden)
			}
			return left < 0
		}
		_, err := domain.apply(settings())
		require.Error(t, err)
		domain.before = nil
		domain.written()

		_, err = domain.apply(settings())
		require.NoError(t, err)
		assert.Equal(t, writes[reached:], domain.written())
		assert.Equal(t, whole.stored, domain.stored)
	}
}

func TestWhatMayPassIsTriedAgain(t *testing.T) {
	for _, status := range []int{409, 429, 502, 503, 504} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			domain := newStandIn(t)
			refused := map[string]int{}
			domain.before = func(w http.ResponseWriter, r *http.Request) bool {
				asked := r.Method + r.URL.Path
				refused[asked]++
				if refused[asked]%3 != 0 {
					w.WriteHeader(status)
					return true
				}
				return false
			}
			_, err := domain.apply(settings())
			require.NoError(t, err)
			domain.before = nil
			domain.written()
			_, err = domain.apply(settings())
			require.NoError(t, err)
			assert.Empty(t, domain.written(), "all of it was put")
		})
	}
}

func TestAConnectionThatIsCutIsTriedAgain(t *testing.T) {
	domain := newStandIn(t)
	cut := 0
	domain.before = func(w http.ResponseWriter, r *http.Request) bool {
		if cut == 3 || !strings.HasPrefix(r.URL.Path, "/_index_template/") {
			return false
		}
		cut++
		connection, _, err := w.(http.Hijacker).Hijack()
		if assert.NoError(t, err) {
			assert.NoError(t, connection.Close())
		}
		return true
	}
	_, err := domain.apply(settings())
	require.NoError(t, err)
	assert.Equal(t, 3, cut)
}

func TestARefusalEndsTheRunWithOpenSearchsWords(t *testing.T) {
	for name, refusal := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"what is wrong": {400, `{"error":{"root_cause":[{"type":"x","reason":"y"}],"type":"script_exception","reason":"compile error",` +
			`"caused_by":{"type":"illegal_argument_exception","reason":"unexpected token"}},"status":400}`,
			"400 Bad Request: script_exception: compile error: illegal_argument_exception: unexpected token"},
		"no credentials": {401, `Unauthorized`, "401 Unauthorized: Unauthorized"},
		"IAM": {403, `{"Message":"User: arn:aws:sts::111111111111:assumed-role/a/b is not authorized to perform: es:ESHttpPut"}`,
			"403 Forbidden: User: arn:aws:sts::111111111111:assumed-role/a/b is not authorized to perform: es:ESHttpPut"},
		"security plugin": {403, `{"status":"FORBIDDEN","message":"No permission to access REST API"}`,
			"403 Forbidden: No permission to access REST API"},
		"Dashboards": {403, `{"statusCode":403,"error":"Denied","message":"no permissions for [indices:data/write/index]"}`,
			"403 Forbidden: Denied: no permissions for [indices:data/write/index]"},
		"no such thing": {404, `{"status":"NOT_FOUND","message":"role 'logs_reader' not found."}`, "404 Not Found: role 'logs_reader' not found."},
		"a fault":       {500, "<html>\n<b>oops</b></html>", "500 Internal Server Error: <html> <b>oops</b></html>"},
	} {
		t.Run(name, func(t *testing.T) {
			domain := newStandIn(t)
			const path = "/_plugins/_security/api/rolesmapping/logs_reader"
			domain.before = func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPut || r.URL.Path != path {
					return false
				}
				w.WriteHeader(refusal.status)
				_, _ = w.Write([]byte(refusal.body))
				return true
			}
			_, err := domain.apply(settings())
			require.EqualError(t, err, "role mapping logs_reader: PUT "+path+": "+refusal.want)
			written := domain.written()
			assert.Equal(t, "PUT "+path, written[len(written)-1])
			assert.Len(t, written, 9, "it was put once, and nothing after it")
		})
	}
}

func TestASignInPageIsNoSuccess(t *testing.T) {
	domain := newStandIn(t)
	domain.before = func(w http.ResponseWriter, r *http.Request) bool {
		dashboards := strings.HasPrefix(r.URL.Path, "/_dashboards/")
		if dashboards {
			w.Header().Set("Location", "https://sign-in.example.com")
			w.WriteHeader(http.StatusFound)
		}
		return dashboards
	}
	_, err := domain.apply(settings())
	assert.EqualError(t, err, "saved object logs-*: GET /_dashboards/api/saved_objects/index-pattern/logs: 302 Found: "+
		"it leads to https://sign-in.example.com")
}

func TestWhatWasInTheWayIsSaidWhenNoTimeIsLeft(t *testing.T) {
	domain := newStandIn(t)
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	domain.before = func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(`{"Message":"the domain is being updated"}`))
		tries++
		return true
	}
	client, err := opensearch.NewClient(opensearch.Config{Addresses: []string{domain.server.URL}, DisableRetry: true})
	require.NoError(t, err)
	_, err = apply(ctx, client, settings(), func() backoff.BackOff { return endless{3, cancel, &tries} })
	assert.EqualError(t, err, "ingest pipeline logs: no time is left after 3 tries: "+
		"GET /_ingest/pipeline/logs: 503 Service Unavailable: the domain is being updated")
}

// endless waits for ever, once so many tries are over and the time is too.
type endless struct {
	most   int
	cancel context.CancelFunc
	tries  *int
}

func (e endless) Reset() {}

func (e endless) NextBackOff() time.Duration {
	if *e.tries < e.most {
		return 0
	}
	e.cancel()
	return time.Hour
}

func TestWrongSettingsAreRefusedBeforeAnythingIsAsked(t *testing.T) {
	for want, change := range map[string]func(*searchindex.Settings){
		`Rotation: not allowed (given: "Daily"); allowed: OneHour, OneDay, OneWeek or OneMonth`: func(s *searchindex.Settings) { s.Rotation = "Daily" },
		"WriterRoleARN: not set, but required; allowed: the ARN of an IAM role":                 func(s *searchindex.Settings) { s.WriterRoleARN = "" },
	} {
		domain := newStandIn(t)
		wrong := settings()
		change(&wrong)
		_, err := domain.apply(wrong)
		require.EqualError(t, err, want)
		assert.Empty(t, domain.asked)
	}
}
