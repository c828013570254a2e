// Package searchfront stands where the endpoint of an OpenSearch domain is: it finds out which IAM role has signed a request,
// and passes the request on to OpenSearch as this role's, as Amazon OpenSearch Service does in front of a domain with
// fine-grained access control.
//
// It stands in for the two parts of a domain that the OpenSearch behind it lacks, Index State Management and OpenSearch
// Dashboards, as far as a domain for logs needs them: policies that delete by age, saved objects and settings. It checks requests as
// these parts do, keeps what is put in memory, and deletes no index.
//
// It does not check a signature against the secret key, which only AWS and the caller have, nor the domain's access policy:
// tests/permissions does that.
package searchfront

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"example.com/log-pipeline/tests/localcloud/searchserver"
)

// Master is the backend role that may do everything in the OpenSearch behind a front. The front gives it to the domain's
// master user.
const Master = "local-master"

// Front is the handler of a domain's endpoint.
type Front struct {
	emulator emulator
	server   server
	proxy    *httputil.ReverseProxy
	policies *policies
	objects  *objects
	settings *settings
}

// New makes the front of the OpenSearch at that URL. Who calls, the emulator knows, whose URL find returns.
func New(openSearch string, find func() (string, error)) (*Front, error) {
	target, err := url.Parse(openSearch)
	if err != nil {
		return nil, err
	}
	f := &Front{emulator: emulator{find}, server: server{openSearch}, objects: newObjects(), settings: newSettings()}
	f.policies = newPolicies(f.server)
	f.proxy = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		for name := range r.Out.Header {
			if name == "Authorization" || strings.HasPrefix(name, "X-Amz-") {
				r.Out.Header.Del(name)
			}
		}
		searchserver.SetCaller(r.Out.Header, callerOf(r.In.Context()).roles...)
	}}
	return f, nil
}

// caller is who has signed a request.
type caller struct {
	// roles are those that OpenSearch is told: the ARN of the IAM role first, which is also the user's name.
	roles []string
}

func (c caller) arn() string { return c.roles[0] }

type callerKey struct{}

func callerOf(ctx context.Context) caller { return ctx.Value(callerKey{}).(caller) }

func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	who, err := f.identify(r)
	if err != nil {
		answerError(w, err)
		return
	}
	r = r.WithContext(context.WithValue(r.Context(), callerKey{}, who))
	var answer reply
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, policiesPath):
		answer, err = f.managePolicies(r)
	case strings.HasPrefix(path, dashboardsPath):
		answer, err = f.dashboards(r)
	default:
		f.proxy.ServeHTTP(w, r)
		return
	}
	if err != nil {
		answerError(w, err)
		return
	}
	answer.write(w)
}

// reply is an answer in JSON.
type reply struct {
	status int
	body   any
}

func (r reply) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(r.status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(r.body)
}

// refusal is a reply to a request that is not granted.
type refusal reply

func (r refusal) Error() string {
	content, _ := json.Marshal(r.body)
	return string(content)
}

// openSearchError is a refusal in OpenSearch's form.
func openSearchError(status int, kind, reason string) refusal {
	cause := map[string]any{"type": kind, "reason": reason}
	return refusal{status, map[string]any{
		"error":  map[string]any{"root_cause": []any{cause}, "type": kind, "reason": reason},
		"status": status,
	}}
}

// answerError answers a refusal as it is, and anything else as a failure of the local cloud's own.
func answerError(w http.ResponseWriter, err error) {
	var refused refusal
	if !errors.As(err, &refused) {
		refused = refusal{http.StatusBadGateway, map[string]string{"message": "the local cloud's front of OpenSearch: " + err.Error()}}
	}
	reply(refused).write(w)
}
