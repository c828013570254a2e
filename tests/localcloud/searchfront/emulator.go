package searchfront

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// emulator knows who has which access key, and the domain.
type emulator struct {
	find func() (string, error)
}

// roleOf returns the ARN of the IAM role whose access key it is, empty without one.
func (e emulator) roleOf(ctx context.Context, key string) (string, error) {
	var found struct{ ARN string }
	status, err := e.get(ctx, "/_local/caller?access_key="+url.QueryEscape(key), "", &found)
	if err != nil || status == http.StatusNotFound {
		return "", err
	}
	return found.ARN, nil
}

// masters returns the ARNs of the master users of the region's domains, nil where the region has no domain.
func (e emulator) masters(ctx context.Context, region string) ([]string, error) {
	const api = "/2021-01-01/" // of docs.aws.amazon.com/opensearch-service/latest/APIReference
	var names struct {
		DomainNames []struct{ DomainName string }
	}
	if _, err := e.get(ctx, api+"domain", region, &names); err != nil {
		return nil, err
	}
	var masters []string
	for _, name := range names.DomainNames {
		var described struct {
			DomainStatus struct {
				AdvancedSecurityOptions struct {
					MasterUserOptions struct{ MasterUserARN string }
				}
			}
		}
		if _, err := e.get(ctx, api+"opensearch/domain/"+url.PathEscape(name.DomainName), region, &described); err != nil {
			return nil, err
		}
		masters = append(masters, described.DomainStatus.AdvancedSecurityOptions.MasterUserOptions.MasterUserARN)
	}
	return masters, nil
}

// get reads an answer of the emulator's. With a region it asks the service OpenSearch there, as somebody in its own account.
func (e emulator) get(ctx context.Context, path, region string, into any) (int, error) {
	endpoint, err := e.find()
	if err != nil {
		return 0, fmt.Errorf("find the emulator: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+path, nil)
	if err != nil {
		return 0, err
	}
	if region != "" {
		request.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=local/%s/%s/%s/aws4_request, SignedHeaders=host, Signature=local",
			time.Now().UTC().Format("20060102"), region, signedService))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, fmt.Errorf("ask the emulator: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusOK:
		return response.StatusCode, json.NewDecoder(response.Body).Decode(into)
	case http.StatusNotFound:
		return response.StatusCode, nil
	}
	return 0, fmt.Errorf("ask the emulator for %s: %s", path, response.Status)
}
