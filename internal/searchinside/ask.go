package searchinside

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/cenkalti/backoff/v5"

	"example.com/log-pipeline/internal/searchindex"
)

// passing are the statuses of what may pass.
var passing = []int{
	http.StatusConflict, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// get reads what is at a path. It is nil where nothing is.
func (d domain) get(ctx context.Context, path string) (map[string]any, error) {
	status, answer, err := d.ask(ctx, http.MethodGet, path, nil)
	if status == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := decode(answer, &object); err != nil {
		return nil, backoff.Permanent(fmt.Errorf("GET %s: no JSON object: %w", path, err))
	}
	return object, nil
}

// send puts something there.
func (d domain) send(ctx context.Context, method, path string, body json.RawMessage) ([]byte, error) {
	_, answer, err := d.ask(ctx, method, path, body)
	return answer, err
}

// ask is a request and its answer. It is an error where the answer is any other than success, a permanent one where that will not pass.
func (d domain) ask(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, backoff.Permanent(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if searchindex.OfDashboards(path) {
		// Dashboards takes no writes without the first, and by default has each user in a place of his own.
		request.Header.Set("Osd-Xsrf", "true")
		request.Header.Set("Securitytenant", "global")
	}
	response, err := d.client.Perform(request)
	if err != nil {
		return 0, nil, unreached(fmt.Errorf("%s %s: %w", method, path, err))
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return response.StatusCode, answer, nil
	}
	refusal := fmt.Errorf("%s %s: %s: %s", method, path, response.Status, words(response.Header, answer))
	if !slices.Contains(passing, response.StatusCode) {
		refusal = backoff.Permanent(refusal)
	}
	return response.StatusCode, answer, refusal
}

// unreached is what became of a request without an answer. A wrong certificate stays wrong.
func unreached(err error) error {
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return backoff.Permanent(err)
	}
	return err
}

// words are what an answer says of an error, in any of the forms that OpenSearch, its plugins, Dashboards and AWS have for it.
func words(header http.Header, answer []byte) string {
	if to := header.Get("Location"); to != "" {
		return "it leads to " + to
	}
	var said struct {
		Error           json.RawMessage
		Message, Reason string
	}
	if json.Unmarshal(answer, &said) == nil {
		if cause := causes(said.Error); cause != "" {
			return join(cause, said.Message)
		}
		if text := join(said.Reason, said.Message); text != "" {
			return text
		}
	}
	const most = 500
	text := strings.Join(strings.Fields(string(answer)), " ")
	return text[:min(len(text), most)]
}

// causes are an error and what it was caused by, each with its type.
func causes(of json.RawMessage) string {
	var text string
	if json.Unmarshal(of, &text) == nil {
		return text
	}
	var cause struct {
		Type, Reason string
		CausedBy     json.RawMessage `json:"caused_by"`
	}
	if json.Unmarshal(of, &cause) != nil {
		return ""
	}
	return join(join(cause.Type, cause.Reason), causes(cause.CausedBy))
}

// join has a colon between what there is.
func join(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), ": ")
}

// decode keeps numbers as they are written.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}
