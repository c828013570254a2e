//go:build localcloud

// Package search proves the inside of the search domain in a real OpenSearch: what the function makes there takes every event, keeps each
// once, is searched as people do, and lets nobody else in.
package search

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/searchindex"
	"example.com/log-pipeline/tests/localcloud/searchserver"
)

// world is a name in the server that no other test has.
type world struct {
	settings searchindex.Settings
	// today is the index into which Firehose writes what arrives now, by its default rotation
	// (docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html).
	today string
}

// own are the kinds of documents that a world has for itself.
var own = []searchindex.Kind{searchindex.Template, searchindex.Pipeline, searchindex.Role, searchindex.Mapping}

// newWorld is one without anything in it. What the settings make of it goes with the test.
func newWorld(t testing.TB) *world {
	t.Helper()
	name := "logs-" + uuid.NewString()[:8]
	role := func(kind string) string { return "arn:aws:iam::111111111111:role/" + name + "-" + kind }
	w := &world{
		settings: searchindex.Settings{
			IndexName: name, WriterRoleARN: role("writer"), ReaderRoleARNs: []string{role("reader")}, AdminRoleARNs: []string{role("admin")},
		}.WithDefaults(),
		today: name + "-" + time.Now().UTC().Format(time.DateOnly),
	}
	t.Cleanup(func() {
		w.mustAsk(t, master, http.MethodDelete, "/"+w.settings.Pattern(), "")
		for _, document := range w.settings.Documents() {
			if slices.Contains(own, document.Kind) {
				status, said := w.ask(t, master, http.MethodDelete, document.Path, "")
				assert.Contains(t, []int{http.StatusOK, http.StatusNotFound}, status, "%s: %s", document, said)
			}
		}
	})
	return w
}

// ask is what the server answers to a role.
func (w *world) ask(t testing.TB, role, method, path, body string) (status int, answer []byte) {
	t.Helper()
	// What is cleaned up asks too, after the test.
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := searchserver.As(role).RoundTrip(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, answer
}

// mustAsk is ask where the answer is a good one.
func (w *world) mustAsk(t testing.TB, role, method, path, body string) map[string]any {
	t.Helper()
	status, said := w.ask(t, role, method, path, body)
	require.Equal(t, http.StatusOK, status, "%s %s: %.2000s", method, path, said)
	var answer map[string]any
	require.NoError(t, json.Unmarshal(said, &answer))
	return answer
}
