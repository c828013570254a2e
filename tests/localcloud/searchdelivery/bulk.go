package searchdelivery

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// pauses between attempts grow from the first to the longest.
const firstPause, longestPause = time.Second, 30 * time.Second

// index sends the documents to the domain, and those again that it refuses, for as long as the stream retries. It returns those
// that the domain has not taken.
func (s *Stream) index(ctx context.Context, documents []*document) ([]*document, error) {
	left := documents
	pause := firstPause
	for until := time.Now().Add(s.Retry); ; {
		var err error
		if left, err = s.send(ctx, left); err != nil {
			return nil, err
		}
		if len(left) == 0 || time.Now().Add(pause).After(until) {
			return left, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// send makes one attempt, and returns the documents that are refused.
func (s *Stream) send(ctx context.Context, documents []*document) ([]*document, error) {
	body, err := bulk(documents)
	if err != nil {
		return nil, err
	}
	status, answer, err := s.post(ctx, body)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	now := time.Now()
	for _, d := range documents {
		d.attempts++
		d.attemptsEnded = now
	}
	switch {
	case err != nil:
		return refuse(documents, http.StatusServiceUnavailable, err.Error()), nil
	case status != http.StatusOK:
		return refuse(documents, status, string(answer)), nil
	}
	return refused(documents, answer)
}

func refuse(documents []*document, status int, said string) []*document {
	for _, d := range documents {
		d.errorCode, d.errorMessage = strconv.Itoa(status), said
	}
	return documents
}

// bulk is the request's body: docs.opensearch.org/latest/api-reference/document-apis/bulk.
func bulk(documents []*document) ([]byte, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	for _, d := range documents {
		target := map[string]string{"_index": d.index}
		if d.id != "" {
			target["_id"] = d.id
		}
		if err := encoder.Encode(map[string]any{"index": target}); err != nil {
			return nil, fmt.Errorf("write a bulk: %w", err)
		}
		body.Write(bytes.TrimRight(d.Data, "\n"))
		body.WriteByte('\n')
	}
	return body.Bytes(), nil
}

// post sends a bulk, signed by the stream's role.
func (s *Stream) post(ctx context.Context, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+s.endpoint+"/_bulk", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	if err := Sign(ctx, s.role, request, body); err != nil {
		return 0, nil, err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// refused reads from the answer to a bulk which documents are not taken.
func refused(documents []*document, answer []byte) ([]*document, error) {
	var said struct {
		Items []map[string]struct {
			Status int             `json:"status"`
			Error  json.RawMessage `json:"error"`
		} `json:"items"`
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		return nil, fmt.Errorf("read the answer to a bulk: %w", err)
	}
	if len(said.Items) != len(documents) {
		return nil, fmt.Errorf("the answer to a bulk of %d documents has %d", len(documents), len(said.Items))
	}
	var left []*document
	for i, item := range said.Items {
		if result := item["index"]; len(result.Error) > 0 {
			left = append(left, refuse(documents[i:i+1], result.Status, string(result.Error))...)
		}
	}
	return left, nil
}
