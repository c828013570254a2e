//go:build localcloud

package search

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAccess(t *testing.T) {
	w := newWorld(t)
	w.apply(t)
	w.mustIndex(t, "2026-03-01")
	name := w.settings.IndexName
	// Of another's name, which begins as theirs does.
	other := name + "x-2026-03-01"
	w.mustAsk(t, master, http.MethodPut, "/"+other, "")
	t.Cleanup(func() { w.mustAsk(t, master, http.MethodDelete, "/"+other, "") })
	index := "/" + name + "-2026-03-01"
	bulk := func(index string) string {
		return fmt.Sprintf("{\"index\":{\"_index\":%q,\"_id\":\"7\"}}\n{\"message\":\"a\"}\n", index)
	}
	const search = `{"query":{"match_all":{}}}`
	several := fmt.Sprintf("{\"index\":\"%s-*\"}\n%s\n", name, search)
	writer, reader, admin := w.settings.WriterRoleARN, w.settings.ReaderRoleARNs[0], w.settings.AdminRoleARNs[0]

	type request struct{ method, path, body string }
	for what, c := range map[string]struct {
		request
		allowed []string
	}{
		"write":                         {request{http.MethodPost, "/_bulk", bulk(name + "-2026-03-01")}, []string{writer, admin}},
		"write the first of an index":   {request{http.MethodPost, "/_bulk", bulk(name + "-2026-03-02")}, []string{writer, admin}},
		"write elsewhere":               {request{http.MethodPost, "/_bulk", bulk(other)}, []string{admin}},
		"write into the security index": {request{http.MethodPost, "/_bulk", bulk(".opendistro_security")}, nil},
		"search":                        {request{http.MethodPost, "/" + name + "-*/_search", search}, []string{reader, admin}},
		"search one index":              {request{http.MethodPost, index + "/_search", search}, []string{reader, admin}},
		"get a document":                {request{http.MethodGet, index + "/_doc/1", ""}, []string{reader, admin}},
		"search elsewhere":              {request{http.MethodPost, "/" + other + "/_search", search}, []string{admin}},
		"fields for Dashboards":         {request{http.MethodGet, "/" + name + "-*/_field_caps?fields=*", ""}, []string{reader, admin}},
		"several searches":              {request{http.MethodPost, "/_msearch", several}, []string{reader, admin}},
		"delete a document":             {request{http.MethodDelete, index + "/_doc/none", ""}, []string{admin}},
		"delete an index":               {request{http.MethodDelete, "/" + name + "-none", ""}, []string{admin}},
		"delete a template":             {request{http.MethodDelete, "/_index_template/none", ""}, []string{admin}},
		"delete a pipeline":             {request{http.MethodDelete, "/_ingest/pipeline/none", ""}, []string{admin}},
		"update a document":             {request{http.MethodPost, index + "/_update/none", `{"doc":{"a":1}}`}, []string{admin}},
		"change the mapping":            {request{http.MethodPut, index + "/_mapping", `{"properties":{}}`}, []string{admin}},
		"change the settings":           {request{http.MethodPut, index + "/_settings", `{"index":{"max_result_window":10000}}`}, []string{admin}},
		"read security roles":           {request{http.MethodGet, "/_plugins/_security/api/roles", ""}, []string{admin}},
	} {
		for role, caller := range map[string]string{"writer": writer, "reader": reader, "admin": admin, "nobody": nobody} {
			t.Run(what+" as "+role, func(t *testing.T) {
				outcome, said := w.outcome(t, caller, c.method, c.path, c.body)
				if slices.Contains(c.allowed, caller) {
					assert.Contains(t, []int{http.StatusOK, http.StatusCreated, http.StatusNotFound}, outcome, said)
				} else {
					assert.Equal(t, http.StatusForbidden, outcome, said)
				}
			})
		}
	}
}

// outcome is the status of the answer, and of what is in a bulk's or a multiple search's good answer.
func (w *world) outcome(t *testing.T, role, method, path, body string) (status int, said string) {
	t.Helper()
	status, answer := w.ask(t, role, method, path, body)
	var inner struct {
		Items     []map[string]struct{ Status int } `json:"items"`
		Responses []struct{ Status int }            `json:"responses"`
	}
	if json.Unmarshal(answer, &inner) == nil {
		for _, item := range inner.Items {
			status = max(status, item["index"].Status)
		}
		for _, response := range inner.Responses {
			status = max(status, response.Status)
		}
	}
	return status, string(answer)
}
