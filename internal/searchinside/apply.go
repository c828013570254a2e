package searchinside

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"example.com/log-pipeline/internal/searchindex"
)

// Client sends requests to a domain, as that of opensearch-go does. It leaves trying again to this package.
type Client interface {
	Perform(*http.Request) (*http.Response, error)
}

// Result says what was done.
type Result struct {
	// Applied are all documents.
	Applied []string `json:"applied"`
	// Changed are those that were not as they should be.
	Changed []string `json:"changed"`
}

// Apply makes the inside of a domain as the settings say. It is an error where the settings are wrong, where OpenSearch refuses
// something, and where the context ends before all is done.
func Apply(ctx context.Context, client Client, settings searchindex.Settings) (Result, error) {
	return apply(ctx, client, settings, func() backoff.BackOff {
		waits := backoff.NewExponentialBackOff() // from half a second on
		waits.MaxInterval = 15 * time.Second
		return waits
	})
}

func apply(ctx context.Context, client Client, settings searchindex.Settings, waits func() backoff.BackOff) (Result, error) {
	settings = settings.WithDefaults()
	if err := settings.Check("").Err(); err != nil {
		return Result{}, err
	}
	if settings.WriterRoleARN == "" {
		return Result{}, errors.New("WriterRoleARN: not set, but required; allowed: the ARN of an IAM role")
	}
	domain := domain{client: client, settings: settings}
	result := Result{Applied: []string{}, Changed: []string{}}
	for _, document := range settings.Documents() {
		changed, err := untilDone(ctx, waits(), func() (bool, error) { return domain.put(ctx, document) })
		if err != nil {
			return result, fmt.Errorf("%s: %w", document, err)
		}
		result.Applied = append(result.Applied, document.String())
		if changed {
			result.Changed = append(result.Changed, document.String())
		}
	}
	return result, nil
}

// untilDone tries again until it succeeds or is refused for good. When the time is over, the error has the last refusal.
func untilDone(ctx context.Context, waits backoff.BackOff, try func() (bool, error)) (bool, error) {
	tries := 0
	var last error
	changed, err := backoff.Retry(ctx, func() (bool, error) {
		tries++
		changed, err := try()
		if err == nil || ctx.Err() == nil || last == nil {
			last = err
		}
		return changed, err
	}, backoff.WithBackOff(waits), backoff.WithMaxElapsedTime(0))
	if err != nil && ctx.Err() != nil && last != nil {
		return false, fmt.Errorf("no time is left after %d tries: %w", tries, last)
	}
	return changed, err
}
