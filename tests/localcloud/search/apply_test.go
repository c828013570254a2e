//go:build localcloud

package search

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/searchindex"
	"example.com/log-pipeline/internal/searchinside"
)

// soon is more than a run takes, and less than the function has.
const soon = 30 * time.Second

func (w *world) run(t testing.TB, through *proxy) (searchinside.Result, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	return searchinside.Apply(ctx, through.client, w.settings)
}

// apply makes the inside as the settings say.
func (w *world) apply(t testing.TB) searchinside.Result {
	t.Helper()
	result, err := w.run(t, newProxy(t, function, passes))
	require.NoError(t, err)
	return result
}

func TestApplyTwice(t *testing.T) {
	w := newWorld(t)
	result := w.apply(t)
	names := make([]string, 0)
	for _, document := range w.settings.Documents() {
		names = append(names, document.String())
	}
	assert.Equal(t, names, result.Applied)
	assert.NotEmpty(t, result.Changed)
	made := w.state(t)
	again := newProxy(t, function, passes)
	result, err := w.run(t, again)
	require.NoError(t, err)
	assert.Equal(t, searchinside.Result{Applied: names, Changed: []string{}}, result)
	assert.Empty(t, again.writes)
	assert.Equal(t, made, w.state(t))
}

// A run may end at any request, when the domain has done what was asked and the answer is lost.
func TestApplyAfterAHalfDoneRun(t *testing.T) {
	newWorld(t).apply(t) // with what all worlds share
	clean := newWorld(t)
	whole := newProxy(t, function, passes)
	_, err := clean.run(t, whole)
	require.NoError(t, err)
	expected := clean.state(t)
	for step := range whole.writes {
		t.Run(fmt.Sprintf("ends with write %d", step+1), func(t *testing.T) {
			w := newWorld(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			writes := 0
			broken := newProxy(t, function, func(_ int, request *http.Request) answer {
				if isWrite(request) {
					writes++
				}
				switch {
				case writes <= step:
					return answer{}
				case writes == step+1:
					time.AfterFunc(100*time.Millisecond, cancel)
					return answer{status: breaksAfter}
				default:
					return answer{status: breaksBefore}
				}
			})
			_, err := searchinside.Apply(ctx, broken.client, w.settings)
			require.Error(t, err)
			w.apply(t)
			assert.Equal(t, expected, w.state(t))
		})
	}
}

// said is a refusal in OpenSearch's own words.
func said(status int, kind, reason string) answer {
	return answer{status, fmt.Sprintf(`{"error":{"root_cause":[{"type":%[1]q,"reason":%[2]q}],"type":%[1]q,"reason":%[2]q},"status":%[3]d}`,
		kind, reason, status)}
}

func TestApplyIsRetried(t *testing.T) {
	w := newWorld(t)
	w.apply(t)
	for name, refusal := range map[string]answer{
		"409":                said(http.StatusConflict, "version_conflict_engine_exception", "required seqNo [3], primary term [1]"),
		"429":                said(http.StatusTooManyRequests, "circuit_breaking_exception", "[parent] Data too large"),
		"429 of the service": {http.StatusTooManyRequests, "429 Too Many Requests /_index_template"},
		"502":                {http.StatusBadGateway, "<html>502 Bad Gateway</html>"},
		"503":                said(http.StatusServiceUnavailable, "cluster_block_exception", "blocked by: [SERVICE_UNAVAILABLE/1]"),
		"503 of the plugin":  {http.StatusServiceUnavailable, "OpenSearch Security not initialized."},
		"504":                {http.StatusGatewayTimeout, `{"message":"Endpoint request timed out"}`},
		"no answer":          {status: breaksBefore},
		"a lost answer":      {status: breaksAfter},
	} {
		t.Run(name, func(t *testing.T) {
			w.settings.DaysKept++
			refused := 0
			refusing := newProxy(t, function, func(_ int, request *http.Request) answer {
				if refused == 2 || refusal.status == http.StatusConflict && !isWrite(request) {
					return answer{}
				}
				refused++
				return refusal
			})
			_, err := w.run(t, refusing)
			require.NoError(t, err)
			assert.Equal(t, 2, refused)
			assert.Empty(t, w.apply(t).Changed)
		})
	}
}

// What another attempt would not mend ends the run at once.
func TestApplyEndsInOpenSearchsOwnWords(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		role    string
		refusal answer
		words   []string
	}{
		"400": {
			function, said(http.StatusBadRequest, "illegal_argument_exception", "unknown setting [index.x]"),
			[]string{"illegal_argument_exception", "unknown setting [index.x]"},
		},
		"401": {function, answer{http.StatusUnauthorized, "Unauthorized"}, []string{"Unauthorized"}},
		"403": {nobody, answer{}, []string{"security_exception", "no permissions", nobody}},
		"403 of the domain's policy": {
			master, answer{http.StatusForbidden, `{"Message":"User: arn:aws:sts::1:assumed-role/f/f is not authorized to perform: es:ESHttpPut"}`},
			[]string{"is not authorized to perform: es:ESHttpPut"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			refusing := newProxy(t, c.role, func(int, *http.Request) answer { return c.refusal })
			_, err := w.run(t, refusing)
			require.Error(t, err)
			for _, words := range append(c.words, strings.Fields(name)[0]) {
				require.ErrorContains(t, err, words)
			}
			assert.Equal(t, 1, refusing.all)
		})
	}
}

