// Package main is the Lambda function that makes what is inside an OpenSearch domain, with whoever's role it runs under as
// the domain's master.
//
// Its input are searchindex.Settings as JSON, its answer says what was done. Its failure is OpenSearch's own words. The environment
// has OPENSEARCH_ENDPOINT (https:// and the domain's host), AWS_REGION and the role's credentials, which Lambda gives it.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/opensearch-project/opensearch-go/v4"
	"github.com/opensearch-project/opensearch-go/v4/signer/awsv2"

	"example.com/log-pipeline/internal/searchindex"
	"example.com/log-pipeline/internal/searchinside"
)

const (
	// service is what requests to a domain are signed for (docs.aws.amazon.com/opensearch-service/latest/developerguide/request-signing.html).
	service = "es"
	// connectTimeout and answerTimeout end a request that nobody answers, so that it is tried again. An answer may wait for
	// a new cluster state, which OpenSearch itself gives 30 seconds.
	connectTimeout, answerTimeout = 5 * time.Second, 40 * time.Second
	// farewell is what is left of the function's time for the answer to reach whoever called it.
	farewell = 5 * time.Second
)

func main() { lambda.Start(handler(http.DefaultTransport.(*http.Transport))) }

// handler works through a transport.
func handler(transport *http.Transport) func(context.Context, searchindex.Settings) (searchinside.Result, error) {
	transport = transport.Clone()
	transport.DialContext = (&net.Dialer{Timeout: connectTimeout}).DialContext
	transport.ResponseHeaderTimeout = answerTimeout
	return func(ctx context.Context, settings searchindex.Settings) (searchinside.Result, error) {
		client, err := newClient(os.Getenv("OPENSEARCH_ENDPOINT"), transport)
		if err != nil {
			return searchinside.Result{}, err
		}
		if end, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, end.Add(-farewell))
			defer cancel()
		}
		return searchinside.Apply(ctx, client, settings)
	}
}

// newClient signs with the function's own credentials. It tries nothing again: searchinside does.
func newClient(endpoint string, transport http.RoundTripper) (*opensearch.Client, error) {
	if at, err := url.Parse(endpoint); err != nil || at.Scheme != "https" || at.Host == "" || at.Path != "" {
		return nil, fmt.Errorf("OPENSEARCH_ENDPOINT: not allowed (given: %q); allowed: https:// and a host", endpoint)
	}
	region := os.Getenv("AWS_REGION")
	if region == "" {
		return nil, errors.New("AWS_REGION: not set, but required")
	}
	signer, err := awsv2.NewSignerWithService(aws.Config{
		Region: region,
		Credentials: credentials.NewStaticCredentialsProvider(
			os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN"),
		),
	}, service)
	if err != nil {
		return nil, fmt.Errorf("sign requests: %w", err)
	}
	return opensearch.NewClient(opensearch.Config{
		Addresses: []string{endpoint}, Signer: signer, Transport: transport, DisableRetry: true,
	})
}
