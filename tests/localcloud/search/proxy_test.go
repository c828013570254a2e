//go:build localcloud

package search

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/opensearch-project/opensearch-go/v4"
	"github.com/opensearch-project/opensearch-go/v4/signer/awsv2"
	"github.com/stretchr/testify/require"
)

// answer is what a proxy says in the domain's place. Without a status it lets the request pass.
type answer struct {
	status int
	body   string
}

// breaks are answers that never come: the connection ends, before the domain sees the request or after it has done what it asks for.
const (
	breaksBefore = -1
	breaksAfter  = -2
)

// proxy is between the function and the domain.
type proxy struct {
	client *opensearch.Client
	// answers says what becomes of a request, given how many there were before it.
	answers func(before int, request *http.Request) answer

	mutex  sync.Mutex
	all    int
	writes []string
}

// newProxy is one through which a role calls, with OpenSearch's own client as the function has it.
func newProxy(t testing.TB, role string, answers func(before int, request *http.Request) answer) *proxy {
	t.Helper()
	p := &proxy{answers: answers}
	listening := httptest.NewServer(p)
	t.Cleanup(listening.Close)
	signer, err := awsv2.NewSignerWithService(aws.Config{
		Region: region, Credentials: credentials.NewStaticCredentialsProvider(keyOf(role), "secret", "token"),
	}, "es")
	require.NoError(t, err)
	p.client, err = opensearch.NewClient(opensearch.Config{Addresses: []string{listening.URL}, Signer: signer, DisableRetry: true})
	require.NoError(t, err)
	return p
}

func (p *proxy) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	switch a := p.answer(request); a.status {
	case 0:
		domain.ServeHTTP(writer, request)
	case breaksAfter:
		domain.ServeHTTP(httptest.NewRecorder(), request)
		panic(http.ErrAbortHandler)
	case breaksBefore:
		panic(http.ErrAbortHandler)
	default:
		if strings.HasPrefix(a.body, "{") {
			writer.Header().Set("Content-Type", "application/json")
		}
		writer.WriteHeader(a.status)
		_, _ = io.WriteString(writer, a.body)
	}
}

func (p *proxy) answer(request *http.Request) answer {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	before := p.all
	p.all++
	if isWrite(request) {
		p.writes = append(p.writes, request.Method+" "+request.URL.Path)
	}
	return p.answers(before, request)
}

func isWrite(request *http.Request) bool {
	return request.Method != http.MethodGet && request.Method != http.MethodHead
}

// passes lets every request pass.
func passes(int, *http.Request) answer { return answer{} }
