package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/searchindex"
)

func settings() searchindex.Settings {
	return searchindex.Settings{WriterRoleARN: "arn:aws:iam::111111111111:role/firehose"}
}

// refusing is a domain that refuses everything, and what it was asked first.
func refusing(t *testing.T) (*http.Transport, *http.Request) {
	t.Helper()
	first := &http.Request{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*first = *r
		http.Error(w, `{"Message":"not today"}`, http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	t.Setenv("OPENSEARCH_ENDPOINT", server.URL)
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example")
	t.Setenv("AWS_SESSION_TOKEN", "token")
	return server.Client().Transport.(*http.Transport), first
}

func TestRequestsAreSignedAsTheFunctionsRole(t *testing.T) {
	transport, first := refusing(t)
	_, err := handler(transport)(t.Context(), settings())
	require.EqualError(t, err, "ingest pipeline logs: GET /_ingest/pipeline/logs: 403 Forbidden: not today")
	assert.Regexp(t, `^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-central-1/es/aws4_request, `, first.Header.Get("Authorization"))
	assert.Equal(t, "token", first.Header.Get("X-Amz-Security-Token"))
}

func TestTheAnswerComesBeforeTheFunctionIsEnded(t *testing.T) {
	transport, first := refusing(t)
	ctx, cancel := context.WithTimeout(t.Context(), farewell)
	defer cancel()
	_, err := handler(transport)(ctx, settings())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, ctx.Err())
	assert.Empty(t, first.URL)
}

func TestAnEnvironmentThatIsNoneIsSaid(t *testing.T) {
	for _, endpoint := range []string{"", "search.example.com", "http://search.example.com", "https://search.example.com/path"} {
		transport, _ := refusing(t)
		t.Setenv("OPENSEARCH_ENDPOINT", endpoint)
		_, err := handler(transport)(t.Context(), settings())
		require.EqualError(t, err, `OPENSEARCH_ENDPOINT: not allowed (given: "`+endpoint+`"); allowed: https:// and a host`)
	}
	transport, _ := refusing(t)
	t.Setenv("AWS_REGION", "")
	_, err := handler(transport)(t.Context(), settings())
	assert.EqualError(t, err, "AWS_REGION: not set, but required")
}
