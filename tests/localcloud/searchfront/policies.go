package searchfront

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// policiesPath is that of Index State Management: docs.opensearch.org/latest/im-plugin/ism/api.
const policiesPath = "/_plugins/_ism/"

// primaryTerm is that of an index whose one shard never moved.
const primaryTerm = 1

// policies are those of a domain.
type policies struct {
	server server

	mu      sync.Mutex
	stored  map[string]versioned
	written int
	// kept are the copies of policies that indices follow, by the index's UUID.
	kept map[string]policy
}

// versioned is a policy with what tells whether it was changed meanwhile.
type versioned struct {
	policy          policy
	seqNo, revision int
}

func newPolicies(s server) *policies {
	return &policies{server: s, stored: map[string]versioned{}, kept: map[string]policy{}}
}

// managePolicies answers a request to Index State Management.
func (f *Front) managePolicies(r *http.Request) (reply, error) {
	verb, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, policiesPath), "/")
	const permission = "cluster:admin/opendistro/ism/"
	known := map[string]struct {
		permission string
		answer     func(*http.Request, string) (reply, error)
	}{
		"GET policies":       {"policy/get", f.policies.get},
		"PUT policies":       {"policy/write", f.policies.put},
		"POST add":           {"managedindex/add", f.policies.add},
		"POST change_policy": {"managedindex/change", f.policies.change},
		"GET explain":        {"managedindex/explain", f.policies.explain},
	}
	request, ok := known[r.Method+" "+verb]
	if !ok || name == "" {
		return reply{}, openSearchError(http.StatusBadRequest, "illegal_argument_exception",
			fmt.Sprintf("no handler found in the local cloud for uri [%s] and method [%s]", r.URL.Path, r.Method))
	}
	if err := f.server.require(r.Context(), callerOf(r.Context()), permission+request.permission); err != nil {
		return reply{}, err
	}
	return request.answer(r, name)
}

func (p *policies) get(_ *http.Request, id string) (reply, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found, ok := p.stored[id]
	if !ok {
		return reply{}, openSearchError(http.StatusNotFound, "status_exception", "Policy not found")
	}
	return reply{http.StatusOK, found.answer(found.policy)}, nil
}

// answer has the body under the key policy.
func (v versioned) answer(body any) map[string]any {
	return map[string]any{
		"_id": v.policy.ID, "_version": v.revision, "_seq_no": v.seqNo, "_primary_term": primaryTerm, "policy": body,
	}
}

func (p *policies) put(r *http.Request, id string) (reply, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return reply{}, fmt.Errorf("read the request: %w", err)
	}
	parsed, err := parsePolicy(id, body, time.Now())
	if err != nil {
		return reply{}, err
	}
	indices, err := p.indices(r.Context(), "*")
	if err != nil {
		return reply{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keep(indices)
	before, exists := p.stored[id]
	if err := before.expect(exists, id, r.URL.Query().Get("if_seq_no"), r.URL.Query().Get("if_primary_term")); err != nil {
		return reply{}, err
	}
	if err := p.checkTemplates(parsed); err != nil {
		return reply{}, err
	}
	now := versioned{policy: parsed, seqNo: p.written, revision: before.revision + 1}
	p.written++
	p.stored[id] = now
	status := http.StatusOK
	if !exists {
		status = http.StatusCreated
	}
	// Where this answer has the policy twice enveloped, the answer to GET has it once.
	return reply{status, now.answer(map[string]any{"policy": parsed})}, nil
}

// expect refuses to write over another version than the request names, and over any where it names none.
func (v versioned) expect(exists bool, id, seqNo, term string) error {
	conflict := func(format string, args ...any) refusal {
		return openSearchError(http.StatusConflict, "version_conflict_engine_exception",
			fmt.Sprintf("[%s]: version conflict, ", id)+fmt.Sprintf(format, args...))
	}
	switch {
	case seqNo == "" || term == "":
		if exists {
			return conflict("document already exists (current version [%d])", v.revision)
		}
	case !exists:
		return conflict("required seqNo [%s], primary term [%s]. but no document was found", seqNo, term)
	case seqNo != strconv.Itoa(v.seqNo) || term != strconv.Itoa(primaryTerm):
		return conflict("required seqNo [%s], primary term [%s]. current document has seqNo [%d] and primary term [%d]",
			seqNo, term, v.seqNo, primaryTerm)
	}
	return nil
}

// checkTemplates refuses a second policy for the same indices with the same priority. OpenSearch compares patterns by what
// they may match; this compares each with the other's text.
func (p *policies) checkTemplates(parsed policy) error {
	for id, other := range p.stored {
		if id == parsed.ID {
			continue
		}
		for _, a := range parsed.Templates {
			for _, b := range other.policy.Templates {
				if a.Priority == b.Priority && overlap(a.IndexPatterns, b.IndexPatterns) {
					return badTemplate("New policy %s has an ISM template with index pattern %v matching existing policy templates, "+
						"please use a different priority than %d", parsed.ID, a.IndexPatterns, a.Priority)
				}
			}
		}
	}
	return nil
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool {
		return slices.ContainsFunc(b, func(other string) bool { return matches(one, other) || matches(other, one) })
	})
}

// decode reads a request whose body may have these fields only.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return badPolicy("%s", unknownField(err))
	}
	return nil
}
