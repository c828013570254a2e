package searchinside

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cenkalti/backoff/v5"
	"github.com/opensearch-project/opensearch-go/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/searchindex"
)

// object is a JSON object.
type object = map[string]any

// index is one that exists.
type index struct {
	settings object
	// policy is empty where nothing manages the index.
	policy string
	states any
}

// standIn answers as OpenSearch, its plugins and Dashboards do to what is asked here, and keeps what is put.
type standIn struct {
	t      *testing.T
	server *httptest.Server

	mutex sync.Mutex
	// stored are bodies by path.
	stored map[string]object
	// numbers count the changes of the policies.
	numbers map[string]int
	indices map[string]*index
	// readOnly are pointers into the settings of the audit log.
	readOnly []any
	// failed are answers of index state management that name an index, by action.
	failed map[string]string
	// before answers in place of the stand-in where it returns true.
	before func(http.ResponseWriter, *http.Request) bool
	// asked are all requests, as method and path.
	asked []string
}

func newStandIn(t *testing.T) *standIn {
	t.Helper()
	s := &standIn{t: t, stored: map[string]object{}, numbers: map[string]int{}, indices: map[string]*index{}, failed: map[string]string{}}
	for _, role := range []string{"all_access", "security_manager"} {
		s.stored["/_plugins/_security/api/rolesmapping/"+role] = object{
			"backend_roles": []any{"arn:aws:iam::111111111111:role/master"}, "and_backend_roles": []any{}, "hosts": []any{}, "users": []any{"master"},
		}
	}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

// apply runs once, without a pause between tries.
func (s *standIn) apply(settings searchindex.Settings) (Result, error) {
	client, err := opensearch.NewClient(opensearch.Config{Addresses: []string{s.server.URL}, DisableRetry: true})
	require.NoError(s.t, err)
	return apply(s.t.Context(), client, settings, func() backoff.BackOff { return &backoff.ZeroBackOff{} })
}

// written are the requests that were no reads, since the last time.
func (s *standIn) written() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	asked := s.asked
	s.asked = nil
	return slices.DeleteFunc(asked, func(request string) bool { return strings.HasPrefix(request, "GET ") })
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	if s.before != nil && s.before(w, r) {
		return
	}
	var body object
	if text, _ := io.ReadAll(r.Body); len(text) > 0 {
		assert.NoError(s.t, json.Unmarshal(text, &body))
		assert.Equal(s.t, "application/json", r.Header.Get("Content-Type"))
	}
	status, answer := s.answer(r, body)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *standIn) answer(r *http.Request, body object) (int, any) {
	path := r.URL.Path
	switch {
	case strings.HasSuffix(path, "/_settings"):
		return s.settings(body)
	case strings.HasPrefix(path, "/_plugins/_ism/policies/"):
		return s.policy(r, body)
	case strings.HasPrefix(path, "/_plugins/_ism/"):
		action, names, _ := strings.Cut(strings.TrimPrefix(path, "/_plugins/_ism/"), "/")
		return s.manage(action, names, body)
	case strings.HasPrefix(path, "/_dashboards/") && r.Header.Get("Securitytenant") != "global":
		return 500, object{"message": "asked for a tenant of one's own"}
	case strings.HasPrefix(path, "/_dashboards/") && body != nil && r.Header.Get("Osd-Xsrf") == "":
		return 400, object{"statusCode": 400, "error": "Bad Request", "message": "Request must contain a osd-xsrf header."}
	case strings.HasSuffix(path, "/opensearch-dashboards/settings"):
		return s.advanced(body)
	case path == "/_plugins/_security/api/audit":
		return 200, object{"_readonly": s.readOnly, "config": s.stored[path+"/config"]}
	case body != nil:
		s.stored[path] = body
		return 200, object{}
	case s.stored[path] == nil:
		return 404, object{}
	default:
		return 200, s.shown(path)
	}
}

// shown is how each part of OpenSearch answers with what it has.
func (s *standIn) shown(path string) object {
	name := path[strings.LastIndex(path, "/")+1:]
	stored := maps.Clone(s.stored[path])
	switch {
	case strings.HasPrefix(path, "/_index_template/"):
		return object{"index_templates": []any{object{"name": name, "index_template": stored}}}
	case strings.HasPrefix(path, "/_dashboards/"):
		return stored
	default:
		stored["reserved"], stored["hidden"] = false, false
		return object{name: stored}
	}
}

func (s *standIn) settings(body object) (int, any) {
	if body != nil && len(s.indices) == 0 {
		return 404, object{"error": object{"type": "index_not_found_exception", "reason": "no such index"}, "status": 404}
	}
	shown := object{}
	for name, index := range s.indices {
		if body != nil {
			maps.Copy(index.settings, body["index"].(object))
		}
		shown[name] = object{"settings": object{"index": index.settings}}
	}
	return 200, shown
}

func (s *standIn) policy(r *http.Request, body object) (int, any) {
	path := r.URL.Path
	number := s.numbers[path]
	if body == nil {
		if s.stored[path] == nil {
			return 404, object{"error": object{"type": "status_exception", "reason": "Policy not found"}, "status": 404}
		}
		return 200, object{"_seq_no": number, "_primary_term": 1, "policy": s.stored[path]["policy"]}
	}
	current := fmt.Sprintf("if_primary_term=1&if_seq_no=%d", number)
	if s.stored[path] != nil && r.URL.RawQuery != current {
		return 409, object{"error": object{"type": "version_conflict_engine_exception", "reason": "document already exists"}, "status": 409}
	}
	s.stored[path], s.numbers[path] = body, number+1
	return 200, object{}
}

func (s *standIn) manage(action, names string, body object) (int, any) {
	if action == "explain" {
		explained := object{"total_managed_indices": len(s.indices)}
		for name, index := range s.indices {
			of := object{"index.plugins.index_state_management.policy_id": nil, "enabled": nil}
			if index.policy != "" {
				of["index.plugins.index_state_management.policy_id"], of["policy"] = index.policy, object{"states": index.states}
			}
			explained[name] = of
		}
		return 200, explained
	}
	failed := []any{}
	for name := range strings.SplitSeq(names, ",") {
		index := s.indices[name]
		if reason := s.failed[action]; reason != "" {
			failed = append(failed, object{"index_name": name, "index_uuid": "u", "reason": reason})
			continue
		}
		assert.Equal(s.t, action == "add", index.policy == "", "%s of %s", action, name)
		index.policy = body["policy_id"].(string)
		index.states = s.stored["/_plugins/_ism/policies/"+index.policy]["policy"].(object)["states"]
	}
	return 200, object{"updated_indices": 1, "failures": len(failed) > 0, "failed_indices": failed}
}

func (s *standIn) advanced(body object) (int, any) {
	const path = "advanced"
	if body != nil {
		s.stored[path] = body["changes"].(object)
	}
	settings := object{"buildNum": object{"userValue": 1}}
	for name, value := range s.stored[path] {
		settings[name] = object{"userValue": value}
	}
	return 200, object{"settings": settings}
}