func TestApplyEndsInOpenSearchsOwnWordsWhenItsTimeIsUp(t *testing.T) {
	w := newWorld(t)
	refusing := newProxy(t, function, func(int, *http.Request) answer {
		return said(http.StatusServiceUnavailable, "cluster_block_exception", "no cluster manager")
	})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err := searchinside.Apply(ctx, refusing.client, w.settings)
	require.ErrorContains(t, err, "no cluster manager")
	assert.Greater(t, refusing.all, 1)
}

func TestApplyChanges(t *testing.T) {
	w := newWorld(t)
	w.apply(t)
	w.mustIndex(t, "first")
	name := w.settings.IndexName
	search := func(role string) int {
		status, _ := w.ask(t, role, http.MethodGet, "/"+w.settings.Pattern()+"/_count", "")
		return status
	}
	t.Run("readers", func(t *testing.T) {
		const joins = "arn:aws:iam::111111111111:role/joins"
		leaves := w.settings.ReaderRoleARNs[0]
		require.Equal(t, http.StatusOK, search(leaves))
		require.Equal(t, http.StatusForbidden, search(joins))
		w.settings.ReaderRoleARNs = []string{joins}
		assert.Equal(t, []string{"role mapping " + name + "_reader"}, w.apply(t).Changed)
		assert.Equal(t, http.StatusForbidden, search(leaves))
		assert.Equal(t, http.StatusOK, search(joins))
		w.settings.ReaderRoleARNs = nil
		w.apply(t)
		assert.Equal(t, http.StatusForbidden, search(joins))
	})
	t.Run("admins", func(t *testing.T) {
		leaves := w.settings.AdminRoleARNs[0]
		require.Equal(t, http.StatusOK, search(leaves))
		w.settings.AdminRoleARNs = nil
		assert.Len(t, w.apply(t).Changed, 3)
		assert.Equal(t, http.StatusForbidden, search(leaves))
	})
	t.Run("shards and replicas", func(t *testing.T) {
		w.settings.Shards, w.settings.Replicas = 3, 0
		w.apply(t)
		w.mustIndex(t, "second")
		w.settings.Replicas = 2
		assert.Equal(t, []string{"index template " + name, "index settings " + name + "-*"}, w.apply(t).Changed)
		assert.Equal(t, []any{"1", "2"}, w.copies(t, "first"), "what has been written stays in its shards")
		assert.Equal(t, []any{"3", "2"}, w.copies(t, "second"))
	})
	t.Run("days kept", func(t *testing.T) {
		const age = `"min_index_age":"2184h"`
		require.NotContains(t, w.explained(t), age)
		w.settings.DaysKept = 90
		assert.Equal(t, []string{"lifecycle policy " + name, "enrolment " + name + "-*"}, w.apply(t).Changed)
		assert.Equal(t, 2, strings.Count(w.explained(t), age), "indices that exist follow")
	})
	assert.Empty(t, w.apply(t).Changed)
}

// copies are how many shards an index has, and replicas of each.
func (w *world) copies(t testing.TB, suffix string) []any {
	t.Helper()
	index := w.settings.IndexName + "-" + suffix
	answer := w.mustAsk(t, master, http.MethodGet, "/"+index+"/_settings?flat_settings=true", "")
	settings := answer[index].(map[string]any)["settings"].(map[string]any)
	return []any{settings["index.number_of_shards"], settings["index.number_of_replicas"]}
}

// explained is what index state management says of the indices.
func (w *world) explained(t testing.TB) string {
	t.Helper()
	status, said := asFunction(t, "/_plugins/_ism/explain/"+w.settings.Pattern()+"?show_policy=true")
	require.Equal(t, http.StatusOK, status, said)
	return said
}

// mustIndex writes a document as Firehose does into the index with that suffix.
func (w *world) mustIndex(t testing.TB, suffix string) {
	t.Helper()
	path := "/" + w.settings.IndexName + "-" + suffix + "/_doc/1?refresh=true"
	status, said := w.ask(t, master, http.MethodPut, path, `{"message":"text"}`)
	require.Equal(t, http.StatusCreated, status, string(said))
}

// changing is what counts how often something was changed, and when.
var changing = regexp.MustCompile(`"(_version|_seq_no|_primary_term|version|updated_at|last_updated_time)":[^,}]+,?`)

// state is what the domain has of each document of the settings, with the world's own name and what counts changes taken out.
func (w *world) state(t testing.TB) map[string]string {
	t.Helper()
	state := map[string]string{}
	general := func(text string) string { return strings.ReplaceAll(text, w.settings.IndexName, "NAME") }
	for _, document := range w.settings.Documents() {
		path := document.Path
		switch document.Kind {
		case searchindex.Members: // has those of all worlds
			continue
		case searchindex.Audit:
			path = searchindex.AuditPath
		case searchindex.Enrolment:
			path = strings.ReplaceAll(path, "change_policy", "explain")
		}
		status, said := asFunction(t, path)
		require.Equal(t, http.StatusOK, status, "%s: %s", document, said)
		state[general(document.String())] = general(changing.ReplaceAllString(said, ""))
	}
	return state
}

// asFunction is what the domain shows the function at a path.
func asFunction(t testing.TB, path string) (status int, said string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	require.NoError(t, err)
	response, err := newProxy(t, function, passes).client.Perform(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}
